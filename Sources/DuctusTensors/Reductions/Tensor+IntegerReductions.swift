extension Tensor where Scalar: IntegerScalar {
    /// The sum over `axes` (all by default). Traps on overflow.
    @_specialize(where Scalar == Int32)
    @_specialize(where Scalar == UInt8)
    public func sum(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor<Int32> {
        folded(axes, keepingDimensions) { row in
            var sum = 0
            for element in row { sum &+= Int(truncatingIfNeeded: element) }
            precondition(Int32(exactly: sum) != nil, "The sum \(sum) of \(row.count) elements does not fit in Int32.")
            return Int32(truncatingIfNeeded: sum)
        }
    }

    /// The product over `axes` (all by default). Traps on overflow.
    @_specialize(where Scalar == Int32)
    @_specialize(where Scalar == UInt8)
    public func product(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor<Int32> {
        folded(axes, keepingDimensions) { row in
            row.reduce(Int32(1)) { exact($0.multipliedReportingOverflow(by: Int32($1)), $0, "*", Int32($1)) }
        }
    }

    /// The largest element over `axes` (all by default).
    @_specialize(where Scalar == Int32)
    @_specialize(where Scalar == UInt8)
    public func max(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
        folded(axes, keepingDimensions) { row in
            var top = first(of: row)
            for element in row { top = Swift.max(top, element) }
            return top
        }
    }

    /// The smallest element over `axes` (all by default).
    @_specialize(where Scalar == Int32)
    @_specialize(where Scalar == UInt8)
    public func min(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
        folded(axes, keepingDimensions) { row in
            var bottom = first(of: row)
            for element in row { bottom = Swift.min(bottom, element) }
            return bottom
        }
    }

    /// The position of the largest element along `axis`; the first one of ties.
    @_specialize(where Scalar == Int32)
    @_specialize(where Scalar == UInt8)
    public func argmax(axis: Int = -1, keepingDimensions: Bool = false) -> Tensor<Int32> {
        folded([axis], keepingDimensions) { row in
            var (top, best) = (first(of: row), 0)
            for i in row.indices where row[i] > top { (top, best) = (row[i], i) }
            return Int32(best)
        }
    }

    /// The position of the smallest element along `axis`; the first one of ties.
    @_specialize(where Scalar == Int32)
    @_specialize(where Scalar == UInt8)
    public func argmin(axis: Int = -1, keepingDimensions: Bool = false) -> Tensor<Int32> {
        folded([axis], keepingDimensions) { row in
            var (bottom, best) = (first(of: row), 0)
            for i in row.indices where row[i] < bottom { (bottom, best) = (row[i], i) }
            return Int32(best)
        }
    }

    @inline(__always)
    private func first(of row: UnsafeBufferPointer<Scalar>) -> Scalar {
        precondition(!row.isEmpty, "The minimum and maximum of no elements are undefined (shape \(shape)).")
        return row[0]
    }
}

extension Tensor where Scalar == Bool {
    /// The number of true elements over `axes` (all by default).
    public func sum(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor<Int32> {
        folded(axes, keepingDimensions) { row in
            var count: Int32 = 0
            for element in row { count += element ? 1 : 0 }
            return count
        }
    }
}
