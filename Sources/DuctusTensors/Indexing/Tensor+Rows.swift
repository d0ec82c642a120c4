import CDuctusKernels

/// Bytes or elements moved per task; fixed, so that results do not depend on the number of threads.
let rowGrain = 1 << 15

extension Tensor<Int32> {
    /// These positions as a dense tensor, with negative ones resolved from the end of an axis. Traps if out of range.
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
    /// `[outer…, axes…, inner…]` at positions `[n…]` → `[outer…, n…, inner…]`. Positions count row-major through
    /// `axes`.
    func gathered(_ positions: Tensor<Int32>, axes: Range<Int>) -> Tensor {
        let (outer, inner) = (shape[..<axes.lowerBound].extentProduct, shape[axes.upperBound...].extentProduct)
        let extent = shape[axes].extentProduct
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

    /// Writes or adds values where ``gathered(_:axes:)`` reads. When writing, the last one of repeated positions wins.
    mutating func scatter(_ values: Tensor, at positions: Tensor<Int32>, axes: Range<Int>, adding: Bool) {
        let (outer, inner) = (shape[..<axes.lowerBound].extentProduct, shape[axes.upperBound...].extentProduct)
        let extent = shape[axes].extentProduct
        let count = positions.count
        let values = values.broadcast(to: shape.replacing(axes, with: positions.shape))
        guard values.count > 0 else { return }
        // Only columns are split among threads, so that repeated positions accumulate in their order.
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
                            precondition(fits, "scatteringAdd: a sum overflows \(Scalar.self).")
                        } else {
                            let size = MemoryLayout<Scalar>.stride
                            ductus_scatter_rows(count, columns * size, inner * size, from, positions, to)
                        }
                    }
                }
            }
        }
    }

    /// Writes a value, which broadcasts, into the storage of this view. The storage must have no other user, and no two
    /// elements of the view may share memory.
    func overwrite(with value: Tensor) {
        let value = value.broadcast(to: shape)
        guard count > 0 else { return }
        var (extents, from, to): ([Int], [Int], [Int]) = ([1], [0], [0])
        for axis in shape.indices where shape[axis] != 1 {
            let last = extents.count - 1
            // Two axes that a single stride covers in both tensors are merged.
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
    /// This shape with another extent for one axis.
    func replacing(_ axis: Int, with extent: Int) -> Shape {
        var shape = self
        shape[axis] = extent
        return shape
    }

    /// This shape with some axes replaced by others.
    func replacing(_ axes: Range<Int>, with extents: Shape) -> Shape {
        Shape(Array(self[..<axes.lowerBound]) + Array(extents) + Array(self[axes.upperBound...]))
    }
}
