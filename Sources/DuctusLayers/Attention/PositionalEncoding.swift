/// Adds a sinusoidal positional encoding to a sequence (Vaswani et al. 2017): `[batch, time, channels]` → the same.
///
/// Channel 2i of step t gets sin(t / 10000^(2i / channels)), channel 2i + 1 the cosine of the same angle. There are no
/// parameters, and sequences may have any length.
public struct SinusoidalPositions: Layer, CustomStringConvertible, Placed {
    /// The length of the last axis.
    public let channels: Int
    let place = Place()
    private let known = Table()

    /// An encoding of `channels` channels.
    public init(_ channels: Int) { self.channels = channels }

    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { self(x, from: 0) }

    /// The same for part of a sequence that starts at step `first`.
    public func callAsFunction(_ x: Tensor<Float>, from first: Int) -> Tensor<Float> {
        expect(x.rank == 3 && x.shape[2] == channels, "input is \(x.shape); it must be [batch, time, \(channels)]")
        let end = first + x.shape[1]
        return listed { x + known.rows(end, channels).sliced(first..<end, axis: 0) }
    }

    public var description: String { "SinusoidalPositions \(channels)" }

    /// A cached table of encodings, which grows with the longest sequence.
    fileprivate final class Table: Sendable {
        private let longest = Locked(Tensor<Float>.zeros([0, 0]))

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

/// Adds a sinusoidal positional encoding to an image: `[batch, height, width, channels]` → the same.
///
/// The first half of the channels gets the encoding of ``SinusoidalPositions`` for the row, the second half that for the
/// column (Singh and Karayev 2021).
public struct SinusoidalPositions2D: Layer, CustomStringConvertible, Placed {
    /// The length of the last axis, an even number.
    public let channels: Int
    let place = Place()
    private let known = SinusoidalPositions.Table()

    /// An encoding of `channels` channels, an even number.
    public init(_ channels: Int) {
        precondition(
            channels.isMultiple(of: 2),
            "SinusoidalPositions2D: there are \(channels) channels; their number must be even.")
        self.channels = channels
    }

    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
        expect(
            x.rank == 4 && x.shape[3] == channels,
            "input is \(x.shape); it must be [batch, height, width, \(channels)]")
        let (height, width, half) = (x.shape[1], x.shape[2], channels / 2)
        let rows = known.rows(height, half).expandingShape(at: 1).broadcast(to: [height, width, half])
        let columns = known.rows(width, half).broadcast(to: [height, width, half])
        return listed { x + .concatenated([rows, columns], axis: 2) }
    }

    public var description: String { "SinusoidalPositions2D \(channels)" }
}

/// Adds a learned positional embedding to a sequence: `[batch, time, channels]` → the same, up to a maximum length.
public struct LearnedPositions: Layer, CustomStringConvertible, Placed {
    /// `[length, channels]`
    public let weight: Parameter
    let place = Place()

    /// For sequences of up to `length` steps.
    public init(_ length: Int, _ channels: Int) {
        // A standard deviation of 0.02, small compared to what they are added to.
        weight = Parameter(Initializer.uniform(bound: 0.02 * 3.0.squareRoot()).values([length, channels]))
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
