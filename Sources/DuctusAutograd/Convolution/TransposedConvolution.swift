import CDuctusKernels

/// Transposed two-dimensional convolution, the adjoint of a convolution, with bias and activation: every input pixel
/// adds the kernel times its value to a patch of a larger output.
///
/// y[n, i·s + u − p, j·s + v − p, k] += Σ x[n, i, j, c] w[u, v, c, k], then activation(y + b)
///
/// Shapes: x `[batch, height, width, in]`, weight `[kernelHeight, kernelWidth, in, out]`, bias `[out]` →
/// `[batch, height′, width′, out]`, height′ = (height − 1) stride + kernelHeight − padding; with `.same` padding
/// height · stride.
public func transposedConvolution2D<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, weight: Tensor<Scalar>, bias: Tensor<Scalar>?, stride: IntPair = 1, padding: Padding = .valid,
    activation: Activation = .identity
) -> Tensor<Scalar> {
    transposedConvolution2D(
        x, weight: weight, bias: bias, stride: stride, padding: padding, activation: activation,
        packed: PackedWeights())
}

/// The same, with weights that may already be packed.
@_specialize(where Scalar == Float)
package func transposedConvolution2D<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, weight: Tensor<Scalar>, bias: Tensor<Scalar>?, stride: IntPair, padding: Padding,
    activation: Activation, packed: PackedWeights<Scalar>
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
    func inputs() -> [Tensor<Scalar>] { bias.map { [x, weight, $0] } ?? [x, weight] }
    return Tensor.operation(of: inputs(), convolution.window.attributes + activation.attributes) {
        let (plain, w) = (x.detached().dense(), weight.detached())
        let panels = packed(.panels) { convolution.pack(w) }
        let (needsInput, needsBias) = (x.isRecorded, bias?.isRecorded == true)
        let isRecorded = needsInput || needsBias || weight.isRecorded
        let (output, saved) = activation.applied(isRecorded: isRecorded) {
            convolution.forward(plain, panels, bias?.detached(), $0)
        }
        Observation.observer?.didMultiply(x.count * w.count / max(w.shape[2], 1))
        guard isRecorded else { return output }
        let hasBias = bias != nil
        return output.recorded(inputs: inputs()) { upstream in
            let (gradient, sums) = activation.gradient(upstream.dense(), saved: saved, summing: needsBias)
            let (dx, dWeight) = convolution.gradients(plain, w, gradient, needsInput: needsInput)
            return hasBias ? [dx, dWeight, sums] : [dx, dWeight]
        }
    }
}

/// The geometry of one transposed convolution, and its products.
private struct TransposedConvolution<Scalar: FloatingScalar> {
    let images: Int
    let inputs: Int
    /// The window of the adjoint convolution, from this one's output to its input.
    let window: Window

    init(images: Int, height: Int, width: Int, weight: Shape, stride: IntPair, padding: Padding) {
        let kernel = IntPair(weight[0], weight[1])
        Window.check(kernel: kernel, stride: stride, padding: padding, dilation: 1)
        let full = IntPair(
            (height - 1) * stride.height + kernel.height, (width - 1) * stride.width + kernel.width)
        let output =
            switch padding {
            case .valid: full
            case .same: IntPair(height * stride.height, width * stride.width)
            case .zeros(let vertical, let horizontal):
                IntPair(full.height - 2 * vertical, full.width - 2 * horizontal)
            }
        precondition(
            output.height > 0 && output.width > 0,
            "transposedConvolution2D: the padding crops all of the output for an input of \(height) × \(width) pixels.")
        (self.images, inputs) = (images, weight[2])
        window = Window(
            input: output, channels: weight[3], kernel: kernel, stride: stride, padding: padding, dilation: 1)
    }

    /// Elements in one row of a patch.
    private var run: Int { window.kernel.width * window.channels }
    private var image: Int { window.input.height * window.input.width * window.channels }

    /// The matrix `[in, kernelWidth · out]` of every kernel row, in panels.
    func pack(_ weight: Tensor<Scalar>) -> Tensor<Scalar> {
        let rows = (0..<window.kernel.height).map {
            weight.row($0).permuted([1, 0, 2]).reshaped(to: [inputs, run]).packedPanels()
        }
        return .concatenated(rows, axis: 0)
    }

    func forward(
        _ x: Tensor<Scalar>, _ panels: Tensor<Scalar>, _ bias: Tensor<Scalar>?, _ activation: Activation
    ) -> Tensor<Scalar> {
        Tensor(shape: [images, window.input.height, window.input.width, window.channels]) { out in
            guard out.count > 0, let y = out.baseAddress else { return }
            withPointers(to: x, panels) { x, panels in
                if window.kernel == window.stride && window.paddedInput == window.input {
                    writePatches(x, panels, bias, activation, y)
                } else {
                    out.zero()
                    parallel(images) { addPatches(of: $0, x, panels, bias, activation, y + $0 * image) }
                }
            }
        }
    }

    /// Patches that tile the output are computed in place.
    private func writePatches(
        _ x: UnsafePointer<Scalar>, _ panels: UnsafePointer<Scalar>, _ bias: Tensor<Scalar>?, _ activation: Activation,
        _ y: UnsafeMutablePointer<Scalar>
    ) {
        let (row, work) = (window.output.width * run, window.output.width * inputs * window.reduction)
        withElements(of: bias?.broadcast(to: [window.kernel.width, window.channels])) { bias in
            parallelRanges(images * window.output.height, grain: max(1, (1 << 20) / max(work, 1))) { rows in
                for r in rows {
                    makePatches(
                        r..<r + 1, x, panels, bias, activation, y + r * window.kernel.height * row, patch: run,
                        kernelRow: row)
                }
            }
        }
    }

