import CDuctusKernels

// As many groups as channels: vectors run over the channels.
extension GroupedConvolution {
    func depthwiseRows(
        _ x: Tensor<Scalar>, _ weight: Tensor<Scalar>, _ bias: Tensor<Scalar>?, _ activation: Activation,
        isAdjoint: Bool
    ) -> Tensor<Scalar> {
        let shape = isAdjoint ? whole.inputShape : whole.outputShape
        let (rows, work) = (shape[0] * shape[1], shape[2] * shape[3] * taps)
        return Tensor(shape: shape) { out in
            guard let y = out.baseAddress, out.count > 0 else { return }
            guard x.count > 0 else { return out.zero() }
            withPointers(to: x, weight) { x, w in
                withElements(of: bias) { bias in
                    parallelRanges(rows, grain: max(1, (1 << 18) / max(work, 1))) { range in
                        withUnsafePointer(to: window.kernelDescription) {
                            Scalar.kernels.depthwise(
                                $0, isAdjoint, x, w, bias, activation.kernel, range.lowerBound, range.upperBound, y)
                        }
                    }
                }
            }
        }
    }

    func depthwiseWeightGradient(_ x: Tensor<Scalar>, _ gradient: Tensor<Scalar>) -> Tensor<Scalar> {
        // Rows accumulate into a fixed, small number of parts, so that sums do not depend on the threads.
        let parts = max(1, min(8, whole.outputRows))
        let partial = Tensor<Scalar>(shape: [parts, taps, window.channels]) { out in
            out.zero()
            guard let dw = out.baseAddress, gradient.count > 0 else { return }
            withPointers(to: x, gradient) { x, dy in
                parallel(parts) { part in
                    withUnsafePointer(to: window.kernelDescription) {
                        Scalar.kernels.depthwise_weight_gradient(
                            $0, x, dy, whole.outputRows * part / parts, whole.outputRows * (part + 1) / parts,
                            dw + part * taps * window.channels)
                    }
                }
            }
        }
        return partial.sum(axes: [0])
    }
}
