import CDuctusKernels

extension Tensor {
    /// The sub-tensors at the given positions along `axis`: NumPy's `take`. The axes of `indices` replace `axis`.
    ///
    /// Shapes: `[…, n, …]` at indices `[a, b]` → `[…, a, b, …]`. Negative positions count from the end. Gradients of
    /// repeated positions add up.
    ///
    /// ```swift
    /// let vectors: Tensor<Float> = [[0, 1], [10, 11], [20, 21]]
    /// vectors.gathered(at: [2, 0, 2], axis: 0)   // [[20. 21.] [ 0.  1.] [20. 21.]]
    /// ```
    public func gathered(at indices: Tensor<Int32>, axis: Int) -> Tensor {
        let axis = shape.axis(axis)
        let positions = indices.checked(extent: shape[axis]) { "axis \(axis) of shape \(shape)" }
        return gathered(positions, axes: axis..<axis + 1)
    }

    /// The elements at positions along `axis` that are given for every position of the other axes: NumPy's
    /// `take_along_axis`.
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
            "gatheredAlong needs indices with as many axes as shape \(shape); got shape \(indices.shape).")
        let positions = indices.checked(extent: shape[axis]) { "axis \(axis) of shape \(shape)" }
        var (lines, chosen) = (shape, indices.shape)
        (lines[axis], chosen[axis]) = (1, 1)
        var target = Shape.broadcast(lines, chosen)
        for other in shape.indices where other != axis {
            precondition(
                target[other] == shape[other] || shape[other] == 1,
                "Indices of shape \(indices.shape) do not broadcast along axis \(axis) of shape \(shape).")
        }
        let source = broadcast(to: target.replacing(axis, with: shape[axis]))
        precondition(source.count <= Int32.max, "gatheredAlong supports at most 2³¹ − 1 elements.")
        let (extent, length) = (shape[axis], indices.shape[axis])
        target[axis] = length
        let inner = target[(axis + 1)...].extentProduct
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

    /// A vector of the elements where `mask` is true, in row-major order. The mask broadcasts.
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
    /// This tensor with values added at positions along `axis`; repeated positions accumulate: NumPy's `add.at`.
    ///
    /// `values` broadcasts to the shape of ``gathered(at:axis:)`` for the same indices. Values are added in the order
    /// of the indices. Integer sums must not overflow.
    ///
    /// ```swift
    /// Tensor<Int32>.zeros([3]).scatteringAdd(1, at: [0, 2, 0], axis: 0)   // [2 0 1]
    /// ```
    public func scatteringAdd(_ values: Tensor, at indices: Tensor<Int32>, axis: Int) -> Tensor {
        let axis = shape.axis(axis)
        let positions = indices.checked(extent: shape[axis]) { "axis \(axis) of shape \(shape)" }
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
    /// The indices of the true elements, one row per element and one column per axis: NumPy's `argwhere`. Shape:
    /// `[n, rank]`.
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

    /// The row-major positions of the true elements.
    func truePositions() -> Tensor<Int32> {
        precondition(count <= Int32.max, "Masks can have at most 2³¹ − 1 elements; this one has shape \(shape).")
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
