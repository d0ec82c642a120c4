import CDuctusKernels

/// Elements that one task reduces; fixed, so that sums do not depend on the threads.
private let reductionGrain = 1 << 15

extension Tensor: SummableTensor where Scalar: FloatingScalar {
    @_specialize(where Scalar == Float)
    func summed(to shape: Shape) -> Any {
        let lead = rank - shape.rank
        let axes = (0..<rank).filter { $0 < lead || shape[$0 - lead] == 1 && self.shape[$0] != 1 }
        return reduced(DUCTUS_SUM, axes: axes).reshaped(to: shape)
    }

    /// The sum over `axes` (all, unless named).
    @_specialize(where Scalar == Float)
    public func sum(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
        let axes = checked(axes)
        let kept = keptShape(axes)
        let original = shape
        let result = detached().reduced(DUCTUS_SUM, axes: axes)
            .recorded(from: self) { $0.reshaped(to: kept).broadcast(to: original) }
        return result.reshaped(to: keepingDimensions ? kept : droppedShape(axes))
    }

    /// The mean over `axes` (all, unless named).
    @_specialize(where Scalar == Float)
    public func mean(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
        let size = checked(axes).reduce(1) { $0 * shape[$1] }
        return sum(axes: axes, keepingDimensions: keepingDimensions) * (1 / Scalar(size))
    }

    /// The largest element over `axes` (all, unless named). Where several are equal, the gradient is shared.
    public func max(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
        let axes = checked(axes)
        let kept = keptShape(axes)
        let x = detached()
        let top = x.reduced(DUCTUS_MAX, axes: axes).reshaped(to: kept)
        let result = top.recorded(from: self) { gradient in
            let wins = Tensor(shape: x.shape) { out in
                x.withUnsafeBuffer { elements in
                    top.broadcast(to: x.shape).withUnsafeBuffer { tops in
                        for i in elements.indices { out[i] = elements[i] == tops[i] ? 1 : 0 }
                    }
                }
            }
            return wins * (gradient.reshaped(to: kept) / wins.sum(axes: axes, keepingDimensions: true))
        }
        return result.reshaped(to: keepingDimensions ? kept : droppedShape(axes))
    }

    /// The smallest element over `axes` (all, unless named). Not differentiable.
    public func min(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
        precondition(!isRecorded, "min has no gradient.")
        let axes = checked(axes)
        return reduced(DUCTUS_MIN, axes: axes)
            .reshaped(to: keepingDimensions ? keptShape(axes) : droppedShape(axes))
    }

    /// The position of the largest element along the last axis; the first of equals.
    public func argmax() -> Tensor<Int32> {
        precondition(rank > 0 && shape[rank - 1] > 0, "argmax needs a last axis that is not empty; shape is \(shape).")
        let columns = shape[rank - 1]
        return Tensor<Int32>(shape: Shape(shape.dropLast())) { out in
            withUnsafeBuffer { x in
                parallelRanges(out.count, grain: Swift.max(1, reductionGrain / columns)) { rows in
                    Scalar.kernels.argmax(
                        rows.count, columns, x.baseAddress! + rows.lowerBound * columns,
                        out.baseAddress! + rows.lowerBound)
                }
            }
        }
    }

    private func checked(_ axes: [Int]?) -> [Int] {
        guard let axes else { return Array(0..<rank) }
        let positive = Set(axes.map(shape.axis))
        precondition(positive.count == axes.count, "Axes \(axes) name an axis of \(shape) twice.")
        return positive.sorted()
    }

    private func keptShape(_ axes: [Int]) -> Shape {
        var kept = shape
        for axis in axes { kept[axis] = 1 }
        return kept
    }

    private func droppedShape(_ axes: [Int]) -> Shape {
        Shape(shape.enumerated().filter { !axes.contains($0.offset) }.map { $0.element })
    }

    /// Reduces runs of neighbouring axes, the last first. The result has the kept axes only; it is not recorded.
    private func reduced(_ operation: ductus_reduction, axes: [Int]) -> Tensor {
        var result = self
        var remaining = axes
        while let last = remaining.popLast() {
            var first = last
            while remaining.last == first - 1 { first = remaining.removeLast() }
            let extents = result.shape
            let outer = extents[..<first].reduce(1, *)
            let middle = extents[first...last].reduce(1, *)
            let inner = extents[(last + 1)...].reduce(1, *)
            precondition(
                middle > 0 || operation == DUCTUS_SUM, "The largest of no elements is not defined (shape \(extents)).")
            result = Tensor(shape: Shape(Array(extents[..<first]) + Array(extents[(last + 1)...]))) { out in
                guard out.count > 0 else { return }
                guard middle > 0 else { return out.zero() }
                result.withUnsafeBuffer {
                    Self.reduce(operation, outer, middle, inner, $0.baseAddress!, out.baseAddress!)
                }
            }
        }
        return result
    }

    /// x[outer][middle][inner] → y[outer][inner]. A long middle is reduced in blocks first, so that all threads take part.
    private static func reduce(
        _ operation: ductus_reduction, _ outer: Int, _ middle: Int, _ inner: Int, _ x: UnsafePointer<Scalar>,
        _ y: UnsafeMutablePointer<Scalar>
    ) {
        let length = Swift.max(16, reductionGrain / inner)
        guard outer < 8, middle >= 2 * length else {
            return parallelRanges(outer, grain: Swift.max(1, reductionGrain / (middle * inner))) { range in
                Scalar.kernels.reduce(
                    operation, range.count, middle, inner, x + range.lowerBound * middle * inner,
                    y + range.lowerBound * inner)
            }
        }
        let blocks = (middle + length - 1) / length
        Tensor(shape: [outer * blocks * inner]) { _ in }.withUnsafeBuffer { partial in
            let partial = UnsafeMutablePointer(mutating: partial.baseAddress!)
            parallel(outer * blocks) { task in
                let (o, block) = task.quotientAndRemainder(dividingBy: blocks)
                Scalar.kernels.reduce(
                    operation, 1, Swift.min(length, middle - block * length), inner,
                    x + (o * middle + block * length) * inner, partial + task * inner)
            }
            Scalar.kernels.reduce(operation, outer, blocks, inner, partial, y)
        }
    }
}
