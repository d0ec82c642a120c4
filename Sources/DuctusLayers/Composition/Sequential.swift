/// Applies layers in order.
///
/// ```swift
/// let features = Sequential {
///     Conv2D(1, 32, activation: .relu)
///     for width in [32, 64] { Conv2D(width, 64, activation: .relu); MaxPool2D(2) }
/// }
/// features(Tensor.zeros([8, 28, 28, 1])).shape   // [8, 5, 5, 64]
/// ```
public struct Sequential: Layer, CustomStringConvertible, Placed {
    /// The layers, in the order in which they are applied.
    public let layers: [any Layer]
    let place = Place()

    /// A list of layers.
    public init(_ layers: [any Layer]) { self.layers = layers }

    /// The layers of a block: one per line or separated by semicolons, with `if` and `for`.
    public init(@SequentialBuilder _ layers: () -> [any Layer]) { self.layers = layers() }

    /// Layers are named by their position.
    public var children: [(name: String, value: Any)] { layers.enumerated().map { ("\($0.offset)", $0.element) } }

    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
        listed { layers.enumerated().reduce(x) { calling($1.element, "\($1.offset)", $0) } }
    }

    public var description: String { "Sequential" }
}

/// Collects the layers of a `Sequential`; `if` and `for` work as usual.
@resultBuilder
public enum SequentialBuilder {
    /// One layer.
    public static func buildExpression(_ layer: any Layer) -> [any Layer] { [layer] }
    /// Layers in order.
    public static func buildBlock(_ parts: [any Layer]...) -> [any Layer] { parts.flatMap { $0 } }
    /// `if` without `else`.
    public static func buildOptional(_ part: [any Layer]?) -> [any Layer] { part ?? [] }
    /// The first branch of `if` with `else`.
    public static func buildEither(first: [any Layer]) -> [any Layer] { first }
    /// The second branch of `if` with `else`.
    public static func buildEither(second: [any Layer]) -> [any Layer] { second }
    /// `for`.
    public static func buildArray(_ parts: [[any Layer]]) -> [any Layer] { parts.flatMap { $0 } }
}
