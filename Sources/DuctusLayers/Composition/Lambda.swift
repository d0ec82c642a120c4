/// Any function without parameters as a layer.
///
/// ```swift
/// Sequential { Conv2D(1, 8); Lambda("columns") { $0.mean(axes: [1]) }; LSTM(8, 16) }
/// ```
public struct Lambda: Layer, CustomStringConvertible, Placed {
    /// The name in summaries.
    public let name: String
    private let function: @Sendable (Tensor<Float>) -> Tensor<Float>
    let place = Place()

    /// Applies `function`; summaries show `name`.
    public init(_ name: String = "Lambda", _ function: @escaping @Sendable (Tensor<Float>) -> Tensor<Float>) {
        (self.name, self.function) = (name, function)
    }

    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { listed { function(x) } }

    public var description: String { name }
}
