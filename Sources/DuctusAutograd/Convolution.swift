import CDuctusKernels

/// How a convolution is computed. All give the same result up to rounding.
package enum ConvolutionAlgorithm: Sendable, CaseIterable {
    /// A 1 × 1 kernel is one matrix product.
    case pointwise
    /// Tiles of the patch matrix (im2col), each multiplied by BLAS.
    case im2col
    /// An implicit matrix product that reads pixels where they lie.
    case direct

    /// For tests: the algorithm to use wherever it can be.
    @TaskLocal package static var forced: ConvolutionAlgorithm?

    /// The measured rule: BLAS wins where the patch matrix is tall and its product wide, so that packing operands
    /// pays; the direct kernel everywhere else, by far for few channels.
    static func choose(_ window: Window, outputs: Int) -> ConvolutionAlgorithm {
        let isPointwise =
            window.kernel == 1 && window.stride == 1 && window.paddedInput == window.input
        if let forced, forced != .pointwise || isPointwise { return forced }
        if isPointwise { return .pointwise }
        let pixels = window.output.height * window.output.width
        return outputs >= 128 && window.reduction >= 512 && pixels >= 2048 ? .im2col : .direct
    }
}

/// Two-dimensional convolution (cross-correlation), bias and activation in one operation.
///
/// y[n, i, j, k] = activation(b[k] + Σ x[n, i·s + u·d − p, j·s + v·d − p, c] w[u, v, c, k])
///
/// Shapes: x `[batch, height, width, in]`, weight `[kernelHeight, kernelWidth, in, out]`, bias `[out]` →
/// `[batch, height′, width′, out]`, height′ = ⌊(height + padding − dilation (kernelHeight − 1) − 1) / stride⌋ + 1.
public func convolution2D<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, weight: Tensor<Scalar>, bias: Tensor<Scalar>?, stride: Extent = 1, padding: Padding = .valid,
    dilation: Extent = 1, activation: Activation = .identity
) -> Tensor<Scalar> {
    precondition(
        x.rank == 4 && weight.rank == 4 && x.shape[3] == weight.shape[2],
        "convolution2D: input is \(x.shape), weight \(weight.shape); they must be [batch, height, width, in] and "
            + "[kernelHeight, kernelWidth, in, out].")
    precondition(
        bias == nil || bias?.count == weight.shape[3],
        "convolution2D: bias is \(bias?.shape ?? []); it must be \([weight.shape[3]] as Shape).")
    let window = Window(
        input: Extent(x.shape[1], x.shape[2]), channels: x.shape[3],
        kernel: Extent(weight.shape[0], weight.shape[1]), stride: stride, padding: padding, dilation: dilation)
    precondition(
        window.fits,
        "convolution2D: input \(x.shape) is smaller than the kernel \(weight.shape) with dilation "
            + "\(dilation.height) × \(dilation.width).")
    let convolution = Convolution<Scalar>(
        window: window, images: x.shape[0], outputs: weight.shape[3],
        algorithm: .choose(window, outputs: weight.shape[3]))
    let (plain, w) = (x.detached().dense(), weight.detached().dense())
    let output = convolution.forward(plain, w, bias?.detached(), activation)
    let needsInput = x.isRecorded
    return output.recorded(inputs: bias.map { [x, weight, $0] } ?? [x, weight]) { upstream in
        let gradient = activation.gradient(upstream, output: output).dense()
        return [
            needsInput ? convolution.inputGradient(gradient, w) : nil,
            convolution.weightGradient(plain, gradient).reshaped(to: w.shape), gradient.summedToLastAxis(),
        ]
    }
}

/// One convolution's geometry and its three products.
struct Convolution<Scalar: FloatingScalar> {
    let window: Window
    let images: Int
    let outputs: Int
    let algorithm: ConvolutionAlgorithm

    private var inputShape: Shape { [images, window.input.height, window.input.width, window.channels] }
    private var outputShape: Shape { [images, window.output.height, window.output.width, outputs] }
    private var outputRows: Int { images * window.output.height }
    private var pixels: Int { outputRows * window.output.width }

