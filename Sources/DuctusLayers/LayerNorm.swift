/// Normalisation of every row over the last axis (Ba, Kiros and Hinton 2016): samples do not mix, and nothing differs
/// between training and inference.
public struct LayerNorm: Layer, CustomStringConvertible, Placed {
    public let scale: Parameter
    public let shift: Parameter
    public let epsilon: Double
    let place = Place()

    public init(_ channels: Int, epsilon: Double = 1e-5) {
        scale = Parameter(.ones([channels]))
        shift = Parameter(.zeros([channels]))
        self.epsilon = epsilon
    }

    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
        expect(x.shape.last == scale.shape[0], "input is \(x.shape); last axis must be \(scale.shape[0])")
        return listed { layerNormalization(x, scale: scale.value, shift: shift.value, epsilon: epsilon) }
    }

    public var description: String { "LayerNorm \(scale.shape[0])" }
}
