/// Dropout: in training, zeroes elements with probability `rate` and scales the others by 1 / (1 − rate); otherwise the
/// identity (Srivastava et al. 2014).
///
/// ```swift
/// Sequential { Dense(784, 128, activation: .relu); Dropout(0.5); Dense(128, 10) }
/// ```
public struct Dropout: Layer, CustomStringConvertible, Placed {
    /// The probability, 0 … 1.
    public let rate: Double
    /// Elements that differ only in their index along these axes are kept or dropped together.
    public let sharedAxes: [Int]
    let place = Place()

    /// Drops elements with probability `rate`; with `sharing`, all elements along these axes together.
    public init(_ rate: Double, sharing axes: [Int] = []) { (self.rate, sharedAxes) = (rate, axes) }

    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
        listed { dropout(x, rate: rate, sharing: sharedAxes) }
    }

    public var description: String { "Dropout \(rate)" }
}
