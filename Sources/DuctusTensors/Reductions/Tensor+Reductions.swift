import CDuctusKernels

/// Elements per task of a reduction; fixed, so that sums do not depend on the number of threads.
private let reductionGrain = 1 << 15

extension Tensor: SummableTensor where Scalar: FloatingScalar {
    @_specialize(where Scalar == Float)
    func summed(to shape: Shape) -> Any {
        let lead = rank - shape.rank
        let axes = (0..<rank).filter { $0 < lead || shape[$0 - lead] == 1 && self.shape[$0] != 1 }
        return reduced(DUCTUS_SUM, axes: axes).reshaped(to: shape)
    }

    /// The sum over `axes` (all by default). The sum of no elements is 0.
    ///
    /// ```swift
    /// let x: Tensor<Float> = [[1, 2], [3, 4]]
    /// x.sum()                                       // 10.0
    /// x.sum(axes: [0])                              // [4. 6.]
    /// x.sum(axes: [-1], keepingDimensions: true)    // [[3.] [7.]]
    /// ```
    @_specialize(where Scalar == Float)
    public func sum(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
        let axes = checked(axes)
        let kept = keptShape(axes)
        let original = shape
        let result = detached().reduced(DUCTUS_SUM, axes: axes)
            .recorded(from: self) { $0.reshaped(to: kept).broadcast(to: original) }
        return result.reshaped(to: keepingDimensions ? kept : droppedShape(axes))
    }

    /// The mean over `axes` (all by default). The mean of no elements is NaN.
    @_specialize(where Scalar == Float)
    public func mean(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
        sum(axes: axes, keepingDimensions: keepingDimensions) / Tensor(Scalar(extent(checked(axes))))
    }

    /// The product over `axes` (all by default). The product of no elements is 1.
    public func product(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
        let axes = checked(axes)
        let kept = keptShape(axes)
        let x = detached()
        let result = x.reduced(DUCTUS_PRODUCT, axes: axes).recorded(from: self) { gradient in
            // The product of the other elements is that of all nonzero ones, unless another one is 0.
            let isZero = x .== 0
            let factors = x.replacing(with: 1, where: isZero)
            let zeros = Tensor(0).replacing(with: 1, where: isZero)
            let otherZeros = zeros.sum(axes: axes, keepingDimensions: true) - zeros
            let scaled = gradient.reshaped(to: kept) * factors.product(axes: axes, keepingDimensions: true)
            return (scaled / factors).replacing(with: 0, where: otherZeros .> 0)
        }
        return result.reshaped(to: keepingDimensions ? kept : droppedShape(axes))
    }

    /// The largest element over `axes` (all by default); NaN if there is one. Ties share the gradient.
    public func max(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
        extreme(DUCTUS_MAX, axes, keepingDimensions)
    }

    /// The smallest element over `axes` (all by default); NaN if there is one. Ties share the gradient.
    public func min(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
        extreme(DUCTUS_MIN, axes, keepingDimensions)
    }

    private func extreme(_ operation: ductus_reduction, _ axes: [Int]?, _ keepingDimensions: Bool) -> Tensor {
        let axes = checked(axes)
        let kept = keptShape(axes)
        let x = detached()
        let result = Tensor.operation(operation == DUCTUS_MAX ? "max" : "min", of: [self]) {
            let top = x.reduced(operation, axes: axes).reshaped(to: kept)
            return top.recorded(from: self) { gradient in
                let wins = Tensor(0).replacing(with: 1, where: x .== top)
                return wins * (gradient.reshaped(to: kept) / wins.sum(axes: axes, keepingDimensions: true))
            }
        }
        return keepingDimensions ? result : result.reshaped(to: droppedShape(axes))
    }

