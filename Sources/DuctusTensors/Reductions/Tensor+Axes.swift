// The axes of a reduction.
extension Tensor {
    /// The axes as sorted, nonnegative numbers; all axes for `nil`. Traps if one is named twice.
    func checked(_ axes: [Int]?) -> [Int] {
        guard let axes else { return Array(0..<rank) }
        let positive = Set(axes.map(shape.axis))
        precondition(positive.count == axes.count, "Axes \(axes) name an axis of shape \(shape) twice.")
        return positive.sorted()
    }

    /// The shape with `axes` reduced to extent 1.
    func keptShape(_ axes: [Int]) -> Shape {
        var kept = shape
        for axis in axes { kept[axis] = 1 }
        return kept
    }

    /// The shape without `axes`.
    func droppedShape(_ axes: [Int]) -> Shape {
        Shape(shape.enumerated().filter { !axes.contains($0.offset) }.map { $0.element })
    }

    /// The shape of a reduction over `axes`.
    func reducedShape(_ axes: [Int], _ keepingDimensions: Bool) -> Shape {
        keepingDimensions ? keptShape(axes) : droppedShape(axes)
    }

    /// The product of the extents of `axes`.
    func extent(_ axes: [Int]) -> Int { axes.map { shape[$0] }.extentProduct }

    /// The elements along `axes` as rows: the other axes first, then one axis of all elements along `axes`.
    func rows(along axes: [Int]) -> Tensor {
        let others = shape.indices.filter { !axes.contains($0) }
        return permuted(others + axes).reshaped(to: Shape(others.map { shape[$0] } + [extent(axes)]))
    }

    /// The results of `body` for the elements along `axes`, at every position of the other axes.
    @inline(__always)
    func folded<Result>(
        _ axes: [Int]?, _ keepingDimensions: Bool, _ body: (UnsafeBufferPointer<Scalar>) -> Result
    ) -> Tensor<Result> {
        let axes = checked(axes)
        let length = extent(axes)
        return Tensor<Result>(shape: reducedShape(axes, keepingDimensions)) { out in
            detached().rows(along: axes).withUnsafeBuffer { elements in
                parallelRanges(out.count, grain: Swift.max(1, (1 << 15) / Swift.max(1, length))) { rows in
                    for row in rows { out[row] = body(.init(rebasing: elements[row * length..<(row + 1) * length])) }
                }
            }
        }
    }
}
