import CDuctusKernels

/// A counter-based stream of random numbers: Philox 4x32-10 (Salmon et al., *Parallel Random Numbers: As Easy as
/// 1, 2, 3*, SC 2011). The same seed gives the same numbers on every machine and for every number of threads.
public struct RandomStream: RandomNumberGenerator, Sendable {
    private let key: UInt64
    private let stream: UInt64
    private var position: UInt64 = 0

    public init(seed: UInt64) { self.init(key: seed, stream: 0) }

    private init(key: UInt64, stream: UInt64) {
        self.key = key
        self.stream = stream
    }

    /// An independent stream, one for every number: per epoch, per layer, per sample.
    public func split(_ number: Int) -> RandomStream {
        var block: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
        withUnsafeMutableBytes(of: &block) {
            // The last counter value is out of reach of ordinary draws.
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

    /// A number in [0, 1).
    public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// Hands out the counters of the next `count` numbers in runs: key, stream, offset and range.
    mutating func draw(_ count: Int, _ body: (UInt64, UInt64, UInt64, Range<Int>) -> Void) {
        let (key, stream, start) = (key, stream, position * 4)
        parallelRanges(count, grain: 1 << 14) { body(key, stream, start + UInt64($0.lowerBound), $0) }
        position += UInt64((count + 3) / 4)
    }
}

extension Tensor where Scalar: FloatingScalar {
    /// Uniform numbers in [`low`, `high`).
    public static func uniform(
        _ shape: Shape, from low: Scalar = 0, to high: Scalar = 1, using random: inout RandomStream
    ) -> Tensor {
        let unit = Tensor(shape: shape) { out in
            random.draw(out.count) {
                Scalar.kernels.uniform($0, $1, $2, $3.count, out.baseAddress! + $3.lowerBound)
            }
        }
        return low == 0 && high == 1 ? unit : unit * (high - low) + low
    }

    /// 0 with probability `rate`, 1 / (1 − rate) otherwise.
    package static func dropoutMask(_ shape: Shape, rate: Double, using random: inout RandomStream) -> Tensor {
        Tensor(shape: shape) { out in
            random.draw(out.count) {
                Scalar.kernels.dropout_mask($0, $1, $2, rate, $3.count, out.baseAddress! + $3.lowerBound)
            }
        }
    }

    /// Normal numbers (Box and Muller 1958).
    public static func normal(
        _ shape: Shape, mean: Scalar = 0, standardDeviation: Scalar = 1, using random: inout RandomStream
    ) -> Tensor {
        Tensor(shape: shape) { out in
            for i in stride(from: 0, to: out.count, by: 2) {
                let radius = (-2 * logarithm(1 - random.uniform())).squareRoot()
                let angle = 2 * Double.pi * random.uniform()
                out[i] = mean + standardDeviation * Scalar(radius * cosine(angle))
                if i + 1 < out.count { out[i + 1] = mean + standardDeviation * Scalar(radius * sine(angle)) }
            }
        }
    }
}
