/// Dropout: while a tape records, zeroes elements with probability `rate` and scales the others by 1 / (1 − rate);
/// otherwise the identity (Srivastava et al. 2014).
///
/// ```swift
/// Sequential { Dense(784, 128, activation: .relu); Dropout(0.5); Dense(128, 10) }
/// ```
public struct Dropout: Layer, CustomStringConvertible, Placed {
    /// The probability, 0 ..< 1.
    public let rate: Double
    let place = Place()

    /// Drops elements with probability `rate`.
    public init(_ rate: Double) { self.rate = rate }

    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { listed { dropout(x, rate: rate) } }

    public var description: String { "Dropout \(rate)" }
}
