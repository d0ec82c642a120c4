import CDuctusKernels

// Winograd's minimal filtering F(4 × 4, 3 × 3), on tiles of 4 × 4 output pixels (Lavin and Gray 2015).
extension Convolution {
    struct WinogradTiles {
        /// Per phase of the dilation.
        let rows: Int, columns: Int
        let perImage: Int
    }

    var winogradTiles: WinogradTiles {
        func tiles(_ size: Int, _ dilation: Int) -> Int { ((size + dilation - 1) / dilation + 3) / 4 }
        let rows = tiles(window.output.height, window.dilation.height)
        let columns = tiles(window.output.width, window.dilation.width)
        return WinogradTiles(
            rows: rows, columns: columns, perImage: rows * columns * window.dilation.height * window.dilation.width)
    }

    private var winogradTileCount: Int { images * winogradTiles.perImage }

    private func withWinogradDescription(_ body: (UnsafePointer<ductus_winograd>) -> Void) {
        let tiles = winogradTiles
        var description = ductus_winograd(
            in_height: window.input.height, in_width: window.input.width, channels: window.channels,
            out_height: window.output.height, out_width: window.output.width, out_channels: outputs,
            padding_top: window.top, padding_left: window.left, dilation_height: window.dilation.height,
            dilation_width: window.dilation.width, tile_rows: tiles.rows, tile_columns: tiles.columns)
        body(&description)
    }

    /// The transformed filters: one packed matrix for each of the 36 products.
    func winogradFilters(_ weight: Tensor<Scalar>) -> Tensor<Scalar> {
        Tensor(shape: [36, window.channels, outputs]) { out in
            weight.withUnsafeBuffer { w in
                parallelRanges(window.channels, grain: max(1, (1 << 14) / outputs)) { channels in
                    Scalar.kernels.winograd_filters(
                        window.channels, outputs, channels.lowerBound, channels.upperBound, w.baseAddress!,
                        out.baseAddress!)
                }
            }
        }
    }

    func winogradOutput(
        _ x: Tensor<Scalar>, _ filters: Tensor<Scalar>, _ bias: Tensor<Scalar>?, _ activation: Activation
    ) -> Tensor<Scalar> {
        // About 48 tiles fit in the L2 cache; the number of blocks is a multiple of the threads.
        let blocks = max(1, (winogradTileCount + 47) / 48).roundedUp(toMultipleOf: Threads.count)
        let block = ((winogradTileCount + blocks - 1) / blocks).roundedUp(toMultipleOf: 6)
        return Tensor(shape: outputShape) { out in
            withWinogradDescription { description in
                withElements(of: bias) { bias in
                    x.withUnsafeBuffer { x in
                        filters.withUnsafeBuffer { filters in
                            parallelRanges(winogradTileCount, grain: block) { tiles in
                                let workspace = Tensor<Scalar>.scratch(
                                    Scalar.kernels.winograd_workspace(description, tiles.count))
                                workspace.withUnsafeBuffer { workspace in
                                    Scalar.kernels.winograd(
                                        description, x.baseAddress!, filters.baseAddress!, bias, activation.kernel,
                                        tiles.lowerBound, tiles.upperBound,
                                        UnsafeMutablePointer(mutating: workspace.baseAddress!), out.baseAddress!)
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    func winogradWeightGradient(_ x: Tensor<Scalar>, _ gradient: Tensor<Scalar>) -> Tensor<Scalar> {
        // Tasks divide the input channels if there are many, else the tiles; no sum is split between tasks.
        let parts = window.channels % 128 == 0 ? window.channels / 64 : 1
        let groups = max(1, min(winogradTileCount / 48, 4 / parts))
        let size = 36 * window.channels * outputs
        let partial = Tensor<Scalar>(shape: [groups, 36, window.channels, outputs]) { out in
            out.zero()
            withWinogradDescription { description in
                x.withUnsafeBuffer { x in
                    gradient.withUnsafeBuffer { dy in
                        parallel(groups * parts) { task in
                            let (group, part) = (task / parts, task % parts)
                            let workspace = Tensor<Scalar>.scratch(Scalar.kernels.winograd_workspace(description, 48))
                            workspace.withUnsafeBuffer { workspace in
                                let end = winogradTileCount * (group + 1) / groups
                                for first in Swift.stride(
                                    from: winogradTileCount * group / groups, to: end, by: 48)
                                {
                                    Scalar.kernels.winograd_gradient(
                                        description, x.baseAddress!, dy.baseAddress!, first, min(first + 48, end),
                                        window.channels * part / parts, window.channels * (part + 1) / parts,
                                        UnsafeMutablePointer(mutating: workspace.baseAddress!),
                                        out.baseAddress! + group * size)
                                }
                            }
                        }
                    }
                }
            }
        }
        let total = groups == 1 ? partial : partial.sum(axes: [0])
        return Tensor(shape: [window.reduction, outputs]) { out in
            total.withUnsafeBuffer { total in
                parallelRanges(window.channels, grain: max(1, (1 << 14) / outputs)) { channels in
                    Scalar.kernels.winograd_filter_gradient(
                        window.channels, outputs, channels.lowerBound, channels.upperBound, total.baseAddress!,
                        out.baseAddress!)
                }
            }
        }
    }
}

extension Int {
    func roundedUp(toMultipleOf step: Int) -> Int { (self + step - 1) / step * step }
}
