import CDuctusKernels

/// A counter-based stream of random numbers: Philox 4x32-10 (Salmon et al., *Parallel Random Numbers: As Easy as
/// 1, 2, 3*, SC 2011). The same seed gives the same numbers on every machine and for every number of threads.
///
/// ```swift
/// var random = RandomStream(seed: 1)
/// let noise = Tensor<Float>.normal([3, 4], using: &random)
/// let die = Int.random(in: 1...6, using: &random)
/// ```
public struct RandomStream: RandomNumberGenerator, Sendable {
    private let key: UInt64
    private let stream: UInt64
    private var position: UInt64 = 0

    /// The stream with the given seed.
    public init(seed: UInt64) { self.init(key: seed, stream: 0) }

    private init(key: UInt64, stream: UInt64) {
        self.key = key
        self.stream = stream
    }

    /// An independent stream for each number, such as an epoch, layer or sample.
    public func split(_ number: Int) -> RandomStream {
        var block: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
        withUnsafeMutableBytes(of: &block) {
            // Ordinary draws never reach the last counter value.
            ductus_philox(
                key, UInt64(bitPattern: Int64(number)), ~stream, $0.assumingMemoryBound(to: UInt32.self).baseAddress!)
        }
        return RandomStream(
            key: UInt64(block.1) << 32 | UInt64(block.0), stream: UInt64(block.3 >> 1) << 32 | UInt64(block.2))
    }

    public mutating func next() -> UInt64 {
        var block: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
        withUnsafeMutableBytes(of: &block) {
            ductus_philox(key, position, stream, $0.assumingMemoryBound(to: UInt32.self).baseAddress!)
        }
        position += 1
        return UInt64(block.1) << 32 | UInt64(block.0)
    }

    /// A uniformly distributed number in [0, 1).
    public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// A normally distributed number.
    public mutating func normal(mean: Double = 0, standardDeviation: Double = 1) -> Double {
        Tensor<Double>.normal([], mean: mean, standardDeviation: standardDeviation, using: &self).item()
    }

    /// The position of the next `count` numbers, `perBlock` of them per block.
    mutating func take(_ count: Int, perBlock: Int) -> ductus_random {
        defer { position += UInt64((count + perBlock - 1) / perBlock) }
        return ductus_random(key: key, stream: stream, block: position)
    }

    /// Calls `body` with the positions of the next `count` numbers, in runs that can be filled in parallel.
    mutating func draw(_ count: Int, perBlock: Int, _ body: (ductus_random, Range<Int>) -> Void) {
        let start = take(count, perBlock: perBlock)
        parallelRanges(count, grain: 1 << 14) { range in
            var place = start
            place.block += UInt64(range.lowerBound / perBlock)
            body(place, range)
        }
    }
}
