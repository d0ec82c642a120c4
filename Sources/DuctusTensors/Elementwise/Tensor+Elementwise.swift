import CDuctusKernels

/// Elements per task of an elementwise operation; fixed, so that results do not depend on the number of threads.
private let elementGrain = 1 << 15

extension Tensor where Scalar: FloatingScalar {
    /// Applies a kernel to every element. The result is not recorded.
    @_specialize(where Scalar == Float)
    func mapped(_ operation: ductus_unary) -> Tensor {
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
        return combined(stretched(to: target), other.stretched(to: target), operation)
    }

    /// Applies a kernel to pairs of elements of two views of the same shape.
    private func combined(_ a: Tensor, _ b: Tensor, _ operation: ductus_binary) -> Tensor {
        let joint = JointRows(a.shape, [a.strides, b.strides])
        return Tensor(shape: a.shape) { out in
            withExtendedLifetime((a.storage, b.storage)) {
                joint.parallelForEach(grain: elementGrain) { block in
                    Scalar.kernels.binary_rows(
                        operation, block.rows, block.columns, a.base + block.offsets[0], joint.rowSteps[0],
                        joint.columnSteps[0], b.base + block.offsets[1], joint.rowSteps[1], joint.columnSteps[1],
                        out.baseAddress! + block.start)
                }
            }
        }
    }
}
