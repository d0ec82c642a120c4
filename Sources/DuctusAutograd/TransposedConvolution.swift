import CDuctusKernels

/// Transposed two-dimensional convolution, the adjoint of a convolution: every pixel of the input adds a patch, the
/// kernel times its value, to a larger output. Bias and activation are part of the operation.
///
/// y[n, i·s + u − p, j·s + v − p, k] += Σ x[n, i, j, c] w[u, v, c, k], then activation(y + b)
///
/// Shapes: x `[batch, height, width, in]`, weight `[kernelHeight, kernelWidth, in, out]`, bias `[out]` →
/// `[batch, height′, width′, out]`, height′ = (height − 1) stride + kernelHeight − padding; with `.same` padding
/// height · stride.
public func transposedConvolution2D<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, weight: Tensor<Scalar>, bias: Tensor<Scalar>?, stride: Extent = 1, padding: Padding = .valid,
    activation: Activation = .identity
) -> Tensor<Scalar> {
    precondition(
        x.rank == 4 && weight.rank == 4 && x.shape[3] == weight.shape[2],
        "transposedConvolution2D: input is \(x.shape), weight \(weight.shape); they must be "
            + "[batch, height, width, in] and [kernelHeight, kernelWidth, in, out].")
    precondition(
        bias == nil || bias?.shape == [weight.shape[3]],
        "transposedConvolution2D: bias is \(bias?.shape ?? []); it must be \([weight.shape[3]] as Shape).")
    let convolution = TransposedConvolution<Scalar>(
        images: x.shape[0], height: x.shape[1], width: x.shape[2], weight: weight.shape, stride: stride,
        padding: padding)
    let plain = x.detached().dense()
    // [in, kernelHeight · kernelWidth · out]: one product makes a patch of every pixel.
    let matrix = weight.detached().permuted([2, 0, 1, 3]).dense()
    let output = convolution.forward(plain, matrix, bias?.detached(), activation)
    let (needsInput, needsBias) = (x.isRecorded, bias?.isRecorded == true)
    return output.recorded(inputs: bias.map { [x, weight, $0] } ?? [x, weight]) { upstream in
        let (gradient, sums) = activation.gradient(upstream.dense(), output: output, summing: needsBias)
        let (dx, dMatrix) = convolution.gradients(plain, matrix, gradient, needsInput: needsInput)
        return [dx, dMatrix.reshaped(to: matrix.shape).permuted([1, 2, 0, 3]), sums]
    }
}

/// One transposed convolution's geometry and its products.
private struct TransposedConvolution<Scalar: FloatingScalar> {
    let images: Int
    let inputs: Int
    /// Of the convolution whose adjoint this is: from our output to our input.
    let window: Window

    init(images: Int, height: Int, width: Int, weight: Shape, stride: Extent, padding: Padding) {
        let kernel = Extent(weight[0], weight[1])
        func extent(_ positions: Int, _ kernel: Int, _ stride: Int, _ padding: Int) -> Int {
            (positions - 1) * stride + kernel - 2 * padding
        }
        let full = Extent(extent(height, kernel.height, stride.height, 0), extent(width, kernel.width, stride.width, 0))
        let output =
            switch padding {
            case .valid: full
            case .same: Extent(height * stride.height, width * stride.width)
            case .zeros(let vertical, let horizontal):
                Extent(full.height - 2 * vertical, full.width - 2 * horizontal)
            }
        precondition(
            output.height > 0 && output.width > 0,
            "transposedConvolution2D: an input of \(height) × \(width) pixels leaves no output inside the padding.")
        (self.images, inputs) = (images, weight[2])
        window = Window(
            input: output, channels: weight[3], kernel: kernel, stride: stride, padding: padding, dilation: 1)
    }

    /// Whether patches lie side by side and fill the output.
    private var isTiling: Bool { window.kernel == window.stride && window.paddedInput == window.input }
    private var outputShape: Shape { [images, window.input.height, window.input.width, window.channels] }

    func forward(
        _ x: Tensor<Scalar>, _ matrix: Tensor<Scalar>, _ bias: Tensor<Scalar>?, _ activation: Activation
    ) -> Tensor<Scalar> {
        isTiling ? tiled(x, matrix, bias, activation) : scattered(x, matrix, bias, activation)
    }

    /// A kernel row of all patches of an input row is one output row: products write the output in place.
    private func tiled(
        _ x: Tensor<Scalar>, _ matrix: Tensor<Scalar>, _ bias: Tensor<Scalar>?, _ activation: Activation
    ) -> Tensor<Scalar> {
        let (height, run) = (window.kernel.height, window.kernel.width * window.channels)
        let count = Scalar.kernels.packed_count(inputs, run)
        let panels = Tensor<Scalar>(shape: [height, count]) { out in
            withPointers(to: matrix) { matrix in
                for u in 0..<height {
                    Scalar.kernels.pack(
                        inputs, run, matrix + u * run, window.reduction, 1, out.baseAddress! + u * count)
                }
            }
        }
        let repeated = bias.map { $0.broadcast(to: [window.kernel.width, window.channels]).dense() }
        let (width, rows) = (window.output.width, images * window.output.height)
        let work = width * inputs * window.reduction
        return Tensor(shape: outputShape) { out in
            withPointers(to: x, panels) { x, panels in
                withElements(of: repeated) { bias in
                    parallelRanges(rows, grain: max(1, (1 << 20) / max(work, 1))) { range in
                        for row in range {
                            for u in 0..<height {
                                Scalar.kernels.multiply(
                                    width, inputs, run, x + row * width * inputs, inputs, panels + u * count, bias,
                                    activation.kernel, false, out.baseAddress! + (row * height + u) * width * run, run)
                            }
                        }
                    }
                }
            }
        }
    }

