/// Any function without parameters, as a layer.
///
/// ```swift
/// Sequential { Conv2D(1, 8); Lambda("columns") { $0.mean(axes: [1]) }; LSTM(8, 16) }
/// ```
public struct Lambda: Layer, CustomStringConvertible, Placed {
    /// What summaries call it.
    public let name: String
    private let function: @Sendable (Tensor<Float>) -> Tensor<Float>
    let place = Place()

    /// The layer of a function; `name` is what summaries call it.
    public init(_ name: String = "Lambda", _ function: @escaping @Sendable (Tensor<Float>) -> Tensor<Float>) {
        (self.name, self.function) = (name, function)
    }

    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { listed { function(x) } }

    public var description: String { name }
}
