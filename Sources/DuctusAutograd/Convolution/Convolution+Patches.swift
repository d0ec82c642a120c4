import CDuctusKernels

// GEMM over the patch matrix (im2col): each row is the receptive field of one output pixel.
extension Convolution {
    func patchOutput(
        _ x: Tensor<Scalar>, _ weight: Tensor<Scalar>, _ bias: Tensor<Scalar>?, _ activation: Activation
    ) -> Tensor<Scalar> {
        Tensor(shape: outputShape) { out in
            withElements(of: bias) { bias in
                weight.withUnsafeBuffer { w in
                    forEachPatchTile(of: x) { columns, rows, range in
                        let y = out.baseAddress! + range.lowerBound * outputs
                        Scalar.gemm(
                            false, false, rows, outputs, window.reduction, 1, columns, window.reduction,
                            w.baseAddress!, outputs, 0, y, outputs)
                        Scalar.kernels.bias_activation(rows, outputs, bias, activation.kernel, y)
                    }
                }
            }
        }
    }

    func patchWeightGradient(_ x: Tensor<Scalar>, _ gradient: Tensor<Scalar>) -> Tensor<Scalar> {
        // Tiles accumulate into a fixed, small number of groups, so that sums do not depend on the threads.
        let groups = min(8, patchTiles)
        let size = window.reduction * outputs
        let partial = Tensor<Scalar>(shape: [groups, window.reduction, outputs]) { out in
            out.zero()
            gradient.withUnsafeBuffer { dy in
                forEachPatchTile(of: x, groups: groups) { columns, rows, range in
                    Scalar.gemm(
                        true, false, window.reduction, outputs, rows, 1, columns, window.reduction,
                        dy.baseAddress! + range.lowerBound * outputs, outputs, 1,
                        out.baseAddress! + range.group * size, outputs)
                }
            }
        }
        return partial.sum(axes: [0])
    }

    /// The patch gradients by BLAS, scattered back with col2im; one task per image.
    func patchInputGradient(_ gradient: Tensor<Scalar>, _ weight: Tensor<Scalar>) -> Tensor<Scalar> {
        let image = window.input.height * window.input.width * window.channels
        let rowsPerTile = tileRows
        return Tensor(shape: inputShape) { out in
            out.zero()
            var description = window.kernelDescription
            withUnsafePointer(to: &description) { description in
                weight.withUnsafeBuffer { w in
                    gradient.withUnsafeBuffer { dy in
                        parallel(images) { n in
                            let columns = Tensor<Scalar>.scratch(rowsPerTile * window.output.width * window.reduction)
                            for first in Swift.stride(from: 0, to: window.output.height, by: rowsPerTile) {
                                let end = min(first + rowsPerTile, window.output.height)
                                let rows = (end - first) * window.output.width
                                let start = (n * window.output.height + first) * window.output.width * outputs
                                columns.withUnsafeBuffer { buffer in
                                    let patches = UnsafeMutablePointer(mutating: buffer.baseAddress!)
                                    Scalar.gemm(
                                        false, true, rows, window.reduction, outputs, 1, dy.baseAddress! + start,
                                        outputs, w.baseAddress!, outputs, 0, patches, window.reduction)
                                    Scalar.kernels.col2im(
                                        description, patches, first, end, out.baseAddress! + n * image)
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    // MARK: Tiles of the patch matrix

    /// Output rows per tile: their patches fill about 256 KiB, half of a typical L2 cache.
    private var tileRows: Int {
        let bytes = window.output.width * window.reduction * MemoryLayout<Scalar>.stride
        return min(window.output.height, max(1, (256 << 10) / max(bytes, 1)))
    }

    private var patchTiles: Int { images * ((window.output.height + tileRows - 1) / tileRows) }

    /// The first output pixel of a tile, and the group that it belongs to.
    private struct TileRange {
        let lowerBound: Int
        let group: Int
    }

    /// Calls `body` with the patches of every tile; the tiles of one group run in order.
    private func forEachPatchTile(
        of x: Tensor<Scalar>, groups: Int? = nil, _ body: (UnsafePointer<Scalar>, Int, TileRange) -> Void
    ) {
        let perImage = (window.output.height + tileRows - 1) / tileRows
        let tiles = images * perImage
        let groups = groups ?? tiles
        let image = window.input.height * window.input.width * window.channels
        var description = window.kernelDescription
        withUnsafePointer(to: &description) { description in
            x.withUnsafeBuffer { x in
                parallel(groups) { group in
                    let scratch = Tensor<Scalar>.scratch(tileRows * window.output.width * window.reduction)
                    for tile in tiles * group / groups..<tiles * (group + 1) / groups {
                        let (n, first) = (tile / perImage, tile % perImage * tileRows)
                        let end = min(first + tileRows, window.output.height)
                        let start = (n * window.output.height + first) * window.output.width
                        scratch.withUnsafeBuffer { buffer in
                            let columns = UnsafeMutablePointer(mutating: buffer.baseAddress!)
                            Scalar.kernels.im2col(description, x.baseAddress! + n * image, first, end, columns)
                            body(
                                columns, (end - first) * window.output.width,
                                TileRange(lowerBound: start, group: group))
                        }
                    }
                }
            }
        }
    }
}
