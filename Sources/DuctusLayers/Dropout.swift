/// Zeroes elements with probability `rate` while a tape records; otherwise the identity.
public struct Dropout: Layer, CustomStringConvertible {
    public let rate: Double

    public init(_ rate: Double) { self.rate = rate }

    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { dropout(x, rate: rate) }

    public var description: String { "Dropout \(rate)" }
}
