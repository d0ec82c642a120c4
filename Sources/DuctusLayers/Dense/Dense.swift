/// A fully connected layer: `activation(x W + b)` over the last axis.
///
/// ```swift
/// let layer = Dense(784, 128, activation: .relu)
/// layer(Tensor.zeros([32, 784])).shape   // [32, 128]
/// ```
public struct Dense: Layer, CustomStringConvertible, Placed {
    /// `[in, out]`
    public let weight: Parameter
    /// `[out]`
    public let bias: Parameter?
    /// Applied to the output.
    public let activation: Activation
    let place = Place()

    /// `inputs` input features, `outputs` output features. Weights are initialized by He's rule before ReLU, GELU and SiLU, else
    /// by Glorot's; biases are zero.
    public init(_ inputs: Int, _ outputs: Int, activation: Activation = .identity, bias: Bool = true) {
        weight = Parameter(Initializer.usual(before: activation).values([inputs, outputs]))
        self.bias = bias ? Parameter(.zeros([outputs])) : nil
        self.activation = activation
    }

    init(weight: Tensor<Float>, bias: Tensor<Float>?, activation: Activation) {
        (self.weight, self.bias, self.activation) = (Parameter(weight), bias.map { Parameter($0) }, activation)
    }

    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
        expect(x.shape.last == weight.shape[0], "input is \(x.shape); last axis must be \(weight.shape[0])")
        return listed {
            let value = weight.value
            return dense(x, weight: value, bias: bias?.value, activation: activation, packed: weight.packed(value))
        }
    }

    public var description: String { "Dense \(weight.shape[0]) → \(weight.shape[1])" }
}
