/// Normalization of every row over the last axis (Ba, Kiros and Hinton 2016). Training and inference compute the same.
///
/// ```swift
/// LayerNorm(3)(Tensor([[1, 2, 3]]))   // [[-1.2247356  0.         1.2247356]]
/// ```
public struct LayerNorm: Layer, CustomStringConvertible, Placed {
    /// γ, `[channels]`, initially 1.
    public let scale: Parameter
    /// β, `[channels]`, initially 0.
    public let shift: Parameter
    /// Added to the variance for numerical stability.
    public let epsilon: Double
    let place = Place()

    /// Normalizes `channels` channels, the length of the last axis.
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