    /// Patches that overlap or leave gaps are accumulated in a zeroed image.
    private func addPatches(
        of n: Int, _ x: UnsafePointer<Scalar>, _ panels: UnsafePointer<Scalar>, _ bias: Tensor<Scalar>?,
        _ activation: Activation, _ y: UnsafeMutablePointer<Scalar>
    ) {
        forEachTile(n * tilesPerImage..<(n + 1) * tilesPerImage) { n, rows, patches in
            let first = n * window.output.height
            makePatches(
                first + rows.lowerBound..<first + rows.upperBound, x, panels, nil, .identity, patches,
                patch: window.reduction, kernelRow: run)
            withUnsafePointer(to: window.kernelDescription) {
                Scalar.kernels.col2im($0, patches, rows.lowerBound, rows.upperBound, y)
            }
        }
        withElements(of: bias) {
            Scalar.kernels.bias_activation(image / window.channels, window.channels, $0, activation.kernel, y)
        }
    }

    /// Computes the patches of some rows of the batch: `patch` elements apart, with their rows `kernelRow` apart.
    private func makePatches(
        _ rows: Range<Int>, _ x: UnsafePointer<Scalar>, _ panels: UnsafePointer<Scalar>,
        _ bias: UnsafePointer<Scalar>?, _ activation: Activation, _ y: UnsafeMutablePointer<Scalar>, patch: Int,
        kernelRow: Int
    ) {
        let (kernels, start) = (Scalar.kernels, x + rows.lowerBound * window.output.width * inputs)
        let size = kernels.packed_count(inputs, run)
        for v in 0..<window.kernel.height {
            kernels.multiply(
                rows.count * window.output.width, inputs, run, start, inputs, panels + v * size, bias,
                activation.kernel, false, y + v * kernelRow, patch)
        }
    }

    /// The gradients of the input and of the weights.
    func gradients(
        _ x: Tensor<Scalar>, _ weight: Tensor<Scalar>, _ upstream: Tensor<Scalar>, needsInput: Bool
    ) -> (input: Tensor<Scalar>?, weight: Tensor<Scalar>) {
        let (width, height, depth) = (window.output.width, window.output.height, window.reduction)
        let panels = weight.permuted([0, 1, 3, 2]).reshaped(to: [depth, inputs]).packedPanels()
        // Tiles accumulate into a fixed, small number of groups, so that sums do not depend on the threads.
        let groups = min(8, images * tilesPerImage)
        let partial = Tensor<Scalar>.zeros([groups, inputs, depth])
        let dx = Tensor<Scalar>(shape: needsInput ? x.shape : [0]) { _ in }
        withPointers(to: x, panels, upstream, partial, dx) { x, panels, dy, partial, dx in
            parallel(groups) { group in
                let sum = UnsafeMutablePointer(mutating: partial) + group * inputs * depth
                let tiles = images * tilesPerImage
                forEachTile(tiles * group / groups..<tiles * (group + 1) / groups) { n, rows, patches in
                    let (pixels, start) = (rows.count * width, (n * height + rows.lowerBound) * width * inputs)
                    withUnsafePointer(to: window.kernelDescription) {
                        Scalar.kernels.im2col($0, dy + n * image, rows.lowerBound, rows.upperBound, patches)
                    }
                    Scalar.gemm(
                        true, false, inputs, depth, pixels, 1, x + start, inputs, patches, depth, 1, sum, depth)
                    guard needsInput else { return }
                    Scalar.kernels.multiply(
                        pixels, depth, inputs, patches, depth, panels, nil, DUCTUS_IDENTITY, false,
                        UnsafeMutablePointer(mutating: dx) + start, inputs)
                }
            }
        }
        let matrix: Shape = [inputs, window.kernel.height, window.kernel.width, window.channels]
        return (needsInput ? dx : nil, partial.sum(axes: [0]).reshaped(to: matrix).permuted([1, 2, 0, 3]))
    }

    // MARK: Tiles: rows of an image whose patches are computed together

    /// Rows per tile: their patches fill about 256 KiB, half of a typical L2 cache.
    private var tileRows: Int {
        let bytes = window.output.width * window.reduction * MemoryLayout<Scalar>.stride
        return min(window.output.height, max(1, (256 << 10) / max(bytes, 1)))
    }

    private var tilesPerImage: Int { (window.output.height + tileRows - 1) / tileRows }

    /// Calls `body` with image, rows and scratch memory for the patches of every tile, in order.
    private func forEachTile(
        _ tiles: Range<Int>, _ body: (Int, Range<Int>, UnsafeMutablePointer<Scalar>) -> Void
    ) {
        withPointers(to: Tensor<Scalar>.scratch(tileRows * window.output.width * window.reduction)) { patches in
            for tile in tiles {
                let first = tile % tilesPerImage * tileRows
                body(
                    tile / tilesPerImage, first..<min(first + tileRows, window.output.height),
                    UnsafeMutablePointer(mutating: patches))
            }
        }
    }
}
