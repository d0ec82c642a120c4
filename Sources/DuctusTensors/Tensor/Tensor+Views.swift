// Views share storage with their source. Only reshaping a tensor that is not dense copies.
extension Tensor {
    func view(_ shape: Shape, _ strides: Shape, offset: Int? = nil) -> Tensor {
        Tensor(shape: shape, strides: strides, offset: offset ?? self.offset, storage: storage)
    }

    /// The same elements in row-major order with another shape. One extent may be −1 and is then inferred.
    ///
    /// ```swift
    /// Tensor<Int32>.arange(6).reshaped(to: [2, -1])   // [[0 1 2] [3 4 5]]
    /// ```
    @_specialize(where Scalar == Float)
    public func reshaped(to shape: Shape) -> Tensor {
        let free = shape.firstIndex(of: -1)
        var target = shape
        if let free { target[free] = 1 }
        precondition(
            target.allSatisfy { $0 >= 0 },
            "Shape \(self.shape) cannot be reshaped to \(shape); extents must not be negative, except for one -1.")
        if let free {
            let known = target.elementCount
            precondition(
                known != 0 && count % known == 0, "Shape \(self.shape) cannot be reshaped to \(shape).")
            target[free] = count / known
        }
        precondition(target.elementCount == count, "Shape \(self.shape) cannot be reshaped to \(shape).")
        let source = dense()
        let result = source.view(target, target.denseStrides)
        let original = self.shape
        return result.recorded(from: self) { $0.reshaped(to: original) }
    }

    /// Merges all axes from `axis` on into one. A scalar becomes a vector of one element.
    ///
    /// ```swift
    /// Tensor<Float>.zeros([8, 5, 5, 16]).flattened(from: 1).shape   // [8, 400]
    /// ```
    public func flattened(from axis: Int = 0) -> Tensor {
        if rank == 0, axis == 0 || axis == -1 { return reshaped(to: [1]) }
        let axis = shape.axis(axis)
        return reshaped(to: Shape(shape[..<axis] + [shape[axis...].extentProduct]))
    }

    /// The axes in another order, as a view: axis `i` of the result is axis `axes[i]` of this tensor.
    ///
    /// ```swift
    /// Tensor<Float>.zeros([2, 3, 4]).permuted([2, 0, 1]).shape   // [4, 2, 3]
    /// ```
    @_specialize(where Scalar == Float)
    public func permuted(_ axes: [Int]) -> Tensor {
        let axes = axes.map(shape.axis)
        precondition(
            axes.sorted() == Array(0..<rank), "permuted needs every axis of shape \(shape) once; got \(axes).")
        var inverse = axes
        for (to, from) in axes.enumerated() { inverse[from] = to }
        return view(Shape(axes.map { shape[$0] }), Shape(axes.map { strides[$0] }))
            .recorded(from: self) { [inverse] in $0.permuted(inverse) }
    }

    /// Two axes exchanged, as a view; by default the last two.
    ///
    /// ```swift
    /// ([[1, 2], [3, 4]] as Tensor<Float>).transposed()   // [[1. 3.] [2. 4.]]
    /// ```
    public func transposed(_ first: Int = -2, _ second: Int = -1) -> Tensor {
        var axes = Array(0..<rank)
        axes.swapAt(shape.axis(first), shape.axis(second))
        return permuted(axes)
    }

    /// The tensor with a new axis of extent 1 at position `axis`; −1 adds it at the end.
    ///
    /// ```swift
    /// Tensor<Float>.zeros([2, 3]).expandingShape(at: 1).shape   // [2, 1, 3]
    /// ```
    public func expandingShape(at axis: Int) -> Tensor {
        precondition(
            axis >= -rank - 1 && axis <= rank, "A new axis cannot be inserted at position \(axis) of shape \(shape).")
        let axis = axis < 0 ? axis + rank + 1 : axis
        var (shape, strides) = (shape, strides)
        shape.insert(1, at: axis)
        strides.insert(0, at: axis)
        return view(shape, strides).recorded(from: self) { $0.squeezingShape(at: axis) }
    }

    /// The tensor without the given axis, which must have extent 1.
    public func squeezingShape(at axis: Int) -> Tensor {
        let axis = self.shape.axis(axis)
        precondition(
            self.shape[axis] == 1, "Axis \(axis) of shape \(self.shape) cannot be squeezed; its extent is not 1.")
        var (shape, strides) = (shape, strides)
        shape.remove(at: axis)
        strides.remove(at: axis)
        return view(shape, strides).recorded(from: self) { $0.expandingShape(at: axis) }
    }

