import CDuctusKernels

/// Elements handed to one task of an elementwise operation; fixed, so that results do not depend on the threads.
private let elementGrain = 1 << 15

extension Tensor where Scalar: FloatingScalar {
    @_specialize(where Scalar == Float)
    private func mapped(_ operation: ductus_unary) -> Tensor {
        Tensor(shape: shape) { out in
            let streams = exceedsCaches
            withUnsafeBuffer { input in
                parallelRanges(input.count, grain: elementGrain) { range in
                    Scalar.kernels.unary(
                        operation, range.count, input.baseAddress! + range.lowerBound,
                        out.baseAddress! + range.lowerBound, streams)
                }
            }
        }
    }

    /// eˣ
    public func exp() -> Tensor {
        let y = mapped(DUCTUS_EXP)
        return y.recorded(from: self) { $0 * y }
    }

    /// The natural logarithm.
    public func log() -> Tensor {
        let x = detached()
        return mapped(DUCTUS_LOG).recorded(from: self) { $0 / x }
    }

    /// The hyperbolic tangent.
    public func tanh() -> Tensor {
        let y = mapped(DUCTUS_TANH)
        return y.recorded(from: self) { $0.combined(y, DUCTUS_TANH_GRADIENT) }
    }

    /// 1 / (1 + e⁻ˣ)
    public func sigmoid() -> Tensor {
        let y = mapped(DUCTUS_SIGMOID)
        return y.recorded(from: self) { $0.combined(y, DUCTUS_SIGMOID_GRADIENT) }
    }

    /// max(x, 0)
    public func relu() -> Tensor {
        let y = mapped(DUCTUS_RELU)
        return y.recorded(from: self) { $0.combined(y, DUCTUS_RELU_GRADIENT) }
    }

    /// x Φ(x), Φ the distribution function of the standard normal distribution: the Gaussian error linear unit
    /// (Hendrycks and Gimpel 2016), exact rather than by tanh.
    public func gelu() -> Tensor {
        let x = detached()
        return mapped(DUCTUS_GELU).recorded(from: self) { $0.combined(x, DUCTUS_GELU_GRADIENT) }
    }

    /// √x
    public func squareRoot() -> Tensor {
        let y = mapped(DUCTUS_SQRT)
        return y.recorded(from: self) { $0 / y * 0.5 }
    }

    /// x²
    public func squared() -> Tensor {
        let x = detached()
        return mapped(DUCTUS_SQUARE).recorded(from: self) { $0 * x * 2 }
    }

    /// |x|; the derivative at 0 is 0.
    public func magnitude() -> Tensor {
        let x = detached()
        return mapped(DUCTUS_ABSOLUTE).recorded(from: self) { $0.combined(x, DUCTUS_ABSOLUTE_GRADIENT) }
    }

    public static prefix func - (x: Tensor) -> Tensor { x.mapped(DUCTUS_NEGATE).recorded(from: x) { -$0 } }
}

// MARK: - Arithmetic with broadcasting

extension Tensor where Scalar: FloatingScalar {
    @_specialize(where Scalar == Float)
    public static func + (a: Tensor, b: Tensor) -> Tensor {
        let (m, n) = (a.shape, b.shape)
        return a.combined(b, DUCTUS_ADD).recorded(inputs: [a, b]) {
            [$0.unbroadcast(to: m), $0.unbroadcast(to: n)]
        }
    }

    @_specialize(where Scalar == Float)
    public static func - (a: Tensor, b: Tensor) -> Tensor {
        let (m, n) = (a.shape, b.shape)
        return a.combined(b, DUCTUS_SUBTRACT).recorded(inputs: [a, b]) {
            [$0.unbroadcast(to: m), b.isRecorded ? -$0.unbroadcast(to: n) : nil]
        }
    }

    @_specialize(where Scalar == Float)
    public static func * (a: Tensor, b: Tensor) -> Tensor {
        let (x, y) = (a.detached(), b.detached())
        let (needsA, needsB) = (a.isRecorded, b.isRecorded)
        return x.combined(y, DUCTUS_MULTIPLY).recorded(inputs: [a, b]) {
            [needsA ? ($0 * y).unbroadcast(to: x.shape) : nil, needsB ? ($0 * x).unbroadcast(to: y.shape) : nil]
        }
    }

    @_specialize(where Scalar == Float)
    public static func / (a: Tensor, b: Tensor) -> Tensor {
        let divisor = b.detached()
        let quotient = a.combined(b, DUCTUS_DIVIDE)
        let (shape, needsB) = (a.shape, b.isRecorded)
        return quotient.recorded(inputs: [a, b]) {
            let scaled = $0 / divisor
            return [
                scaled.unbroadcast(to: shape), needsB ? -(scaled * quotient).unbroadcast(to: divisor.shape) : nil,
            ]
        }
    }

