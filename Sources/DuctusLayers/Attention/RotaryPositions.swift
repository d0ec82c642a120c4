/// Turns pairs of channels by angles that grow with the step (Su et al. 2021), so that the products of queries and keys
/// depend on their distance: `[…, time, channels]` → the same.
///
/// Channels i and i + channels / 2 of step t are a vector in the plane, turned by t / base^(2i / channels). Apply it to
/// queries and keys, not to values. There are no parameters, and sequences may have any length.
///
/// ```swift
/// let positions = RotaryPositions(64)
/// let scores = positions(queries).matmul(positions(keys).transposed(-1, -2))
/// ```
public struct RotaryPositions: Layer, CustomStringConvertible, Placed {
    /// The length of the last axis, an even number.
    public let channels: Int
    /// The base of the angles: the greater, the longer the distances that are told apart.
    public let base: Double
    let place = Place()

    /// Turns `channels` channels, an even number.
    public init(_ channels: Int, base: Double = 10_000) {
        precondition(
            channels > 0 && channels.isMultiple(of: 2),
            "RotaryPositions: there are \(channels) channels; their number must be even and above 0.")
        precondition(base > 0, "RotaryPositions: base is \(base); it must be above 0.")
        (self.channels, self.base) = (channels, base)
    }

    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { self(x, from: 0) }

    /// The same for part of a sequence that starts at step `first`.
    public func callAsFunction(_ x: Tensor<Float>, from first: Int) -> Tensor<Float> {
        expect(
            x.rank >= 2 && x.shape[x.rank - 1] == channels, "input is \(x.shape); it must be […, time, \(channels)]")
        let (steps, half) = (x.shape[x.rank - 2], channels / 2)
        func table(_ function: (Double) -> Double) -> Tensor<Float> {
            Tensor(shape: [steps, half]) { out in
                for channel in 0..<half {
                    let frequency = power(base, -2 * Double(channel) / Double(channels))
                    for step in 0..<steps {
                        out[step * half + channel] = Float(function(Double(first + step) * frequency))
                    }
                }
            }
        }
        return listed {
            let (cosines, sines) = (table(cosine), table(sine))
            let (a, b) = (x.sliced(0..<half, axis: -1), x.sliced(half..<channels, axis: -1))
            return .concatenated([a * cosines - b * sines, a * sines + b * cosines], axis: -1)
        }
    }

    public var description: String { "RotaryPositions \(channels)" }
}
