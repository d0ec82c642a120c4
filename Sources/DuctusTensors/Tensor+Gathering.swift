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

// MARK: - Rows

/// The bytes or elements that one task moves; fixed, so that results do not depend on the threads.
private let rowGrain = 1 << 15

extension Tensor<Int32> {
    /// These positions, dense, negative ones counted from the end of an axis.
    func checked(extent: Int, _ axis: () -> String) -> Tensor<Int32> {
        let dense = detached().dense()
        var (least, most) = (Int32.max, Int32.min)
        dense.withUnsafeBuffer {
            for position in $0 {
                least = Swift.min(least, position)
                most = Swift.max(most, position)
            }
        }
        guard count > 0 else { return dense }
        precondition(Int(least) >= -extent, "Index \(least) is out of range for \(axis()).")
        precondition(Int(most) < extent, "Index \(most) is out of range for \(axis()).")
        if least >= 0 { return dense }
        return Tensor<Int32>(shape: shape) { out in
            dense.withUnsafeBuffer {
                for (i, position) in $0.enumerated() { out[i] = position < 0 ? position + Int32(extent) : position }
            }
        }
    }
}

extension Tensor {
    /// `[outer…, axes…, inner…]` at `[n…]` is `[outer…, n…, inner…]`; positions count row-major through `axes`.
    func gathered(_ positions: Tensor<Int32>, axes: Range<Int>) -> Tensor {
        let (outer, inner) = (shape[..<axes.lowerBound].reduce(1, *), shape[axes.upperBound...].reduce(1, *))
        let extent = shape[axes].reduce(1, *)
        let bytes = inner * MemoryLayout<Scalar>.stride
        let count = positions.count
        let result = Tensor(shape: shape.replacing(axes, with: positions.shape)) { out in
            guard out.count > 0 else { return }
            withPointers(to: detached(), positions) { from, positions in
                parallelRanges(outer * count, grain: rowGrain / bytes) { rows in
                    var row = rows.lowerBound
                    while row < rows.upperBound {
                        let (o, first) = row.quotientAndRemainder(dividingBy: count)
                        let run = Swift.min(count - first, rows.upperBound - row)
                        ductus_gather_rows(
                            run, bytes, from + o * extent * inner, positions + first, out.baseAddress! + row * inner)
                        row += run
                    }
                }
            }
        }
        let original = shape
        return result.recorded(from: self) { gradient in
            var sum = Tensor(zeros: original)
            sum.scatter(gradient, at: positions, axes: axes, adding: true)
            return sum
        }
    }

    /// Writes values where ``gathered(_:axes:)`` reads, or adds them; the last of equal positions wins.
    mutating func scatter(_ values: Tensor, at positions: Tensor<Int32>, axes: Range<Int>, adding: Bool) {
        let (outer, inner) = (shape[..<axes.lowerBound].reduce(1, *), shape[axes.upperBound...].reduce(1, *))
        let extent = shape[axes].reduce(1, *)
        let count = positions.count
        let values = values.broadcast(to: shape.replacing(axes, with: positions.shape))
        guard values.count > 0 else { return }
        // Columns are split, positions are not: what comes to one element comes in their order.
        let width = inner < 64 || count * inner < rowGrain ? inner : Swift.max(32, (inner / 8 + 15) / 16 * 16)
        let blocks = (inner + width - 1) / width
        let type = Scalar.element
        withUnsafeMutableBuffer { out in
            withPointers(to: values, positions) { from, positions in
                parallelRanges(outer * blocks, grain: rowGrain / (count * width)) { tasks in
                    for task in tasks {
                        let (o, block) = task.quotientAndRemainder(dividingBy: blocks)
                        let start = block * width
                        let columns = Swift.min(width, inner - start)
                        let (from, to) = (
                            from + o * count * inner + start, out.baseAddress! + o * extent * inner + start
                        )
                        if adding {
                            let fits = ductus_scatter_add(type, count, columns, inner, from, positions, to)
                            precondition(fits, "scatteringAdd: a sum does not fit \(Scalar.self).")
                        } else {
                            let size = MemoryLayout<Scalar>.stride
                            ductus_scatter_rows(count, columns * size, inner * size, from, positions, to)
                        }
                    }
                }
            }
        }
    }

    /// Writes a value, which broadcasts, into the storage of this view. The view must be of a tensor that nobody
    /// else reads, and show no element twice.
    func overwrite(with value: Tensor) {
        let value = value.broadcast(to: shape)
        guard count > 0 else { return }
        var (extents, from, to): ([Int], [Int], [Int]) = ([1], [0], [0])
        for axis in shape.indices where shape[axis] != 1 {
            let last = extents.count - 1
            // Two axes that both tensors step through evenly are one.
            if extents[last] == 1
                || from[last] == shape[axis] * value.strides[axis]
                    && to[last] == shape[axis] * strides[axis]
            {
                (extents[last], from[last], to[last]) = (
                    extents[last] * shape[axis], value.strides[axis], strides[axis]
                )
            } else {
                extents.append(shape[axis])
                from.append(value.strides[axis])
                to.append(strides[axis])
            }
        }
        withExtendedLifetime((value.storage, storage)) {
            parallelRanges(extents[0], grain: rowGrain / (count / extents[0])) { rows in
                ductus_assign_strided(
                    MemoryLayout<Scalar>.stride, extents.count, [rows.count] + extents.dropFirst(), from,
                    value.base + rows.lowerBound * from[0], to, base + rows.lowerBound * to[0])
            }
        }
    }
}

extension Shape {
    /// The same extents but for one.
    func replacing(_ axis: Int, with extent: Int) -> Shape {
        var shape = self
        shape[axis] = extent
        return shape
    }

    /// Other extents in the place of some.
    func replacing(_ axes: Range<Int>, with extents: Shape) -> Shape {
        Shape(Array(self[..<axes.lowerBound]) + Array(extents) + Array(self[axes.upperBound...]))
    }
}
