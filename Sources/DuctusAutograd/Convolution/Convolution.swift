import CDuctusKernels

/// Two-dimensional convolution (cross-correlation) with bias and activation.
///
/// y[n, i, j, k] = activation(b[k] + Σ x[n, i·s + u·d − p, j·s + v·d − p, c] w[u, v, c, k])
///
/// Shapes: x `[batch, height, width, in]`, weight `[kernelHeight, kernelWidth, in, out]`, bias `[out]` →
/// `[batch, height′, width′, out]`, height′ = ⌊(height + padding − dilation (kernelHeight − 1) − 1) / stride⌋ + 1.
public func convolution2D<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, weight: Tensor<Scalar>, bias: Tensor<Scalar>?, stride: IntPair = 1, padding: Padding = .valid,
    dilation: IntPair = 1, activation: Activation = .identity
) -> Tensor<Scalar> {
    convolution2D(
        x, weight: weight, bias: bias, stride: stride, padding: padding, dilation: dilation, groups: 1,
        activation: activation,
        packed: PackedWeights())
}

/// A convolution of groups of channels: each group of outputs is computed from one group of inputs.
///
/// Shapes: x `[batch, height, width, in]`, weight `[kernelHeight, kernelWidth, in / groups, out]`, bias `[out]`. Channels of a
/// group are consecutive.
public func convolution2D<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, weight: Tensor<Scalar>, bias: Tensor<Scalar>?, stride: IntPair = 1, padding: Padding = .valid,
    dilation: IntPair = 1, groups: Int, activation: Activation = .identity
) -> Tensor<Scalar> {
    convolution2D(
        x, weight: weight, bias: bias, stride: stride, padding: padding, dilation: dilation, groups: groups,
        activation: activation, packed: PackedWeights())
}

/// The same, with weights that may already be packed.
@_specialize(where Scalar == Float)
package func convolution2D<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, weight: Tensor<Scalar>, bias: Tensor<Scalar>?, stride: IntPair, padding: Padding,
    dilation: IntPair, groups: Int, activation: Activation, packed: PackedWeights<Scalar>
) -> Tensor<Scalar> {
    precondition(
        x.rank == 4 && weight.rank == 4 && groups > 0 && x.shape[3] == weight.shape[2] * groups
            && weight.shape[3].isMultiple(of: groups),
        "convolution2D: input is \(x.shape), weight \(weight.shape)\(groups == 1 ? "" : ", with \(groups) groups"); they "
            + "must be [batch, height, width, in] and "
            + "[kernelHeight, kernelWidth, \(groups == 1 ? "in" : "in / groups"), out].")
    precondition(
        bias == nil || bias?.shape == [weight.shape[3]],
        "convolution2D: bias is \(bias?.shape ?? []); it must be \([weight.shape[3]] as Shape).")
    let window = Window(
        input: IntPair(x.shape[1], x.shape[2]), channels: x.shape[3],
        kernel: IntPair(weight.shape[0], weight.shape[1]), stride: stride, padding: padding, dilation: dilation)
    precondition(
        window.fits,
        "convolution2D: input \(x.shape) is smaller than the kernel \(weight.shape) with dilation "
            + "\(dilation.height) × \(dilation.width).")
    let convolution = Convolution<Scalar>(window: window, images: x.shape[0], outputs: weight.shape[3])
    let grouped = groups == 1 ? nil : GroupedConvolution(whole: convolution, groups: groups)
    func inputs() -> [Tensor<Scalar>] { bias.map { [x, weight, $0] } ?? [x, weight] }
    func attributes() -> [Operation.Attribute] {
        window.attributes + (groups == 1 ? [] : [("groups", "\(groups)")]) + activation.attributes
    }
    return Tensor.operation(of: inputs(), attributes()) {
        let (plain, w) = (x.detached().dense(), weight.detached().dense())
        let (needsInput, needsWeight, needsBias) = (x.isRecorded, weight.isRecorded, bias?.isRecorded == true)
        let isRecorded = needsInput || needsWeight || needsBias
        let (output, saved) = activation.applied(isRecorded: isRecorded) {
            let bias = bias?.detached()
            return grouped?.output(plain, w, packed, bias, $0) ?? convolution.output(plain, w, packed, bias, $0)
        }
        guard isRecorded else { return output }
        let hasBias = bias != nil
        return output.recorded(inputs: inputs()) { upstream in
            let (gradient, sums) = activation.gradient(upstream.dense(), saved: saved, summing: needsBias)
            func weightGradient() -> Tensor<Scalar> {
                grouped?.weightGradient(plain, gradient) ?? convolution.weightGradient(plain, gradient)
            }
            let products: [Tensor<Scalar>?] = [
                needsInput ? grouped?.inputGradient(gradient, w) ?? convolution.inputGradient(gradient, w) : nil,
                needsWeight ? weightGradient().reshaped(to: w.shape) : nil,
            ]
            return hasBias ? products + [sums] : products
        }
    }
}

