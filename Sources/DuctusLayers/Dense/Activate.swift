/// An activation as a layer of its own.
///
/// Dense layers, convolutions and normalizations take an `activation:`, which is faster; this is for all others.
///
/// ```swift
/// Sequential { Dense(64, 256); LayerNorm(256); Activate(.gelu) }
/// ```
public struct Activate: Layer, CustomStringConvertible, Placed {
    /// The function applied to every element.
    public let activation: Activation
    let place = Place()

    /// Applies `activation`.
    public init(_ activation: Activation) { self.activation = activation }

    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { listed { activation(x) } }

    public var description: String { "Activate \(activation)" }
}