    func forward(
        _ x: Tensor<Scalar>, _ weight: Tensor<Scalar>, _ bias: Tensor<Scalar>?, _ activation: Activation
    ) -> Tensor<Scalar> {
        switch algorithm {
        case .pointwise:
            return DuctusAutograd.dense(
                x, weight: weight.reshaped(to: [window.channels, outputs]), bias: bias, activation: activation)
        case .direct:
            return direct(x.framed(window.top, window.bottom, window.left, window.right), weight, bias, activation)
        case .im2col:
            return Tensor(shape: outputShape) { out in
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
    }

    func weightGradient(_ x: Tensor<Scalar>, _ gradient: Tensor<Scalar>) -> Tensor<Scalar> {
        // Too few rows for the direct kernel's tiles, as in a first layer: BLAS sums the patches.
        switch window.reduction < 12 && algorithm == .direct ? .im2col : algorithm {
        case .pointwise:
            return x.reshaped(to: [-1, window.channels]).transposed().matmul(gradient.reshaped(to: [-1, outputs]))
        case .direct:
            let framed = x.framed(window.top, window.bottom, window.left, window.right)
            // Threads share the gradient's rows, not the pixels: each sum stays with one thread.
            let grain = max(12, (window.reduction + 15) / 16 / 12 * 12)
            return Tensor(shape: [window.reduction, outputs]) { out in
                out.zero()
                withDescription { description in
                    framed.withUnsafeBuffer { x in
                        gradient.withUnsafeBuffer { dy in
                            parallelRanges(window.reduction, grain: grain) { rows in
                                Scalar.kernels.convolve_weight_gradient(
                                    description, images, x.baseAddress!, dy.baseAddress!, rows.lowerBound,
                                    rows.upperBound, out.baseAddress!)
                            }
                        }
                    }
                }
            }
        case .im2col:
            // Every tile adds to the sum of its group; groups are few and fixed.
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
    }

    func inputGradient(_ gradient: Tensor<Scalar>, _ weight: Tensor<Scalar>) -> Tensor<Scalar> {
        if algorithm == .pointwise {
            return gradient.matmul(weight.reshaped(to: [window.channels, outputs]).transposed())
        }
        let reach = Extent(
            window.dilation.height * (window.kernel.height - 1), window.dilation.width * (window.kernel.width - 1))
        guard algorithm == .direct, window.stride == 1, window.top <= reach.height, window.left <= reach.width,
            window.bottom <= reach.height, window.right <= reach.width
        else { return scatteredInputGradient(gradient, weight) }
        // The adjoint of a stride-1 convolution is a convolution with the kernel turned around.
        let framed = gradient.framed(
            reach.height - window.top, reach.height - window.bottom, reach.width - window.left,
            reach.width - window.right)
        let turned = weight.turnedAround()
        let adjoint = Window(
            input: Extent(framed.shape[1], framed.shape[2]), channels: outputs, kernel: window.kernel, stride: 1,
            padding: .valid, dilation: window.dilation)
        return Convolution(window: adjoint, images: images, outputs: window.channels, algorithm: .direct)
            .direct(framed, turned, nil, .identity)
    }

    /// Patch gradients by BLAS, added back to where the patches came from; one task an image.
    private func scatteredInputGradient(_ gradient: Tensor<Scalar>, _ weight: Tensor<Scalar>) -> Tensor<Scalar> {
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

    /// A convolution over an input that already has its frame of zeros.
    private func direct(
        _ framed: Tensor<Scalar>, _ weight: Tensor<Scalar>, _ bias: Tensor<Scalar>?, _ activation: Activation
    ) -> Tensor<Scalar> {
        let packed = Tensor<Scalar>(
            shape: [Scalar.kernels.packed_weight_count(window.reduction, outputs)]
        ) { out in
            weight.withUnsafeBuffer {
                Scalar.kernels.pack_weights(window.reduction, outputs, $0.baseAddress!, out.baseAddress!)
            }
        }
        let work = window.output.width * window.reduction * outputs
        return Tensor(shape: outputShape) { out in
            withDescription { description in
                withElements(of: bias) { bias in
                    framed.withUnsafeBuffer { x in
                        packed.withUnsafeBuffer { w in
                            parallelRanges(outputRows, grain: max(1, (1 << 20) / max(work, 1))) { rows in
                                Scalar.kernels.convolve(
                                    description, x.baseAddress!, w.baseAddress!, bias, activation.kernel,
                                    rows.lowerBound, rows.upperBound, out.baseAddress!)
                            }
                        }
                    }
                }
            }
        }
    }

    private func withDescription(_ body: (UnsafePointer<ductus_convolution>) -> Void) {
        let row = window.paddedInput.width * window.channels
        var offsets: [Int] = []
        offsets.reserveCapacity(window.reduction)
        for u in 0..<window.kernel.height {
            for v in 0..<window.kernel.width {
                let start = u * window.dilation.height * row + v * window.dilation.width * window.channels
                offsets.append(contentsOf: start..<start + window.channels)
            }
        }
        offsets.withUnsafeBufferPointer {
            var description = ductus_convolution(
                out_height: window.output.height, out_width: window.output.width, out_channels: outputs,
                image_stride: window.paddedInput.height * row, row_step: window.stride.height * row,
                pixel_step: window.stride.width * window.channels, reduction: window.reduction,
                offsets: $0.baseAddress!)
            body(&description)
        }
    }

    // MARK: Tiles of the patch matrix

    /// Output rows in a tile whose patches fill about 256 KiB, half of a typical second-level cache.
    private var tileRows: Int {
        let bytes = window.output.width * window.reduction * MemoryLayout<Scalar>.stride
        return min(window.output.height, max(1, (256 << 10) / max(bytes, 1)))
    }

    private var patchTiles: Int { images * ((window.output.height + tileRows - 1) / tileRows) }

    /// Output pixels of one tile, and which group of tiles it belongs to.
    private struct TileRange {
        let lowerBound: Int
        let group: Int
    }

    /// Calls `body` with the patches of every tile; tiles of one group one after the other.
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

extension Tensor where Scalar: FloatingScalar {
    /// Pooled memory of undefined contents.
    static func scratch(_ count: Int) -> Tensor { Tensor(shape: [count]) { _ in } }

    /// An NHWC batch inside a frame of zeros. Not recorded.
    func framed(_ top: Int, _ bottom: Int, _ left: Int, _ right: Int) -> Tensor {
        guard top + bottom + left + right > 0 else { return self }
        let (height, width, channels) = (shape[1], shape[2], shape[3])
        let row = (left + width + right) * channels
        let image = (top + height + bottom) * row
        return Tensor(shape: [shape[0], top + height + bottom, left + width + right, channels]) { out in
            withUnsafeBuffer { x in
                parallel(shape[0]) { n in
                    let y = out.baseAddress! + n * image
                    y.zero(top * row)
                    for h in 0..<height {
                        let to = y + (top + h) * row
                        to.zero(left * channels)
                        (to + left * channels).update(
                            from: x.baseAddress! + (n * height + h) * width * channels, count: width * channels)
                        (to + (left + width) * channels).zero(right * channels)
                    }
                    (y + (top + height) * row).zero(bottom * row)
                }
            }
        }
    }

    /// `[height, width, in, out]` → the kernel of the adjoint: turned by 180°, in and out exchanged.
    func turnedAround() -> Tensor {
        let (taps, inputs, outputs) = (shape[0] * shape[1], shape[2], shape[3])
        return Tensor(shape: [shape[0], shape[1], outputs, inputs]) { out in
            withUnsafeBuffer { w in
                Scalar.kernels.turn_weights(taps, inputs, outputs, w.baseAddress!, out.baseAddress!)
            }
        }
    }
}
