/// A convolution of sequences `[batch, time, channels]`, with bias and activation.
///
/// ```swift
/// let layer = Conv1D(8, 32, kernelSize: 5, stride: 2, padding: .same, activation: .silu)
/// layer(Tensor.zeros([4, 100, 8])).shape   // [4, 50, 32]
/// ```
public struct Conv1D: Layer, CustomStringConvertible, Placed {
    /// The padding of a sequence.
    public enum Padding: Sendable, Hashable {
        /// None: the window stays inside the sequence.
        case valid
        /// As much as yields ⌈time / stride⌉ steps; an odd one goes to the end.
        case same
        /// Zeros before the sequence only, so that no output depends on later inputs.
        case causal
        /// So many zeros at both ends.
        case zeros(Int)
    }

    /// `[kernelSize, in / groups, out]`
    public let weight: Parameter
    /// `[out]`
    public let bias: Parameter?
    /// Steps between consecutive windows.
    public let stride: Int
    /// Zeros around the sequence.
    public let padding: Padding
    /// Steps between consecutive taps of the kernel.
    public let dilation: Int
    /// The number of groups of channels; each group of outputs sees one group of inputs.
    public let groups: Int
    /// Applied to the output.
    public let activation: Activation
    let place = Place()

    /// `inputs` input channels, `outputs` output channels. Weights are initialized by He's rule before ReLU, GELU and SiLU,
    /// else by Glorot's; biases are zero.
    public init(
        _ inputs: Int, _ outputs: Int, kernelSize: Int = 3, stride: Int = 1, padding: Padding = .valid,
        dilation: Int = 1, groups: Int = 1, activation: Activation = .identity, bias: Bool = true
    ) {
        precondition(
            kernelSize > 0 && stride > 0 && dilation > 0,
            "Conv1D: kernelSize is \(kernelSize), stride \(stride), dilation \(dilation); they must be above 0.")
        precondition(
            groups > 0 && inputs.isMultiple(of: groups) && outputs.isMultiple(of: groups),
            "Conv1D: \(inputs) inputs and \(outputs) outputs cannot be divided into \(groups) groups.")
        weight = Parameter(Initializer.usual(before: activation).values([kernelSize, inputs / groups, outputs]))
        self.bias = bias ? Parameter(.zeros([outputs])) : nil
        (self.stride, self.padding, self.dilation) = (stride, padding, dilation)
        (self.groups, self.activation) = (groups, activation)
    }

    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
        let inputs = weight.shape[1] * groups
        expect(x.rank == 3 && x.shape[2] == inputs, "input is \(x.shape); it must be [batch, time, \(inputs)]")
        return listed {
            let reach = (weight.shape[0] - 1) * dilation
            let sequence = padding == .causal ? x.padded(before: reach, after: 0, axis: 1) : x
            let around: DuctusAutograd.Padding =
                switch padding {
                case .valid, .causal: .valid
                case .same: .same
                case .zeros(let count): .zeros(vertical: 0, horizontal: count)
                }
            return convolution2D(
                sequence.expandingShape(at: 1), weight: weight.value.expandingShape(at: 0), bias: bias?.value,
                stride: IntPair(1, stride), padding: around, dilation: IntPair(1, dilation), groups: groups,
                activation: activation
            ).squeezingShape(at: 1)
        }
    }

    public var description: String {
        "Conv1D \(weight.shape[1] * groups) → \(weight.shape[2]), \(weight.shape[0])"
            + (groups == 1 ? "" : ", \(groups) groups")
    }
}