    /// The position of the largest element along `axis`; the first one of ties. NaN counts as the largest.
    ///
    /// ```swift
    /// ([[1, 9, 4], [8, 2, 6]] as Tensor<Float>).argmax()   // [1 0]
    /// ```
    public func argmax(axis: Int = -1, keepingDimensions: Bool = false) -> Tensor<Int32> {
        precondition(rank > 0, "argmax needs a tensor with at least one axis; got a scalar.")
        let axis = shape.axis(axis)
        let columns = shape[axis]
        precondition(columns > 0, "argmax needs a nonempty axis; axis \(axis) of shape \(shape) is empty.")
        return Tensor<Int32>(shape: reducedShape([axis], keepingDimensions)) { out in
            detached().rows(along: [axis]).withUnsafeBuffer { x in
                parallelRanges(out.count, grain: Swift.max(1, reductionGrain / columns)) { rows in
                    Scalar.kernels.argmax(
                        rows.count, columns, x.baseAddress! + rows.lowerBound * columns,
                        out.baseAddress! + rows.lowerBound)
                }
            }
        }
    }

    /// The position of the smallest element along `axis`; the first one of ties. NaN counts as the smallest.
    public func argmin(axis: Int = -1, keepingDimensions: Bool = false) -> Tensor<Int32> {
        (-detached()).argmax(axis: axis, keepingDimensions: keepingDimensions)
    }

    /// Reduces runs of adjacent axes, the last run first. The result has only the kept axes and is not recorded.
    private func reduced(_ operation: ductus_reduction, axes: [Int]) -> Tensor {
        var result = self
        var remaining = axes
        while let last = remaining.popLast() {
            var first = last
            while remaining.last == first - 1 { first = remaining.removeLast() }
            let extents = result.shape
            let outer = extents[..<first].extentProduct
            let middle = extents[first...last].extentProduct
            let inner = extents[(last + 1)...].extentProduct
            precondition(
                middle > 0 || operation == DUCTUS_SUM || operation == DUCTUS_PRODUCT,
                "The minimum and maximum of no elements are undefined (shape \(shape), axes \(axes)).")
            result = Tensor(shape: Shape(Array(extents[..<first]) + Array(extents[(last + 1)...]))) { out in
                guard out.count > 0 else { return }
                guard middle > 0 else { return out.fill(operation == DUCTUS_PRODUCT ? 1 : 0) }
                result.withUnsafeBuffer {
                    Self.reduce(operation, outer, middle, inner, $0.baseAddress!, out.baseAddress!)
                }
            }
        }
        return result
    }

    /// x[outer][middle][inner] → y[outer][inner]. A long middle axis is first reduced in blocks, to use all threads.
    @_specialize(where Scalar == Float)
    private static func reduce(
        _ operation: ductus_reduction, _ outer: Int, _ middle: Int, _ inner: Int, _ x: UnsafePointer<Scalar>,
        _ y: UnsafeMutablePointer<Scalar>
    ) {
        // Long enough that the kernel sums rows in double precision.
        let length = Swift.max(operation == DUCTUS_SUM ? 256 : 16, reductionGrain / inner)
        guard outer < 8, middle >= 2 * length else {
            return parallelRanges(outer, grain: Swift.max(1, reductionGrain / (middle * inner))) { range in
                Scalar.kernels.reduce(
                    operation, range.count, middle, inner, x + range.lowerBound * middle * inner,
                    y + range.lowerBound * inner)
            }
        }
        let blocks = (middle + length - 1) / length
        Tensor(shape: [outer * blocks * inner]) { _ in }.withUnsafeBuffer { partial in
            let partial = UnsafeMutablePointer(mutating: partial.baseAddress!)
            parallel(outer * blocks) { task in
                let (o, block) = task.quotientAndRemainder(dividingBy: blocks)
                Scalar.kernels.reduce(
                    operation, 1, Swift.min(length, middle - block * length), inner,
                    x + (o * middle + block * length) * inner, partial + task * inner)
            }
            guard operation == DUCTUS_SUM else {
                return Scalar.kernels.reduce(operation, outer, blocks, inner, partial, y)
            }
            for o in 0..<outer {
                for i in 0..<inner {
                    var total = 0.0
                    for block in 0..<blocks { total += Double(partial[(o * blocks + block) * inner + i]) }
                    y[o * inner + i] = Scalar(total)
                }
            }
        }
    }
}
