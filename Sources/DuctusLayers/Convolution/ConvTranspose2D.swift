/// A transposed two-dimensional convolution of `[batch, height, width, channels]`, with bias and activation, for learned
/// upsampling.
///
/// ```swift
/// let layer = ConvTranspose2D(128, 64)
/// layer(Tensor.zeros([8, 32, 32, 128])).shape   // [8, 64, 64, 64]
/// ```
public struct ConvTranspose2D: Layer, CustomStringConvertible, Placed {
    /// `[kernelHeight, kernelWidth, in, out]`
    public let weight: Parameter
    /// `[out]`
    public let bias: Parameter?
    /// Pixels between consecutive patches of the output.
    public let stride: IntPair
    /// Cropped from every side of the output.
    public let padding: Padding
    /// Applied to the output.
    public let activation: Activation
    let place = Place()

    /// `inputs` input channels, `outputs` output channels. The stride defaults to the kernel size, so that patches tile
    /// the output. Weights are initialized by He's rule before ReLU, GELU and SiLU, else by Glorot's; biases are zero.
    public init(
        _ inputs: Int, _ outputs: Int, kernelSize: IntPair = 2, stride: IntPair? = nil, padding: Padding = .valid,
        activation: Activation = .identity, bias: Bool = true
    ) {
        let shape: Shape = [kernelSize.height, kernelSize.width, inputs, outputs]
        let stride = stride ?? kernelSize
        kernelSize.checkIsPositive("kernelSize", of: "ConvTranspose2D")
        stride.checkIsPositive("stride", of: "ConvTranspose2D")
        let taps = kernelSize.height * kernelSize.width
        // Kernels that reach each output pixel.
        let overlap = max(1, taps / stride.height / stride.width)
        weight = Parameter(Initializer.usual(before: activation).values(shape, inputs: overlap * inputs))
        self.bias = bias ? Parameter(.zeros([outputs])) : nil
        (self.stride, self.padding, self.activation) = (stride, padding, activation)
    }

    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
        expect(
            x.rank == 4 && x.shape[3] == weight.shape[2],
            "input is \(x.shape); it must be [batch, height, width, \(weight.shape[2])]")
        return listed {
            let value = weight.value
            return transposedConvolution2D(
                x, weight: value, bias: bias?.value, stride: stride, padding: padding, activation: activation,
                packed: weight.packed(value))
        }
    }

    public var description: String {
        "ConvTranspose2D \(weight.shape[2]) → \(weight.shape[3]), \(weight.shape[0]) × \(weight.shape[1])"
    }
}
