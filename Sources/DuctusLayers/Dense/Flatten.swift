/// Merges all axes but the first: `[batch, height, width, channels]` → `[batch, height · width · channels]`.
///
/// ```swift
/// Flatten()(Tensor.zeros([8, 5, 5, 16])).shape   // [8, 400]
/// ```
public struct Flatten: Layer, CustomStringConvertible, Placed {
    let place = Place()

    /// A flattening layer.
    public init() {}

    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { listed { x.flattened(from: 1) } }

    public var description: String { "Flatten" }
}
