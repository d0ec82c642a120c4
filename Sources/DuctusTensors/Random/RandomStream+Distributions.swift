import CDuctusKernels

// Every element depends only on its position in the stream, so that results do not depend on the number of threads.
extension Tensor where Scalar: FloatingScalar {
    /// Uniformly distributed numbers in [`low`, `high`): multiples of 2⁻²⁴ (Float) or 2⁻⁵³ (Double), scaled and
    /// shifted.
    public static func uniform(
        _ shape: Shape, from low: Scalar = 0, to high: Scalar = 1, using random: inout RandomStream
    ) -> Tensor {
        precondition(low <= high, "uniform needs low ≤ high; got \(low) and \(high).")
        precondition((high - low).isFinite, "uniform needs a range of finite length; got \(low) to \(high).")
        let perBlock = 16 / MemoryLayout<Scalar>.size
        let unit = Tensor(shape: shape) { out in
            random.draw(out.count, perBlock: perBlock) {
                Scalar.kernels.uniform($0.key, $0.stream, $0.block, $1.count, out.baseAddress! + $1.lowerBound)
            }
        }
        if low == 0 && high == 1 { return unit }
        var moved = unit * (high - low) + low
        // If the range is narrow and far from 0, rounding can reach the upper bound.
        if low < high, Scalar(1).nextDown * (high - low) + low >= high {
            let last = high.nextDown
            moved.withUnsafeMutableBuffer { for i in $0.indices where $0[i] >= high { $0[i] = last } }
        }
        return moved
    }

    /// 0 with probability `rate`, 1 / (1 − rate) otherwise.
    package static func dropoutMask(_ shape: Shape, rate: Double, using random: inout RandomStream) -> Tensor {
        Tensor(shape: shape) { out in
            random.draw(out.count, perBlock: 4) {
                Scalar.kernels.dropout_mask(
                    $0.key, $0.stream, $0.block, rate, $1.count, out.baseAddress! + $1.lowerBound)
            }
        }
    }

    /// Normally distributed numbers (Box and Muller 1958).
    ///
    /// ```swift
    /// var random = RandomStream(seed: 1)
    /// let noise = Tensor<Float>.normal([3, 4], standardDeviation: 0.1, using: &random)
    /// ```
    public static func normal(
        _ shape: Shape, mean: Scalar = 0, standardDeviation: Scalar = 1, using random: inout RandomStream
    ) -> Tensor {
        precondition(standardDeviation >= 0, "The standard deviation must not be negative; got \(standardDeviation).")
        return drawn(shape, perBlock: 2, using: &random) {
            ductus_random_normal($0, Double(mean), Double(standardDeviation), $1, MemoryLayout<Scalar>.size, $2)
        }
    }

    /// Normally distributed numbers within `bound` standard deviations of the mean; others are redrawn.
    public static func truncatedNormal(
        _ shape: Shape, mean: Scalar = 0, standardDeviation: Scalar = 1, within bound: Double = 2,
        using random: inout RandomStream
    ) -> Tensor {
        precondition(standardDeviation >= 0, "The standard deviation must not be negative; got \(standardDeviation).")
        precondition(bound > 0, "truncatedNormal needs a bound above 0; got \(bound).")
        return drawn(shape, perBlock: 1, using: &random) {
            ductus_random_truncated_normal(
                $0, Double(mean), Double(standardDeviation), bound, $1, MemoryLayout<Scalar>.size, $2)
        }
    }

    /// Exponentially distributed numbers with density rate · e^(−rate · x) and mean 1 / rate.
    public static func exponential(_ shape: Shape, rate: Scalar = 1, using random: inout RandomStream) -> Tensor {
        precondition(rate > 0, "exponential needs a rate above 0; got \(rate).")
        return drawn(shape, perBlock: 2, using: &random) {
            ductus_random_exponential($0, Double(rate), $1, MemoryLayout<Scalar>.size, $2)
        }
    }
}

extension Tensor {
    /// A tensor filled in runs: `body` gets a position in the stream, a number of elements and their address.
    static func drawn(
        _ shape: Shape, perBlock: Int, using random: inout RandomStream,
        _ fill: (ductus_random, Int, UnsafeMutablePointer<Scalar>) -> Void
    ) -> Tensor {
        Tensor(shape: shape) { out in
            random.draw(out.count, perBlock: perBlock) { fill($0, $1.count, out.baseAddress! + $1.lowerBound) }
        }
    }
}
