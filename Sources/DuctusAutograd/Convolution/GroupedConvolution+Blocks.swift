import CDuctusKernels

// An implicit matrix product over some of the channels of each pixel.
extension GroupedConvolution {
    /// Adjacent groups are computed together, with zeros for the weights between them, until their outputs fill a vector.
    private var groupsPerBlock: Int {
        var count = 1
        while count * outputs * MemoryLayout<Scalar>.stride < 32, groups.isMultiple(of: 2 * count) { count *= 2 }
        return count
    }

    /// One block as a convolution that reads and writes some of the channels.
    private var block: Convolution<Scalar> {
        var window = window
        window.channels = inputs * groupsPerBlock
        return Convolution(window: window, images: whole.images, outputs: outputs * groupsPerBlock)
    }

    /// The matrix `[reduction, outputs]` of every block, `[blocks, …]`, from weights `[taps, in / groups, out]`.
    func blockMatrices(_ weight: Tensor<Scalar>) -> Tensor<Scalar> {
        let (merged, block) = (groupsPerBlock, block)
        let size = block.window.reduction * block.outputs
        return Tensor(shape: [groups / merged, block.window.reduction, block.outputs]) { out in
            out.zero()
            weight.withUnsafeBuffer { w in
                forEachRow(merged) { row, place in
                    let to = out.baseAddress! + place.block * size + place.offset
                    to.update(from: w.baseAddress! + row, count: outputs)
                }
            }
        }
    }

    /// The weights `[taps · in / groups, out]` from the matrices of blocks: what lies on their diagonals.
    private func weights(of matrices: Tensor<Scalar>) -> Tensor<Scalar> {
        let (merged, block) = (groupsPerBlock, block)
        let size = block.window.reduction * block.outputs
        return Tensor(shape: [taps * inputs, whole.outputs]) { out in
            matrices.withUnsafeBuffer { m in
                forEachRow(merged) { row, place in
                    (out.baseAddress! + row).update(
                        from: m.baseAddress! + place.block * size + place.offset, count: outputs)
                }
            }
        }
    }

    /// Calls `body` with the start of every run of weights that belong to one group, tap and input, and its place in the
    /// matrix of its block.
    private func forEachRow(_ merged: Int, _ body: (Int, (block: Int, offset: Int)) -> Void) {
        for tap in 0..<taps {
            for input in 0..<inputs {
                for group in 0..<groups {
                    let (block, member) = group.quotientAndRemainder(dividingBy: merged)
                    let row = (tap * merged + member) * inputs + input
                    body(
                        (tap * inputs + input) * whole.outputs + group * outputs,
                        (block, row * outputs * merged + member * outputs))
                }
            }
        }
    }

    func panels(_ weight: Tensor<Scalar>) -> Tensor<Scalar> {
        let matrices = blockMatrices(weight)
        return .concatenated((0..<matrices.shape[0]).map { matrices.row($0).packedPanels() }, axis: 0)
    }

    func blockOutput(
        _ x: Tensor<Scalar>, _ panels: Tensor<Scalar>, _ bias: Tensor<Scalar>?, _ activation: Activation
    ) -> Tensor<Scalar> {
        let (block, blocks) = (block, groups / groupsPerBlock)
        let padded = x.zeroPadded(window.top, window.bottom, window.left, window.right)
        let panel = Scalar.kernels.packed_count(block.window.reduction, block.outputs)
        let work = window.output.width * block.window.reduction * whole.outputs
        return Tensor(shape: whole.outputShape) { out in
            guard let y = out.baseAddress, out.count > 0 else { return }
            block.withDescription(channels: window.channels, outputs: whole.outputs) { description in
                withPointers(to: padded, panels) { x, w in
                    withElements(of: bias) { bias in
                        parallelRanges(whole.outputRows, grain: max(1, (1 << 20) / max(work, 1))) { rows in
                            for b in 0..<blocks {
                                Scalar.kernels.convolve(
                                    description, x + b * block.window.channels, w + b * panel,
                                    bias.map { $0 + b * block.outputs }, activation.kernel, rows.lowerBound,
                                    rows.upperBound, y + b * block.outputs)
                            }
                        }
                    }
                }
            }
        }
    }

    func blockWeightGradient(_ x: Tensor<Scalar>, _ gradient: Tensor<Scalar>) -> Tensor<Scalar> {
        let (block, blocks) = (block, groups / groupsPerBlock)
        let padded = x.zeroPadded(window.top, window.bottom, window.left, window.right)
        let size = block.window.reduction * block.outputs
        let matrices = Tensor<Scalar>(shape: [blocks, block.window.reduction, block.outputs]) { out in
            out.zero()
            guard let dw = out.baseAddress, gradient.count > 0 else { return }
            block.withDescription(channels: window.channels, outputs: whole.outputs) { description in
                withPointers(to: padded, gradient) { x, dy in
                    // Threads divide the blocks and their rows, so that no sum is split.
                    let (rows, parts) = (block.window.reduction, max(1, 4 / blocks))
                    parallel(blocks * parts) { task in
                        let (b, part) = task.quotientAndRemainder(dividingBy: parts)
                        Scalar.kernels.convolve_weight_gradient(
                            description, whole.images, x + b * block.window.channels, dy + b * block.outputs,
                            rows * part / parts, rows * (part + 1) / parts, dw + b * size)
                    }
                }
            }
        }
        return weights(of: matrices)
    }
}