    @_disfavoredOverload
    public static func + (a: Tensor, b: Scalar) -> Tensor { a + Tensor(b) }
    @_disfavoredOverload
    public static func - (a: Tensor, b: Scalar) -> Tensor { a - Tensor(b) }
    @_disfavoredOverload
    public static func * (a: Tensor, b: Scalar) -> Tensor { a * Tensor(b) }
    @_disfavoredOverload
    public static func / (a: Tensor, b: Scalar) -> Tensor { a / Tensor(b) }
    @_disfavoredOverload
    public static func + (a: Scalar, b: Tensor) -> Tensor { Tensor(a) + b }
    @_disfavoredOverload
    public static func - (a: Scalar, b: Tensor) -> Tensor { Tensor(a) - b }
    @_disfavoredOverload
    public static func * (a: Scalar, b: Tensor) -> Tensor { Tensor(a) * b }
    @_disfavoredOverload
    public static func / (a: Scalar, b: Tensor) -> Tensor { Tensor(a) / b }

    public static func += (a: inout Tensor, b: Tensor) {
        guard !a.isRecorded, !b.isRecorded, a.shape == b.shape else {
            a = a + b
            return
        }
        b.withUnsafeBuffer { more in
            a.withUnsafeMutableBuffer { sum in
                parallelRanges(sum.count, grain: elementGrain) { range in
                    Scalar.kernels.axpby(
                        range.count, 1, more.baseAddress! + range.lowerBound, 1, sum.baseAddress! + range.lowerBound)
                }
            }
        }
    }

    /// The larger of two elements, one by one. Not differentiable.
    public static func maximum(_ a: Tensor, _ b: Tensor) -> Tensor {
        precondition(!a.isRecorded && !b.isRecorded, "maximum has no gradient.")
        return a.combined(b, DUCTUS_MAXIMUM)
    }

    /// The smaller of two elements, one by one. Not differentiable.
    public static func minimum(_ a: Tensor, _ b: Tensor) -> Tensor {
        precondition(!a.isRecorded && !b.isRecorded, "minimum has no gradient.")
        return a.combined(b, DUCTUS_MINIMUM)
    }

    /// Applies a kernel to pairs of elements, broadcasting. The result is not recorded.
    @_specialize(where Scalar == Float)
    package func combined(_ other: Tensor, _ operation: ductus_binary) -> Tensor {
        if shape == other.shape || other.count == 1 && other.rank <= rank {
            return Tensor(shape: shape) { out in
                let streams = exceedsCaches
                withUnsafeBuffer { a in
                    other.withUnsafeBuffer { b in
                        let step = b.count == a.count ? 1 : 0
                        parallelRanges(a.count, grain: elementGrain) { range in
                            Scalar.kernels.binary(
                                operation, range.count, a.baseAddress! + range.lowerBound, 1,
                                b.baseAddress! + range.lowerBound * step, step,
                                out.baseAddress! + range.lowerBound, streams)
                        }
                    }
                }
            }
        }
        let target = Shape.broadcast(shape, other.shape)
        return combined(broadcast(to: target), other.broadcast(to: target), operation)
    }

    /// Applies a kernel to pairs of elements of two views of the same shape.
    private func combined(_ a: Tensor, _ b: Tensor, _ operation: ductus_binary) -> Tensor {
        var axes: [(extent: Int, a: Int, b: Int)] = []  // the innermost first
        for axis in a.shape.indices.reversed() where a.shape[axis] != 1 {
            let next = (extent: a.shape[axis], a: a.strides[axis], b: b.strides[axis])
            // Two axes that both tensors step through evenly are one.
            if let inner = axes.last, next.a == inner.a * inner.extent, next.b == inner.b * inner.extent {
                axes[axes.count - 1].extent *= next.extent
            } else {
                axes.append(next)
            }
        }
        while axes.count < 2 { axes.append((1, 0, 0)) }
        let (columns, rows) = (axes[0], axes[1])
        return Tensor(shape: a.shape) { out in
            guard out.count > 0 else { return }
            withExtendedLifetime((a.storage, b.storage)) {
                parallelRanges(out.count / columns.extent, grain: Swift.max(1, elementGrain / columns.extent)) {
                    range in
                    var row = range.lowerBound
                    while row < range.upperBound {
                        var (rest, first) = row.quotientAndRemainder(dividingBy: rows.extent)
                        let count = Swift.min(rows.extent - first, range.upperBound - row)
                        var (offsetA, offsetB) = (first * rows.a, first * rows.b)
                        for axis in axes[2...] {
                            (rest, first) = rest.quotientAndRemainder(dividingBy: axis.extent)
                            offsetA += first * axis.a
                            offsetB += first * axis.b
                        }
                        Scalar.kernels.binary_rows(
                            operation, count, columns.extent, a.base + offsetA, rows.a, columns.a, b.base + offsetB,
                            rows.b, columns.b, out.baseAddress! + row * columns.extent)
                        row += count
                    }
                }
            }
        }
    }
}
