extension Tensor where Scalar: IntegerScalar {
    /// How often each of 0, 1, 2, … occurs, up to the largest element: NumPy's `bincount`. The result has at least
    /// `minimumLength` elements.
    ///
    /// ```swift
    /// let x: Tensor<Int32> = [0, 2, 2]
    /// x.bincount()   // [1 0 2]
    /// ```
    @_specialize(where Scalar == Int32)
    @_specialize(where Scalar == UInt8)
    public func bincount(minimumLength: Int = 0) -> Tensor<Int32> {
        withUnsafeBuffer { elements in
            let bins = Swift.max(minimumLength, elements.max().map { Int($0) + 1 } ?? 0)
            return Tensor<Int32>(shape: [bins]) { counts in
                counts.zero()
                for element in elements {
                    precondition(element >= 0, "bincount requires nonnegative integers; got \(element).")
                    counts[Int(element)] += 1
                }
            }
        }
    }
}

extension Tensor where Scalar: FloatingScalar {
    /// The number of elements in each of `bins` equal bins over `range`, and the `bins` + 1 edges.
    ///
    /// The range defaults to that from the smallest element to the largest. A bin includes its lower edge, and the last
    /// bin also its upper edge; elements outside the range are not counted.
    ///
    /// ```swift
    /// let x: Tensor<Float> = [0, 0.25, 0.25, 1]
    /// let (counts, edges) = x.histogram(bins: 2)
    /// print(counts, edges)   // [3 1] [0.  0.5 1. ]
    /// ```
    public func histogram(
        bins: Int = 10, range: ClosedRange<Scalar>? = nil
    ) -> (counts: Tensor<Int32>, edges: Tensor) {
        precondition(bins > 0, "histogram needs at least one bin; got \(bins).")
        var (low, high) = range.map { ($0.lowerBound, $0.upperBound) } ?? (0, 1)
        if range == nil, count > 0 { (low, high) = (detached().min().item(), detached().max().item()) }
        precondition(low.isFinite && high.isFinite, "histogram needs a finite range; got \(low) to \(high).")
        if low == high {
            // Wide enough that the edges of large numbers differ.
            let margin = Swift.max(0.5, low.ulp * Scalar(bins))
            let limit = Scalar.greatestFiniteMagnitude
            (low, high) = (Swift.max(low - margin, -limit), Swift.min(high + margin, limit))
        }
        let step = Double(high) / Double(bins) - Double(low) / Double(bins)
        let isWide = !(Double(high) - Double(low)).isFinite
        let edges = (0...bins).map { number -> Scalar in
            if number == 0 || number == bins { return number == 0 ? low : high }
            let share = Double(number) / Double(bins)
            return Scalar(
                isWide ? Double(low) * (1 - share) + Double(high) * share : Double(low) + Double(number) * step)
        }
        return (counted(between: edges), Tensor(edges))
    }

    @_specialize(where Scalar == Float)
    @_specialize(where Scalar == Double)
    private func counted(between edges: [Scalar]) -> Tensor<Int32> {
        let bins = edges.count - 1
        let (low, high) = (edges[0], edges[bins])
        let scale = Scalar(bins) / (high - low)
        let isOrdinary = scale.isFinite && scale.isNormal
        // Half of a range never overflows, and a fraction of a small one neither.
        func bin(_ x: Scalar) -> Int {
            if isOrdinary { return Int((x - low) * scale) }
            let part = (Double(x) / 2 - Double(low) / 2) / (Double(high) / 2 - Double(low) / 2)
            return part.isFinite ? Int(part * Double(bins)) : 0
        }
        return Tensor<Int32>(shape: [bins]) { counts in
            counts.zero()
            withPointers(to: self, Tensor(edges)) { elements, edges in
                for i in 0..<count {
                    let x = elements[i]
                    guard x >= low && x <= high else { continue }
                    var bin = Swift.min(bin(x), bins - 1)
                    // The product is rounded, so the edges decide.
                    if x < edges[bin] { bin -= 1 } else if x >= edges[bin + 1], bin < bins - 1 { bin += 1 }
                    counts[bin] += 1
                }
            }
        }
    }
}
