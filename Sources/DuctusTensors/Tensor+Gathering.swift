import CDuctusKernels

extension Tensor {
    /// The sub-tensors at positions of `axis`, which the axes of `indices` replace: NumPy's `take`.
    ///
    /// Shapes: `[…, n, …]` at `[a, b]` is `[…, a, b, …]`. Negative positions count from the end. The gradient of a
    /// position that is taken several times is the sum.
    ///
    /// ```swift
    /// let vectors: Tensor<Float> = [[0, 1], [10, 11], [20, 21]]
    /// vectors.gathered(at: [2, 0, 2], axis: 0)   // [[20. 21.] [ 0.  1.] [20. 21.]]
    /// ```
    public func gathered(at indices: Tensor<Int32>, axis: Int) -> Tensor {
        let axis = shape.axis(axis)
        let positions = indices.checked(extent: shape[axis]) { "axis \(axis) of \(shape)" }
        return gathered(positions, axes: axis..<axis + 1)
    }

    /// The elements at positions of `axis` that differ from line to line: NumPy's `take_along_axis`.
    ///
    /// `indices` has as many axes as this tensor; all but `axis` broadcast.
    ///
    /// ```swift
    /// let scores: Tensor<Float> = [[1, 9, 4], [8, 2, 6]]
    /// scores.gatheredAlong([[1], [0]], axis: 1)   // [[9.] [8.]]
    /// ```
    public func gatheredAlong(_ indices: Tensor<Int32>, axis: Int) -> Tensor {
        let axis = shape.axis(axis)
        precondition(
            indices.rank == rank,
            "gatheredAlong needs indices with as many axes as \(shape); they have shape \(indices.shape).")
        let positions = indices.checked(extent: shape[axis]) { "axis \(axis) of \(shape)" }
        var (lines, chosen) = (shape, indices.shape)
        (lines[axis], chosen[axis]) = (1, 1)
        var target = Shape.broadcast(lines, chosen)
        for other in shape.indices where other != axis {
            precondition(
                target[other] == shape[other] || shape[other] == 1,
                "Indices of shape \(indices.shape) do not broadcast along axis \(axis) of \(shape).")
        }
        let source = broadcast(to: target.replacing(axis, with: shape[axis]))
        precondition(source.count <= Int32.max, "gatheredAlong reaches no further than 2³¹ − 1 elements.")
        let (extent, length) = (shape[axis], indices.shape[axis])
        target[axis] = length
        let inner = target[(axis + 1)...].reduce(1, *)
        let flat = Tensor<Int32>(shape: target) { out in
            guard out.count > 0 else { return }
            positions.broadcast(to: target).withUnsafeBuffer { positions in
                parallelRanges(out.count / inner, grain: rowGrain / inner) { rows in
                    var (line, number) = rows.lowerBound.quotientAndRemainder(dividingBy: length)
                    for row in rows {
                        for column in 0..<inner {
                            let i = row * inner + column
                            out[i] = Int32((line * extent + Int(positions[i])) * inner + column)
                        }
                        number += 1
                        if number == length { (line, number) = (line + 1, 0) }
                    }
                }
            }
        }
        return source.gathered(flat, axes: 0..<rank)
    }

    /// The elements where a mask, which broadcasts, is true: a vector, in row-major order.
    ///
    /// ```swift
    /// let x: Tensor<Float> = [[1, 5], [7, 2]]
    /// x.elements(where: x .> 4)   // [5. 7.]
    /// ```
    public func elements(where mask: Tensor<Bool>) -> Tensor {
        flattened().gathered(mask.broadcast(to: shape).truePositions(), axes: 0..<1)
    }
}

extension Tensor where Scalar: NumericScalar {
    /// This tensor with values added at positions of `axis`, as often as a position is named: NumPy's `add.at`.
    ///
    /// `values` broadcasts to the shape that ``gathered(at:axis:)`` makes of the same indices. Sums are taken in the
    /// order of the indices; those of integers must fit their type.
    ///
    /// ```swift
    /// Tensor<Int32>.zeros([3]).scatteringAdd(1, at: [0, 2, 0], axis: 0)   // [2 0 1]
    /// ```
    public func scatteringAdd(_ values: Tensor, at indices: Tensor<Int32>, axis: Int) -> Tensor {
        let axis = shape.axis(axis)
        let positions = indices.checked(extent: shape[axis]) { "axis \(axis) of \(shape)" }
        var result = detached()
        result.scatter(values.detached(), at: positions, axes: axis..<axis + 1, adding: true)
        let (valuesShape, needsValues) = (values.shape, values.isRecorded)
        return result.recorded(inputs: [self, values]) { gradient in
            [
                gradient,
                needsValues
                    ? gradient.gathered(positions, axes: axis..<axis + 1).unbroadcast(to: valuesShape) : nil,
            ]
        }
    }
}

extension Tensor<Bool> {
    /// Where this mask is true: one row an element, one number an axis. Shape: `[n, rank]`. NumPy's `argwhere`.
    ///
    /// ```swift
    /// let mask: Tensor<Bool> = [[true, false], [true, true]]
    /// mask.nonzeroIndices()   // [[0 0] [1 0] [1 1]]
    /// ```
    public func nonzeroIndices() -> Tensor<Int32> {
        let positions = truePositions()
        let shape = shape
        return Tensor<Int32>(shape: [positions.count, rank]) { out in
            positions.withUnsafeBuffer { positions in
                for (row, position) in positions.enumerated() {
                    var rest = Int(position)
                    for axis in shape.indices.reversed() {
                        out[row * shape.rank + axis] = Int32(rest % shape[axis])
                        rest /= shape[axis]
                    }
                }
            }
        }
    }

    /// Where this mask is true, row-major through all axes.
    func truePositions() -> Tensor<Int32> {
        precondition(count <= Int32.max, "Masks have at most 2³¹ − 1 elements; this one has shape \(shape).")
        return withUnsafeBuffer { mask in
            let chunks = Chunk.all(of: [mask.count])
            let counts = chunks.parallelMap { ductus_count_true($0.count, mask.baseAddress! + $0.start) }
            var starts = [0]
            for count in counts { starts.append(starts[starts.count - 1] + count) }
            return Tensor<Int32>(shape: [starts[counts.count]]) { out in
                guard let base = out.baseAddress else { return }
                parallel(chunks.count) {
                    let chunk = chunks[$0]
                    ductus_positions_true(
                        chunk.count, mask.baseAddress! + chunk.start, Int32(chunk.start), base + starts[$0])
                }
            }
        }
    }
}
