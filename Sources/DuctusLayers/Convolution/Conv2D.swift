/// A two-dimensional convolution of `[batch, height, width, channels]`, with bias and activation.
///
/// ```swift
/// let layer = Conv2D(1, 32, kernelSize: 3, padding: .same, activation: .relu)
/// layer(Tensor.zeros([8, 28, 28, 1])).shape   // [8, 28, 28, 32]
///
/// Conv2D(32, 64, kernelSize: IntPair(3, 5), stride: 2)(Tensor.zeros([8, 28, 28, 32])).shape   // [8, 13, 12, 64]
/// ```
public struct Conv2D: Layer, CustomStringConvertible, Placed {
    /// `[kernelHeight, kernelWidth, in / groups, out]`
    public let weight: Parameter
    /// `[out]`
    public let bias: Parameter?
    /// Pixels between consecutive windows.
    public let stride: IntPair
    /// Zero padding around the image.
    public let padding: Padding
    /// Pixels between consecutive taps of the kernel.
    public let dilation: IntPair
    /// The number of groups of channels; each group of outputs sees one group of inputs. As many as inputs make the
    /// convolution depthwise.
    public let groups: Int
    /// Applied to the output.
    public let activation: Activation
    let place = Place()

    /// `inputs` input channels, `outputs` output channels. Weights are initialized by He's rule before ReLU, GELU and SiLU, else
    /// by Glorot's; biases are zero.
    public init(
        _ inputs: Int, _ outputs: Int, kernelSize: IntPair = 3, stride: IntPair = 1, padding: Padding = .valid,
        dilation: IntPair = 1, groups: Int = 1, activation: Activation = .identity, bias: Bool = true
    ) {
        kernelSize.checkIsPositive("kernelSize", of: "Conv2D")
        stride.checkIsPositive("stride", of: "Conv2D")
        dilation.checkIsPositive("dilation", of: "Conv2D")
        precondition(
            groups > 0 && inputs.isMultiple(of: groups) && outputs.isMultiple(of: groups),
            "Conv2D: \(inputs) inputs and \(outputs) outputs cannot be divided into \(groups) groups.")
        self.groups = groups
        let shape: Shape = [kernelSize.height, kernelSize.width, inputs / groups, outputs]
        weight = Parameter(Initializer.usual(before: activation).values(shape))
        self.bias = bias ? Parameter(.zeros([outputs])) : nil
        (self.stride, self.padding, self.dilation, self.activation) = (stride, padding, dilation, activation)
    }

    init(
        weight: Tensor<Float>, bias: Tensor<Float>?, stride: IntPair, padding: Padding, dilation: IntPair, groups: Int,
        activation: Activation
    ) {
        self.groups = groups
        (self.weight, self.bias) = (Parameter(weight), bias.map { Parameter($0) })
        (self.stride, self.padding, self.dilation, self.activation) = (stride, padding, dilation, activation)
    }

    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
        expect(
            x.rank == 4 && x.shape[3] == inputs, "input is \(x.shape); it must be [batch, height, width, \(inputs)]")
        return listed {
            let value = weight.value
            return convolution2D(
                x, weight: value, bias: bias?.value, stride: stride, padding: padding, dilation: dilation,
                groups: groups, activation: activation, packed: weight.packed(value))
        }
    }

    private var inputs: Int { weight.shape[2] * groups }

    public var description: String {
        "Conv2D \(inputs) → \(weight.shape[3]), \(weight.shape[0]) × \(weight.shape[1])"
            + (groups == 1 ? "" : ", \(groups) groups")
    }
}
