import CDuctusKernels

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

// Views share storage with their source; only `reshaped` of a strided tensor copies.
extension Tensor {
    private func view(_ shape: Shape, _ strides: Shape, offset: Int? = nil) -> Tensor {
        Tensor(shape: shape, strides: strides, offset: offset ?? self.offset, storage: storage)
    }

    /// The same elements in another shape. One extent may be −1: what the others leave.
    @_specialize(where Scalar == Float)
    public func reshaped(to shape: Shape) -> Tensor {
        var shape = shape
        if let free = shape.firstIndex(of: -1) {
            let known = shape.reduce(1) { $1 == -1 ? $0 : $0 * $1 }
            precondition(
                known != 0 && count % known == 0, "Shape \(self.shape) does not reshape to \(shape).")
            shape[free] = count / known
        }
        precondition(shape.elementCount == count, "Shape \(self.shape) does not reshape to \(shape).")
        let source = dense()
        let result = source.view(shape, shape.denseStrides)
        let original = self.shape
        return result.recorded(from: self) { $0.reshaped(to: original) }
    }

    /// Axes from `axis` on, merged into one.
    public func flattened(from axis: Int = 0) -> Tensor {
        let axis = shape.axis(axis)
        return reshaped(to: Shape(shape[..<axis] + [shape[axis...].reduce(1, *)]))
    }

    /// Axis `i` of the result is axis `axes[i]` of this tensor.
    @_specialize(where Scalar == Float)
    public func permuted(_ axes: [Int]) -> Tensor {
        let axes = axes.map(shape.axis)
        precondition(
            axes.sorted() == Array(0..<rank), "permuted takes every axis of \(shape) once; got \(axes).")
        var inverse = axes
        for (to, from) in axes.enumerated() { inverse[from] = to }
        return view(Shape(axes.map { shape[$0] }), Shape(axes.map { strides[$0] }))
            .recorded(from: self) { [inverse] in $0.permuted(inverse) }
    }

    /// Two axes exchanged; the last two unless named.
    public func transposed(_ first: Int = -2, _ second: Int = -1) -> Tensor {
        var axes = Array(0..<rank)
        axes.swapAt(shape.axis(first), shape.axis(second))
        return permuted(axes)
    }

    /// A new axis of extent 1.
    public func expandingShape(at axis: Int) -> Tensor {
        let axis = axis < 0 ? axis + rank + 1 : axis
        var (shape, strides) = (shape, strides)
        shape.insert(1, at: axis)
        strides.insert(0, at: axis)
        return view(shape, strides).recorded(from: self) { $0.squeezingShape(at: axis) }
    }

    /// Without an axis of extent 1.
    public func squeezingShape(at axis: Int) -> Tensor {
        let axis = self.shape.axis(axis)
        precondition(self.shape[axis] == 1, "Axis \(axis) of \(self.shape) has no extent of 1 to squeeze.")
        var (shape, strides) = (shape, strides)
        shape.remove(at: axis)
        strides.remove(at: axis)
        return view(shape, strides).recorded(from: self) { $0.expandingShape(at: axis) }
    }

    /// Elements `range` along `axis`.
    @_specialize(where Scalar == Float)
    public func sliced(_ range: Range<Int>, axis: Int) -> Tensor {
        let axis = self.shape.axis(axis)
        precondition(
            range.lowerBound >= 0 && range.upperBound <= self.shape[axis],
            "Range \(range) is out of range for axis \(axis) of \(self.shape).")
        var shape = shape
        shape[axis] = range.count
        let extent = self.shape[axis]
        return view(shape, strides, offset: offset + range.lowerBound * strides[axis])
            .recorded(from: self) { $0.padded(before: range.lowerBound, after: extent - range.upperBound, axis: axis) }
    }

    /// The sub-tensor at `index` of the first axis.
    public func row(_ index: Int) -> Tensor { sliced(index..<index + 1, axis: 0).squeezingShape(at: 0) }

    /// Repeated along axes of extent 1 (and new leading axes), without copying.
    @_specialize(where Scalar == Float)
    public func broadcast(to target: Shape) -> Tensor {
        guard target != shape else { return self }
        precondition(
            Shape.broadcast(shape, target) == target, "Shape \(shape) does not broadcast to \(target).")
        var strides = Shape(repeating: 0, count: target.rank)
        let lead = target.rank - rank
        for axis in 0..<rank { strides[lead + axis] = shape[axis] == 1 ? 0 : self.strides[axis] }
        let original = shape
        return view(target, strides).recorded(from: self) { $0.unbroadcast(to: original) }
    }

    /// Zeros before and after along `axis`.
    public func padded(before: Int, after: Int, axis: Int) -> Tensor {
        guard before != 0 || after != 0 else { return self }
        precondition(before >= 0 && after >= 0, "Padding is not negative; got \(before) and \(after).")
        let axis = shape.axis(axis)
        var target = shape
        target[axis] += before + after
        let outer = shape[..<axis].reduce(1, *)
        let inner = shape[(axis + 1)...].reduce(1, *)
        let extent = shape[axis]
        let result = Tensor(shape: target) { out in
            withUnsafeBuffer { elements in
                _ = memset(out.baseAddress!, 0, out.count * MemoryLayout<Scalar>.stride)
                for o in 0..<outer where extent * inner > 0 {
                    (out.baseAddress! + (o * (extent + before + after) + before) * inner)
                        .update(from: elements.baseAddress! + o * extent * inner, count: extent * inner)
                }
            }
        }
        return result.recorded(from: self) { $0.sliced(before..<before + extent, axis: axis) }
    }

    /// Tensors joined along `axis`.
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
        let outer = target[..<axis].reduce(1, *)
        let size = target[(axis + 1)...].reduce(1, *) * MemoryLayout<Scalar>.stride
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
            // Copies rather than views, which would keep the whole gradient until the last part is used.
            isWanted.indices.map {
                isWanted[$0] ? gradient.sliced(starts[$0]..<starts[$0 + 1], axis: axis).dense() : nil
            }
        }
    }

    /// The gradient's sum over the axes that broadcasting repeated. Only arithmetic types have gradients.
    @_specialize(where Scalar == Float)
    func unbroadcast(to shape: Shape) -> Tensor {
        guard self.shape != shape else { return self }
        guard let summable = self as? any SummableTensor, let result = summable.summed(to: shape) as? Tensor else {
            preconditionFailure("Only Float and Double tensors have gradients.")
        }
        return result
    }
}

/// Lets views of any element type hand their gradient to the types that can add.
protocol SummableTensor {
    func summed(to shape: Shape) -> Any
}
