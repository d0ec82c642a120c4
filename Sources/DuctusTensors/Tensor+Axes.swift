// The axes of a reduction.
extension Tensor {
    /// Axes counted from the start, sorted, each once; all of them for `nil`.
    func checked(_ axes: [Int]?) -> [Int] {
        guard let axes else { return Array(0..<rank) }
        let positive = Set(axes.map(shape.axis))
        precondition(positive.count == axes.count, "Axes \(axes) name an axis of \(shape) twice.")
        return positive.sorted()
    }

    /// The shape with extents of 1 for `axes`.
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

    /// The number of elements along `axes` together.
    func extent(_ axes: [Int]) -> Int { axes.reduce(1) { $0 * shape[$1] } }

    /// The elements along `axes` as rows: `[…, n]` with the other axes in front.
    func rows(along axes: [Int]) -> Tensor {
        let others = shape.indices.filter { !axes.contains($0) }
        return permuted(others + axes).reshaped(to: Shape(others.map { shape[$0] } + [extent(axes)]))
    }

    /// What `body` returns for the elements over `axes`.
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
