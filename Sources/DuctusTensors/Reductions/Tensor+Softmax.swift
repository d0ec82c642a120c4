extension Tensor where Scalar: FloatingScalar {
    /// softmax(x)ᵢ = eˣⁱ / Σⱼ eˣʲ along `axis`: nonnegative numbers that sum to 1.
    ///
    /// ```swift
    /// ([0, 0] as Tensor<Float>).softmax()   // [0.5 0.5]
    /// ```
    public func softmax(axis: Int = -1) -> Tensor { alongLast(axis) { $0.rowSoftmax(logarithm: false) } }

    /// log softmax(x) along `axis`, without overflow or underflow.
    public func logSoftmax(axis: Int = -1) -> Tensor { alongLast(axis) { $0.rowSoftmax(logarithm: true) } }

    private func alongLast(_ axis: Int, _ body: (Tensor) -> Tensor) -> Tensor {
        if rank == 0 { return body(flattened(from: axis)).reshaped(to: []) }
        let axis = shape.axis(axis)
        return axis == rank - 1 ? body(self) : body(transposed(axis, -1)).transposed(axis, -1)
    }

    @_specialize(where Scalar == Float)
    private func rowSoftmax(logarithm: Bool) -> Tensor {
        let columns = shape[rank - 1]
        guard columns > 0 else { return self }
        let y = Tensor(shape: shape) { out in
            withUnsafeBuffer { x in
                parallelRanges(x.count / columns, grain: Swift.max(1, 8192 / columns)) { rows in
                    let start = rows.lowerBound * columns
                    Scalar.kernels.softmax(
                        rows.count, columns, logarithm, x.baseAddress! + start, out.baseAddress! + start)
                }
            }
        }
        return y.recorded(from: self) { gradient in
            Tensor(shape: y.shape) { out in
                y.withUnsafeBuffer { y in
                    gradient.withUnsafeBuffer { dy in
                        parallelRanges(y.count / columns, grain: Swift.max(1, 8192 / columns)) { rows in
                            let start = rows.lowerBound * columns
                            Scalar.kernels.softmax_gradient(
                                rows.count, columns, logarithm, y.baseAddress! + start, dy.baseAddress! + start,
                                out.baseAddress! + start)
                        }
                    }
                }
            }
        }
    }
}