    /// The tensor without its axes of extent 1.
    public func squeezingShape() -> Tensor {
        let kept = shape.indices.filter { shape[$0] != 1 }
        let original = shape
        return view(Shape(kept.map { shape[$0] }), Shape(kept.map { strides[$0] }))
            .recorded(from: self) { $0.reshaped(to: original) }
    }

    /// The tensor with one axis moved to another position; the others keep their order.
    ///
    /// ```swift
    /// images.movingAxis(from: -1, to: 1).shape   // [batch, channels, height, width]
    /// ```
    public func movingAxis(from source: Int, to target: Int) -> Tensor {
        var axes = Array(0..<rank)
        let axis = axes.remove(at: shape.axis(source))
        axes.insert(axis, at: shape.axis(target))
        return permuted(axes)
    }

    /// The elements in `range` along `axis`, as a view: `x[…, range]` for an axis given by number.
    @_specialize(where Scalar == Float)
    public func sliced(_ range: Range<Int>, axis: Int) -> Tensor {
        let axis = self.shape.axis(axis)
        precondition(
            range.lowerBound >= 0 && range.upperBound <= self.shape[axis],
            "Range \(range) is out of range for axis \(axis) of shape \(self.shape).")
        var shape = shape
        shape[axis] = range.count
        let extent = self.shape[axis]
        return view(shape, strides, offset: offset + range.lowerBound * strides[axis])
            .recorded(from: self) { $0.padded(before: range.lowerBound, after: extent - range.upperBound, axis: axis) }
    }

    /// The sub-tensor at `index` along the first axis, as a view.
    public func row(_ index: Int) -> Tensor { sliced(index..<index + 1, axis: 0).squeezingShape(at: 0) }

    /// The elements in reverse order along `axes` (all by default), as a view.
    ///
    /// ```swift
    /// ([[1, 2], [3, 4]] as Tensor<Float>).flipped(axes: [1])   // [[2. 1.] [4. 3.]]
    /// ```
    public func flipped(axes: [Int]? = nil) -> Tensor {
        let axes = axes?.map(shape.axis) ?? Array(0..<rank)
        var (strides, offset) = (strides, offset)
        for axis in Set(axes) where shape[axis] > 1 {
            offset += (shape[axis] - 1) * strides[axis]
            strides[axis] = -strides[axis]
        }
        return view(shape, strides, offset: offset).recorded(from: self) { $0.flipped(axes: axes) }
    }

    /// Repeats axes of extent 1 and adds leading axes to reach the target shape, as a view.
    ///
    /// ```swift
    /// ([1, 2] as Tensor<Float>).broadcast(to: [2, 2])   // [[1. 2.] [1. 2.]]
    /// ```
    @_specialize(where Scalar == Float)
    public func broadcast(to target: Shape) -> Tensor {
        guard target != shape else { return self }
        let original = shape
        return stretched(to: target).recorded(from: self) { $0.unbroadcast(to: original) }
    }

    /// `broadcast(to:)`, not recorded.
    func stretched(to target: Shape) -> Tensor {
        guard target != shape else { return self }
        precondition(
            shape.broadcasts(to: target) && target.allSatisfy { $0 >= 0 },
            "Shape \(shape) does not broadcast to \(target).")
        var strides = Shape(repeating: 0, count: target.rank)
        let lead = target.rank - rank
        for axis in 0..<rank { strides[lead + axis] = shape[axis] == 1 ? 0 : self.strides[axis] }
        return view(target, strides)
    }

    /// Sums a gradient over the axes that broadcasting repeated. Only floating-point types have gradients.
    @_specialize(where Scalar == Float)
    func unbroadcast(to shape: Shape) -> Tensor {
        guard self.shape != shape else { return self }
        guard let summable = self as? any SummableTensor, let result = summable.summed(to: shape) as? Tensor else {
            preconditionFailure("Only Float and Double tensors have gradients.")
        }
        return result
    }
}

/// Lets views, which exist for every element type, sum the gradients of the types that have them.
protocol SummableTensor {
    func summed(to shape: Shape) -> Any
}
