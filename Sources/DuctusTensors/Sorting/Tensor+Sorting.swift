import CDuctusKernels

// NaN sorts last in either direction; sorting is stable.
extension Tensor where Scalar: NumericScalar {
    /// The elements sorted along `axis`; NaN comes last in either direction.
    ///
    /// ```swift
    /// let x: Tensor<Float> = [3, 1, 2]
    /// x.sorted()                   // [1. 2. 3.]
    /// x.sorted(descending: true)   // [3. 2. 1.]
    /// ```
    public func sorted(axis: Int = -1, descending: Bool = false) -> Tensor {
        alongLast("sorted", axis) { x in
            if x.isRecorded { return x.gatheredAlong(x.orders(descending), axis: -1) }
            return x.mapRows { ductus_sort(Scalar.element, descending, $0, $1, $2, $3) }
        }
    }

    /// The positions that sort the elements along `axis`; equal elements keep their order.
    ///
    /// ```swift
    /// let x: Tensor<Float> = [3, 1, 2]
    /// x.argsort()   // [1 2 0]
    /// ```
    public func argsort(axis: Int = -1, descending: Bool = false) -> Tensor<Int32> {
        alongLast("argsort", axis) { $0.orders(descending) }
    }

    /// The `count` largest elements along `axis` in descending order, and their positions. NaN counts as smaller than
    /// every number.
    ///
    /// ```swift
    /// let (values, indices) = ([3, 1, 2] as Tensor<Float>).topK(2)
    /// print(values, indices)   // [3. 2.] [0 2]
    /// ```
    public func topK(_ count: Int, axis: Int = -1) -> (values: Tensor, indices: Tensor<Int32>) {
        let axis = shape.axis(axis)
        precondition(
            count >= 0 && count <= shape[axis], "topK: axis \(axis) of shape \(shape) does not have \(count) elements.")
        let last = transposed(axis, -1)
        let indices = last.orders(true).sliced(0..<count, axis: -1)
        return (last.gatheredAlong(indices, axis: -1).transposed(axis, -1), indices.transposed(axis, -1))
    }

    private func alongLast<Result>(
        _ name: String, _ axis: Int, _ body: (Tensor) -> Tensor<Result>
    ) -> Tensor<Result> {
        precondition(rank > 0, "\(name) needs a tensor with at least one axis; got a scalar.")
        let axis = shape.axis(axis)
        return axis == rank - 1 ? body(self) : body(transposed(axis, -1)).transposed(axis, -1)
    }

    private func orders(_ descending: Bool) -> Tensor<Int32> {
        precondition(
            shape[rank - 1] <= Int32.max, "Axes can have at most 2³¹ − 1 positions here; got \(shape[rank - 1]).")
        return mapRows { ductus_argsort(Scalar.element, descending, $0, $1, $2, $3) }
    }

    /// Calls a sorting routine for every row of the last axis with its count, elements, result and workspace.
    private func mapRows<Result>(
        _ sort: (Int, UnsafePointer<Scalar>, UnsafeMutablePointer<Result>, UnsafeMutablePointer<UInt8>) -> Void
    ) -> Tensor<Result> {
        let columns = shape[rank - 1]
        return Tensor<Result>(shape: shape) { out in
            guard out.count > 0 else { return }
            withUnsafeBuffer { x in
                parallelRanges(out.count / columns, grain: Swift.max(1, 4096 / columns)) { rows in
                    let workspace = Tensor<UInt8>(shape: [ductus_sort_workspace(Scalar.element, columns)]) { _ in }
                    withExtendedLifetime(workspace) {
                        for row in rows {
                            sort(
                                columns, x.baseAddress! + row * columns, out.baseAddress! + row * columns,
                                workspace.base)
                        }
                    }
                }
            }
        }
    }
}
