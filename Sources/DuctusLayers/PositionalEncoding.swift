import Synchronization

/// Adds to every step of a sequence what tells where it is (Vaswani et al. 2017): `[batch, time, channels]` → the same.
///
/// Channel 2i of step t gets sin(t / 10000^(2i / channels)), channel 2i + 1 the cosine of the same angle. There is
/// nothing to train, and sequences may have any length.
public struct SinusoidalPositions: Layer, CustomStringConvertible, Placed {
    /// The length of the last axis.
    public let channels: Int
    let place = Place()
    private let known = Table()

    /// For so many channels.
    public init(_ channels: Int) { self.channels = channels }

    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
        expect(x.rank == 3 && x.shape[2] == channels, "input is \(x.shape); it must be [batch, time, \(channels)]")
        return listed { x + known.rows(x.shape[1], channels) }
    }

    public var description: String { "SinusoidalPositions \(channels)" }

    /// The longest table so far.
    private final class Table: Sendable {
        private let longest = Mutex(Tensor<Float>.zeros([0, 0]))

        func rows(_ count: Int, _ channels: Int) -> Tensor<Float> {
            longest.withLock { table in
                if table.shape[0] < count { table = Self.table(count, channels) }
                return table.sliced(0..<count, axis: 0)
            }
        }

        private static func table(_ steps: Int, _ channels: Int) -> Tensor<Float> {
            let frequencies = (0..<channels).map { power(10_000, -Double($0 / 2 * 2) / Double(channels)) }
            return Tensor(shape: [steps, channels]) { out in
                for step in 0..<steps {
                    for (channel, frequency) in frequencies.enumerated() {
                        let angle = Double(step) * frequency
                        out[step * channels + channel] = Float(
                            channel.isMultiple(of: 2) ? sine(angle) : cosine(angle))
                    }
                }
            }
        }
    }
}

/// Adds to every step of a sequence a trained vector for its position: `[batch, time, channels]` → the same, for times
/// up to a given length.
public struct LearnedPositions: Layer, CustomStringConvertible, Placed {
    /// `[length, channels]`
    public let weight: Parameter
    let place = Place()

    /// For sequences of up to `length` steps.
    public init(_ length: Int, _ channels: Int) {
        // Small beside what they are added to.
        weight = Parameter(Initialization.uniform([length, channels], bound: 0.02 * 3.0.squareRoot()))
    }

    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
        let (length, channels) = (weight.shape[0], weight.shape[1])
        expect(
            x.rank == 3 && x.shape[1] <= length && x.shape[2] == channels,
            "input is \(x.shape); it must be [batch, time up to \(length), \(channels)]")
        return listed { x + weight.value.sliced(0..<x.shape[1], axis: 0) }
    }

    public var description: String { "LearnedPositions \(weight.shape[0]) × \(weight.shape[1])" }
}