    /// Patches by BLAS, added to where they belong; one task an image.
    private func scattered(
        _ x: Tensor<Scalar>, _ matrix: Tensor<Scalar>, _ bias: Tensor<Scalar>?, _ activation: Activation
    ) -> Tensor<Scalar> {
        let image = window.input.height * window.input.width * window.channels
        return Tensor(shape: outputShape) { out in
            guard out.count > 0 else { return }
            out.zero()
            withPointers(to: x, matrix) { x, matrix in
                withElements(of: bias) { bias in
                    forEachTile(groups: images) { tile, patches in
                        Scalar.gemm(
                            false, false, tile.pixels.count, window.reduction, inputs, 1,
                            x + tile.pixels.lowerBound * inputs, inputs, matrix, window.reduction, 0, patches,
                            window.reduction)
                        withUnsafePointer(to: window.kernelDescription) {
                            Scalar.kernels.col2im(
                                $0, patches, tile.rows.lowerBound, tile.rows.upperBound,
                                out.baseAddress! + tile.image * image)
                        }
                    }
                    parallel(images) {
                        Scalar.kernels.bias_activation(
                            image / window.channels, window.channels, bias, activation.kernel,
                            out.baseAddress! + $0 * image)
                    }
                }
            }
        }
    }

    /// The gradients of the input and of the weight matrix.
    func gradients(
        _ x: Tensor<Scalar>, _ matrix: Tensor<Scalar>, _ upstream: Tensor<Scalar>, needsInput: Bool
    ) -> (input: Tensor<Scalar>?, matrix: Tensor<Scalar>) {
        let image = window.input.height * window.input.width * window.channels
        // Every tile adds to the sum of its group; groups are few and fixed.
        let groups = min(8, tiles)
        let partial = Tensor<Scalar>.zeros([groups, inputs, window.reduction])
        let dx = needsInput ? Tensor<Scalar>(shape: x.shape) { _ in } : nil
        withPointers(to: x, matrix, upstream, partial) { x, matrix, dy, partial in
            withElements(of: dx) { dx in
                forEachTile(groups: groups) { tile, patches in
                    let (n, start) = (tile.pixels.count, tile.pixels.lowerBound * inputs)
                    withUnsafePointer(to: window.kernelDescription) {
                        Scalar.kernels.im2col(
                            $0, dy + tile.image * image, tile.rows.lowerBound, tile.rows.upperBound, patches)
                    }
                    Scalar.gemm(
                        true, false, inputs, window.reduction, n, 1, x + start, inputs, patches, window.reduction, 1,
                        UnsafeMutablePointer(mutating: partial) + tile.group * inputs * window.reduction,
                        window.reduction)
                    guard let dx else { return }
                    Scalar.gemm(
                        false, true, n, inputs, window.reduction, 1, patches, window.reduction, matrix,
                        window.reduction, 0, UnsafeMutablePointer(mutating: dx) + start, inputs)
                }
            }
        }
        return (dx, partial.sum(axes: [0]))
    }

    // MARK: Tiles

    /// Rows of one image whose patches are made together.
    private struct Tile {
        let image: Int
        let rows: Range<Int>
        /// Of the whole batch.
        let pixels: Range<Int>
        let group: Int
    }

    /// Rows whose patches fill about 256 KiB, half of a typical second-level cache.
    private var tileRows: Int {
        let bytes = window.output.width * window.reduction * MemoryLayout<Scalar>.stride
        return min(window.output.height, max(1, (256 << 10) / max(bytes, 1)))
    }

    private var tilesPerImage: Int { (window.output.height + tileRows - 1) / tileRows }
    private var tiles: Int { images * tilesPerImage }

    /// Calls `body` for every tile with room for its patches; tiles of one group one after the other.
    private func forEachTile(groups: Int, _ body: (Tile, UnsafeMutablePointer<Scalar>) -> Void) {
        let (width, height) = (window.output.width, window.output.height)
        parallel(groups) { group in
            let patches = Tensor<Scalar>.scratch(tileRows * width * window.reduction)
            withPointers(to: patches) { patches in
                for number in tiles * group / groups..<tiles * (group + 1) / groups {
                    let (image, first) = (number / tilesPerImage, number % tilesPerImage * tileRows)
                    let rows = first..<min(first + tileRows, height)
                    let start = image * height
                    let pixels = (start + rows.lowerBound) * width..<(start + rows.upperBound) * width
                    body(
                        Tile(image: image, rows: rows, pixels: pixels, group: group),
                        UnsafeMutablePointer(mutating: patches))
                }
            }
        }
    }
}
