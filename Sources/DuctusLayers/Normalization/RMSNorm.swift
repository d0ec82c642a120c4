/// Normalization of every row over the last axis by its root mean square (Zhang and Sennrich 2019):
/// y = γ x / √(mean(x²) + ε). Cheaper than ``LayerNorm``, without a mean to subtract or a shift to add.
///
/// ```swift
/// RMSNorm(2)(Tensor([[3, 4]]))   // [[0.8485281 1.1313709]]
/// ```
public struct RMSNorm: Layer, CustomStringConvertible, Placed {
    /// γ, `[channels]`, initially 1.
    public let scale: Parameter
    /// Added to the mean square for numerical stability.
    public let epsilon: Double
    let place = Place()

    /// Normalizes `channels` channels, the length of the last axis.
    public init(_ channels: Int, epsilon: Double = 1e-6) {
        scale = Parameter(.ones([channels]))
        self.epsilon = epsilon
    }

    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
        expect(x.shape.last == scale.shape[0], "input is \(x.shape); last axis must be \(scale.shape[0])")
        return listed {
            let square = x.squared().mean(axes: [-1], keepingDimensions: true)
            return x * (square + Float(epsilon)).squareRoot().reciprocal() * scale.value
        }
    }

    public var description: String { "RMSNorm \(scale.shape[0])" }
}