/// The geometry of one convolution, and its three products.
struct Convolution<Scalar: FloatingScalar> {
    let window: Window
    let images: Int
    let outputs: Int

    var inputShape: Shape { [images, window.input.height, window.input.width, window.channels] }
    var outputShape: Shape { [images, window.output.height, window.output.width, outputs] }
    var outputRows: Int { images * window.output.height }
    var pixels: Int { outputRows * window.output.width }

    func output(
        _ x: Tensor<Scalar>, _ weight: Tensor<Scalar>, _ packed: PackedWeights<Scalar>, _ bias: Tensor<Scalar>?,
        _ activation: Activation
    ) -> Tensor<Scalar> {
        let algorithm = algorithm(for: .output)
        if algorithm != .pointwise { Observation.observer?.didMultiply(pixels * outputs * window.reduction) }
        return switch algorithm {
        case .pointwise:
            dense(
                x, weight: weight.reshaped(to: [window.channels, outputs]), bias: bias, activation: activation,
                packed: packed)
        case .im2col: patchOutput(x, weight, bias, activation)
        case .direct: directOutput(x, packed(.panels) { weight.packedPanels() }, bias, activation)
        case .winograd: winogradOutput(x, packed(.winograd) { winogradFilters(weight) }, bias, activation)
        }
    }

    /// `[reduction, out]`
    func weightGradient(_ x: Tensor<Scalar>, _ gradient: Tensor<Scalar>) -> Tensor<Scalar> {
        switch algorithm(for: .weightGradient) {
        case .pointwise:
            x.reshaped(to: [pixels, window.channels]).transposed().matmul(gradient.reshaped(to: [pixels, outputs]))
        case .im2col: patchWeightGradient(x, gradient)
        case .direct: directWeightGradient(x, gradient)
        case .winograd: winogradWeightGradient(x, gradient)
        }
    }

    func inputGradient(_ gradient: Tensor<Scalar>, _ weight: Tensor<Scalar>) -> Tensor<Scalar> {
        switch algorithm(for: .inputGradient) {
        case .pointwise:
            let panels = weight.reshaped(to: [window.channels, outputs]).packedPanels(transposed: true)
            return product(gradient, panels, depth: outputs, columns: window.channels).reshaped(to: inputShape)
        case .im2col: return patchInputGradient(gradient, weight)
        case .direct, .winograd:
            guard let adjoint else { return patchInputGradient(gradient, weight) }
            return adjoint.output(gradient, weight.adjointKernel(), PackedWeights(), nil, .identity)
        }
    }

    /// The adjoint of a convolution of stride 1: a convolution with the rotated kernel.
    private var adjoint: Convolution? {
        let reach = IntPair(
            window.dilation.height * (window.kernel.height - 1), window.dilation.width * (window.kernel.width - 1))
        let sides = [
            reach.height - window.top, reach.height - window.bottom, reach.width - window.left,
            reach.width - window.right,
        ]
        guard window.stride == 1, sides.allSatisfy({ $0 >= 0 }) else { return nil }
        let adjoint = Window(
            input: window.output, channels: outputs, kernel: window.kernel, dilation: window.dilation, top: sides[0],
            bottom: sides[1], left: sides[2], right: sides[3])
        return Convolution(window: adjoint, images: images, outputs: window.channels)
    }
}

extension Tensor where Scalar: FloatingScalar {
    /// Uninitialized memory from the buffer pool.
    static func scratch(_ count: Int) -> Tensor { Tensor(shape: [count]) { _ in } }

    /// The kernel of the adjoint, `[height, width, out, in]`: rotated by 180°, with in and out exchanged.
    fileprivate func adjointKernel() -> Tensor {
        let (taps, inputs, outputs) = (shape[0] * shape[1], shape[2], shape[3])
        return Tensor(shape: [shape[0], shape[1], outputs, inputs]) { out in
            withUnsafeBuffer { w in
                Scalar.kernels.turn_weights(taps, inputs, outputs, w.baseAddress!, out.baseAddress!)
            }
        }
    }
}
