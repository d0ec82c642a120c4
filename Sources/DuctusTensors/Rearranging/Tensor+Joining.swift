import CDuctusKernels

extension Tensor {
    /// Tensors joined along `axis`; all other extents must match.
    ///
    /// ```swift
    /// let (a, b): (Tensor<Float>, Tensor<Float>) = ([[1, 2]], [[3, 4], [5, 6]])
    /// Tensor.concatenated([a, b], axis: 0)   // [[1. 2.] [3. 4.] [5. 6.]]
    /// ```
    public static func concatenated(_ tensors: [Tensor], axis: Int) -> Tensor {
        guard let first = tensors.first else { preconditionFailure("concatenated needs at least one tensor.") }
        let axis = first.shape.axis(axis)
        var target = first.shape
        target[axis] = 0
        for tensor in tensors {
            var (a, b) = (first.shape, tensor.shape)
            precondition(a.rank == b.rank, "Shapes \(a) and \(b) cannot be concatenated.")
            target[axis] += b[axis]
            (a[axis], b[axis]) = (0, 0)
            precondition(a == b, "Shapes \(first.shape) and \(tensor.shape) cannot be concatenated along axis \(axis).")
        }
        let outer = target[..<axis].extentProduct
        let size = target[(axis + 1)...].extentProduct * MemoryLayout<Scalar>.stride
        let row = target[axis] * size
        var starts = [0]
        for tensor in tensors { starts.append(starts.last! + tensor.shape[axis]) }
        let parts = tensors.map { $0.detached().dense() }
        let result = Tensor(shape: target) { out in
            guard out.count > 0 else { return }
            let to = UnsafeMutableRawPointer(out.baseAddress!)
            parallelRanges(outer, grain: Swift.max(1, (1 << 17) / row)) { rows in
                for (part, start) in zip(parts, starts) {
                    let bytes = part.shape[axis] * size
                    ductus_copy_rows(
                        rows.count, bytes, UnsafeRawPointer(part.base) + rows.lowerBound * bytes, bytes,
                        to + rows.lowerBound * row + start * size, row, outer * row >= 16 << 20)
                }
            }
        }
        let isWanted = tensors.map(\.isRecorded)
        return result.recorded(inputs: tensors) { [starts] gradient in
            // Copies, since views would keep the whole gradient alive until the last part is used.
            isWanted.indices.map {
                isWanted[$0] ? gradient.sliced(starts[$0]..<starts[$0 + 1], axis: axis).dense() : nil
            }
        }
    }

    /// Tensors of one shape joined along a new axis.
    ///
    /// ```swift
    /// let (a, b): (Tensor<Float>, Tensor<Float>) = ([1, 2], [3, 4])
    /// Tensor.stacked([a, b])            // [[1. 2.] [3. 4.]]
    /// Tensor.stacked([a, b], axis: 1)   // [[1. 3.] [2. 4.]]
    /// ```
    public static func stacked(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
        guard let first = tensors.first else { preconditionFailure("stacked needs at least one tensor.") }
        for tensor in tensors {
            precondition(
                tensor.shape == first.shape, "Shapes \(first.shape) and \(tensor.shape) cannot be stacked.")
        }
        return concatenated(
            tensors.map { $0.expandingShape(at: axis) }, axis: axis < 0 ? axis + first.rank + 1 : axis)
    }

    /// Splits `axis` into `count` views of equal extent, which must divide evenly.
    ///
    /// ```swift
    /// Tensor<Float>.arange(6).split(into: 2, axis: 0)[1]   // [3. 4. 5.]
    /// ```
    public func split(into count: Int, axis: Int) -> [Tensor] {
        let axis = shape.axis(axis)
        precondition(
            count > 0 && shape[axis] % count == 0,
            "Axis \(axis) of shape \(shape) cannot be split into \(count) equal parts."
        )
        return split(sizes: [Int](repeating: shape[axis] / count, count: count), axis: axis)
    }

    /// Splits `axis` into views of the given extents, which must add up to its extent.
    ///
    /// ```swift
    /// let parts = x.split(sizes: [10, 20], axis: 0)   // x[0..<10, ...] and x[10..<30, ...]
    /// ```
    public func split(sizes: [Int], axis: Int) -> [Tensor] {
        let axis = shape.axis(axis)
        precondition(
            sizes.allSatisfy { $0 >= 0 } && sizes.reduce(0, +) == shape[axis],
            "Sizes \(sizes) do not add up to axis \(axis) of shape \(shape).")
        var start = 0
        return sizes.map { size in
            defer { start += size }
            return sliced(start..<start + size, axis: axis)
        }
    }

    /// The whole tensor repeated `counts[i]` times along axis i, aligned at the last axis: NumPy's `tile`.
    ///
    /// ```swift
    /// ([1, 2] as Tensor<Float>).tiled([2, 2])   // [[1. 2. 1. 2.] [1. 2. 1. 2.]]
    /// ```
    public func tiled(_ counts: [Int]) -> Tensor {
        let lead = Swift.max(0, counts.count - rank)
        var result = lead == 0 ? self : reshaped(to: Shape([Int](repeating: 1, count: lead) + shape))
        let first = result.rank - counts.count
        for (axis, count) in counts.enumerated().reversed() where count != 1 {
            result = result.repeated(count, axis: first + axis, blocksFrom: first + axis)
        }
        return result
    }

    /// Every element repeated `count` times in a row along `axis`: NumPy's `repeat`.
    ///
    /// ```swift
    /// ([1, 2] as Tensor<Float>).repeated(2, axis: 0)   // [1. 1. 2. 2.]
    /// ```
    public func repeated(_ count: Int, axis: Int) -> Tensor {
        let axis = shape.axis(axis)
        return repeated(count, axis: axis, blocksFrom: axis + 1)
    }

    /// Repeats along `axis` in blocks that span the axes from `blocks` on.
    private func repeated(_ count: Int, axis: Int, blocksFrom blocks: Int) -> Tensor {
        precondition(count >= 0, "A repetition count must not be negative; got \(count).")
        let (outer, inner) = (shape[..<blocks].extentProduct, shape[blocks...].extentProduct)
        return reshaped(to: [outer, 1, inner]).broadcast(to: [outer, count, inner])
            .reshaped(to: shape.replacing(axis, with: [shape[axis], count].extentProduct))
    }

    /// The elements shifted by `shift` positions along `axis`; those shifted off one end reappear at the other.
    ///
    /// ```swift
    /// ([1, 2, 3, 4] as Tensor<Float>).rolled(by: 1, axis: 0)   // [4. 1. 2. 3.]
    /// ```
    public func rolled(by shift: Int, axis: Int) -> Tensor {
        let axis = shape.axis(axis)
        let extent = shape[axis]
        guard extent > 0, shift % extent != 0 else { return self }
        let first = extent - ((shift % extent) + extent) % extent
        return Tensor.operation(of: [self]) {
            let x = detached()
            let result = Tensor(shape: shape) { _ in }
            result.sliced(0..<extent - first, axis: axis).overwrite(with: x.sliced(first..<extent, axis: axis))
            result.sliced(extent - first..<extent, axis: axis).overwrite(with: x.sliced(0..<first, axis: axis))
            return result.recorded(from: self) { $0.rolled(by: -shift, axis: axis) }
        }
    }
}
