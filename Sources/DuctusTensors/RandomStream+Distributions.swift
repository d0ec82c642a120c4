import CDuctusKernels

// Every element's number follows from its place in the stream alone, so that any number of threads draws the same.
extension Tensor where Scalar: FloatingScalar {
    /// Uniform numbers in [`low`, `high`): multiples of 2⁻²⁴ (Float) or 2⁻⁵³ (Double), moved there.
    public static func uniform(
        _ shape: Shape, from low: Scalar = 0, to high: Scalar = 1, using random: inout RandomStream
    ) -> Tensor {
        precondition(low <= high, "uniform is for numbers from low to high; got \(low) and \(high).")
        let perBlock = 16 / MemoryLayout<Scalar>.size
        let unit = Tensor(shape: shape) { out in
            random.draw(out.count, perBlock: perBlock) {
                Scalar.kernels.uniform($0.key, $0.stream, $0.block, $1.count, out.baseAddress! + $1.lowerBound)
            }
        }
        if low == 0 && high == 1 { return unit }
        var moved = unit * (high - low) + low
        // Where numbers are far from 0 and close together, rounding leads to the bound itself.
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

    /// Normal numbers (Box and Muller 1958).
    ///
    /// ```swift
    /// var random = RandomStream(seed: 1)
    /// let noise = Tensor<Float>.normal([3, 4], standardDeviation: 0.1, using: &random)
    /// ```
    public static func normal(
        _ shape: Shape, mean: Scalar = 0, standardDeviation: Scalar = 1, using random: inout RandomStream
    ) -> Tensor {
        precondition(standardDeviation >= 0, "A standard deviation is not negative; got \(standardDeviation).")
        return drawn(shape, perBlock: 2, using: &random) {
            ductus_random_normal($0, Double(mean), Double(standardDeviation), $1, MemoryLayout<Scalar>.size, $2)
        }
    }

    /// Normal numbers no further than `bound` standard deviations from the mean: others are drawn again.
    public static func truncatedNormal(
        _ shape: Shape, mean: Scalar = 0, standardDeviation: Scalar = 1, within bound: Double = 2,
        using random: inout RandomStream
    ) -> Tensor {
        precondition(standardDeviation >= 0, "A standard deviation is not negative; got \(standardDeviation).")
        precondition(bound > 0, "truncatedNormal needs a bound above 0; got \(bound).")
        return drawn(shape, perBlock: 1, using: &random) {
            ductus_random_truncated_normal(
                $0, Double(mean), Double(standardDeviation), bound, $1, MemoryLayout<Scalar>.size, $2)
        }
    }

    /// Exponentially distributed numbers, of density rate · e^(−rate · x) and mean 1 / rate.
    public static func exponential(_ shape: Shape, rate: Scalar = 1, using random: inout RandomStream) -> Tensor {
        precondition(rate > 0, "exponential needs a rate above 0; got \(rate).")
        return drawn(shape, perBlock: 2, using: &random) {
            ductus_random_exponential($0, Double(rate), $1, MemoryLayout<Scalar>.size, $2)
        }
    }
}

extension Tensor {
    /// A tensor filled in runs: from a place in the stream, so many elements, at an address.
    static func drawn(
        _ shape: Shape, perBlock: Int, using random: inout RandomStream,
        _ fill: (ductus_random, Int, UnsafeMutablePointer<Scalar>) -> Void
    ) -> Tensor {
        Tensor(shape: shape) { out in
            random.draw(out.count, perBlock: perBlock) { fill($0, $1.count, out.baseAddress! + $1.lowerBound) }
        }
    }
}
