/// Merges every axis but the first: `[batch, height, width, channels]` → `[batch, height · width · channels]`.
public struct Flatten: Layer, CustomStringConvertible, Placed {
    let place = Place()

    public init() {}

    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { listed { x.flattened(from: 1) } }

    public var description: String { "Flatten" }
}
