import CDuctusKernels

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension Tensor where Scalar: IntegerScalar {
    /// Uniformly distributed integers from a closed range, without bias (Lemire, *Fast Random Integer Generation in an
    /// Interval*, 2019).
    ///
    /// ```swift
    /// var random = RandomStream(seed: 1)
    /// let dice = Tensor<Int32>.integers([100], in: 1...6, using: &random)
    /// ```
    public static func integers(
        _ shape: Shape, in range: ClosedRange<Scalar>, using random: inout RandomStream
    ) -> Tensor {
        let count = UInt64(Int64(range.upperBound) - Int64(range.lowerBound) + 1)
        return drawn(shape, perBlock: 4, using: &random) {
            ductus_random_integers($0, Int64(range.lowerBound), count, $1, MemoryLayout<Scalar>.size, $2)
        }
    }

    /// Uniformly distributed integers from a half-open range.
    public static func integers(_ shape: Shape, in range: Range<Scalar>, using random: inout RandomStream) -> Tensor {
        precondition(!range.isEmpty, "integers needs a nonempty range; got \(range).")
        return integers(shape, in: range.lowerBound...(range.upperBound - 1), using: &random)
    }
}

extension Tensor where Scalar == Bool {
    /// Independent Bernoulli draws: each element is true with the given probability.
    public static func bernoulli(_ shape: Shape, probability: Double, using random: inout RandomStream) -> Tensor {
        precondition((0...1).contains(probability), "Probabilities must be from 0 to 1; got \(probability).")
        return drawn(shape, perBlock: 2, using: &random) { ductus_random_bernoulli($0, probability, $1, $2) }
    }

    /// Independent Bernoulli draws: each element is true with the probability at its position.
    public static func bernoulli<Probability: FloatingScalar>(
        _ probabilities: Tensor<Probability>, using random: inout RandomStream
    ) -> Tensor {
        probabilities.withUnsafeBuffer { elements in
            let wrong = elements.first { !(0...1).contains($0) }
            precondition(wrong == nil, "Probabilities must be from 0 to 1; got \(wrong ?? 0).")
            return Tensor(shape: probabilities.shape) { out in
                random.draw(out.count, perBlock: 2) {
                    ductus_random_bernoulli_of(
                        $0, elements.baseAddress! + $1.lowerBound, $1.count, MemoryLayout<Probability>.size,
                        out.baseAddress! + $1.lowerBound)
                }
            }
        }
    }
}

extension Tensor where Scalar == Int32 {
    /// A uniformly random permutation of the integers 0 ..< `count` (Fisher and Yates 1938).
    ///
    /// ```swift
    /// let order = Tensor<Int32>.permutation(5, using: &random)
    /// let (images, labels) = (images[order, ...], labels[order])   // the same order for both
    /// ```
    public static func permutation(_ count: Int, using random: inout RandomStream) -> Tensor {
        precondition(
            count >= 0 && count <= Int(Int32.max), "A permutation needs 0 to \(Int32.max) elements; got \(count).")
        return Tensor(shape: [count]) { out in
            guard let base = out.baseAddress else { return }
            ductus_random_permutation(random.take(count, perBlock: 4), count, base)
        }
    }

    /// Class indices drawn with the probabilities along the last axis, which need not sum to 1.
    ///
    /// ```swift
    /// let coins = Tensor<Int32>.categorical([1000], probabilities: [0.2, 0.8] as Tensor<Float>, using: &random)
    /// ```
    /// Shapes: probabilities `[…, classes]` → `[shape…, …]`, where `shape` gives the number of draws per row, one by
    /// default.
    public static func categorical(
        _ shape: Shape = [], probabilities: Tensor<some FloatingScalar>, using random: inout RandomStream
    ) -> Tensor {
        categorical(shape, probabilities, areLogits: false, using: &random)
    }

    /// Class indices drawn with the probabilities softmax(`logits`); see ``categorical(_:probabilities:using:)``.
    public static func categorical(
        _ shape: Shape = [], logits: Tensor<some FloatingScalar>, using random: inout RandomStream
    ) -> Tensor {
        categorical(shape, logits, areLogits: true, using: &random)
    }

    private static func categorical<Weight: FloatingScalar>(
        _ shape: Shape, _ weights: Tensor<Weight>, areLogits: Bool, using random: inout RandomStream
    ) -> Tensor {
        precondition(
            weights.rank > 0 && weights.shape.last != 0,
            "categorical needs a last axis of at least one class; got shape \(weights.shape).")
        let classes = weights.shape[weights.rank - 1]
        let rows = weights.count / classes
        let fault =
            areLogits
            ? "the logits has no finite maximum, or contains NaN"
            : "the probabilities has a negative, infinite or NaN element, or none above 0"
        // Inverts the running sums, which are in double precision.
        let sums = Tensor<Double>(shape: weights.shape) { sums in
            weights.withUnsafeBuffer { elements in
                parallelRanges(rows, grain: Swift.max(1, (1 << 14) / classes)) {
                    for row in $0 {
                        let areWeights = ductus_cumulative_weights(
                            elements.baseAddress! + row * classes, areLogits, classes, MemoryLayout<Weight>.size,
                            sums.baseAddress! + row * classes)
                        precondition(areWeights, "categorical: row \(row) of \(fault).")
                    }
                }
            }
        }
        return Tensor(shape: Shape(shape + weights.shape.dropLast())) { out in
            sums.withUnsafeBuffer { sums in
                random.draw(out.count, perBlock: 2) {
                    ductus_random_categories(
                        $0, sums.baseAddress!, rows, classes, $1.lowerBound, $1.count,
                        out.baseAddress! + $1.lowerBound)
                }
            }
        }
    }
}

extension Tensor {
    /// The sub-tensors along `axis` in uniformly random order.
    public func shuffled(axis: Int = 0, using random: inout RandomStream) -> Tensor {
        let axis = shape.axis(axis)
        let order = Tensor<Int32>.permutation(shape[axis], using: &random).scalars.map { Int($0) }
        return rearranged(order, axis: axis)
    }

    /// Sub-tensor `i` of the result is sub-tensor `order[i]` of this tensor.
    private func rearranged(_ order: [Int], axis: Int) -> Tensor {
        let extent = order.count
        let size = shape[(axis + 1)...].reduce(MemoryLayout<Scalar>.stride, *)
        let result = Tensor(shape: shape) { out in
            withUnsafeBuffer { elements in
                let (from, to) = (UnsafeRawBufferPointer(elements), UnsafeMutableRawBufferPointer(out))
                guard let from = from.baseAddress, let to = to.baseAddress, out.count > 0 else { return }
                parallelRanges(shape[...axis].extentProduct, grain: Swift.max(1, (1 << 17) / size)) {
                    for i in $0 { memcpy(to + i * size, from + (i - i % extent + order[i % extent]) * size, size) }
                }
            }
        }
        return result.recorded(from: self, operation: "shuffled") {
            var inverse = order
            for (to, from) in order.enumerated() { inverse[from] = to }
            return $0.rearranged(inverse, axis: axis)
        }
    }
}
