/// The values with which `padded` extends a tensor.
public enum PaddingMode<Scalar: TensorScalar>: Sendable {
    /// A constant.
    case constant(Scalar)
    /// The outermost elements, repeated.
    case edge
    /// The elements mirrored at the outermost ones, which are not repeated: `3 2 [1 2 3] 2 1`.
    case reflect
}

extension Tensor {
    /// The tensor extended at both ends of every axis by the given amounts, one pair per axis.
    ///
    /// ```swift
    /// let x: Tensor<Float> = [1, 2, 3]
    /// x.padded([(1, 2)], mode: .constant(0))   // [0. 1. 2. 3. 0. 0.]
    /// x.padded([(1, 2)], mode: .edge)          // [1. 1. 2. 3. 3. 3.]
    /// x.padded([(1, 2)], mode: .reflect)       // [2. 1. 2. 3. 2. 1.]
    /// ```
    public func padded(_ amounts: [(before: Int, after: Int)], mode: PaddingMode<Scalar>) -> Tensor {
        precondition(
            amounts.count == rank, "padded needs one pair for every axis of shape \(shape); got \(amounts.count).")
        for (before, after) in amounts {
            precondition(before >= 0 && after >= 0, "Padding must not be negative; got \(before) and \(after).")
        }
        guard case .constant(let value) = mode else {
            return amounts.enumerated().reduce(self) { $0.mirrored(mode, axis: $1.offset, $1.element) }
        }
        return Tensor.operation(of: [self]) {
            let result = Tensor(
                repeating: value, shape: Shape(zip(shape, amounts).map { $0 + $1.before + $1.after }))
            let inside = zip(shape, amounts).map { AxisSelection.range(from: $1.before, to: $1.before + $0) }
            let selection = Selection(inside, of: result.shape)
            selection.view(of: result).overwrite(with: detached())
            return result.recorded(from: self) { selection.view(of: $0) }
        }
    }

    /// Pads one axis with elements of the tensor itself.
    private func mirrored(_ mode: PaddingMode<Scalar>, axis: Int, _ amount: (before: Int, after: Int)) -> Tensor {
        let extent = shape[axis]
        guard amount != (0, 0) else { return self }
        precondition(extent > 0, "An empty axis has no elements to pad with (axis \(axis) of shape \(shape)).")
        let period = 2 * (extent - 1)
        let positions = (-amount.before..<extent + amount.after).map { position -> Int32 in
            if case .reflect = mode, extent > 1 {
                let phase = ((position % period) + period) % period
                return Int32(Swift.min(phase, period - phase))
            }
            return Int32(Swift.min(Swift.max(position, 0), extent - 1))
        }
        return gathered(Tensor<Int32>(positions), axes: axis..<axis + 1)
    }

    /// The tensor with zeros (or `false`) added before and after along `axis`.
    @_specialize(where Scalar == Float)
    public func padded(before: Int, after: Int, axis: Int) -> Tensor {
        guard before != 0 || after != 0 else { return self }
        precondition(before >= 0 && after >= 0, "Padding must not be negative; got \(before) and \(after).")
        let axis = shape.axis(axis)
        let extent = shape[axis]
        let inner = shape[(axis + 1)...].extentProduct
        let (first, end, row) = (before * inner, (before + extent) * inner, (before + extent + after) * inner)
        let result = Tensor(shape: shape.replacing(axis, with: before + extent + after)) { out in
            withUnsafeBuffer { elements in
                // Rows as one run of elements, so that even a single row is split among all threads.
                parallelRanges(out.count, grain: 1 << 15) { range in
                    var i = range.lowerBound
                    while i < range.upperBound {
                        let (r, column) = i.quotientAndRemainder(dividingBy: row)
                        let border = column < first ? first : column < end ? end : row
                        let count = Swift.min(border - column, range.upperBound - i)
                        let to = out.baseAddress! + i
                        // Not by the border: an empty axis begins where it ends.
                        if column >= first && column < end {
                            to.update(from: elements.baseAddress! + r * (end - first) + column - first, count: count)
                        } else {
                            to.zero(count)
                        }
                        i += count
                    }
                }
            }
        }
        return result.recorded(from: self) { $0.sliced(before..<before + extent, axis: axis) }
    }
}
