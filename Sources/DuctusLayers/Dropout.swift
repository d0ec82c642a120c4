/// Zeroes elements with probability `rate` while a tape records; otherwise the identity.
public struct Dropout: Layer, CustomStringConvertible, Placed {
    public let rate: Double
    let place = Place()

    public init(_ rate: Double) { self.rate = rate }

    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { listed { dropout(x, rate: rate) } }

    public var description: String { "Dropout \(rate)" }
}
