extension Tensor where Scalar: FloatingScalar {
    /// The product of two or more matrices, in the order of multiplications with the fewest operations.
    ///
    /// Shapes: `[m, k₁], [k₁, k₂], …, [kᵣ, n]` → `[m, n]`; the first may be a row `[k₁]`, the last a column `[kᵣ]`.
    ///
    /// ```swift
    /// let (a, b): (Tensor<Float>, Tensor<Float>) = (.ones([1000, 2]), .ones([2, 1000]))
    /// Tensor.multiDot([a, b, .ones([1000])])   // multiplies b by the column first
    /// ```
    public static func multiDot(_ factors: [Tensor]) -> Tensor {
        precondition(factors.count >= 2, "multiDot needs at least two matrices; got \(factors.count).")
        let isRow = factors[0].rank == 1
        let isColumn = factors[factors.count - 1].rank == 1
        var matrices = factors
        if isRow { matrices[0] = factors[0].expandingShape(at: 0) }
        if isColumn { matrices[factors.count - 1] = factors[factors.count - 1].expandingShape(at: 1) }
        for (a, b) in zip(matrices, matrices.dropFirst()) {
            precondition(
                a.rank == 2 && b.rank == 2 && a.shape[1] == b.shape[0],
                "multiDot: matrices of shapes \(a.shape) and \(b.shape) cannot be multiplied.")
        }
        var product = multiply(matrices[...], cheapestSplits([matrices[0].shape[0]] + matrices.map { $0.shape[1] }))
        if isColumn { product = product.squeezingShape(at: 1) }
        return isRow ? product.squeezingShape(at: 0) : product
    }

    private static func multiply(_ factors: ArraySlice<Tensor>, _ splits: [[Int]]) -> Tensor {
        guard factors.count > 1 else { return factors[factors.startIndex] }
        let middle = splits[factors.startIndex][factors.endIndex - 1]
        return multiply(factors[...middle], splits).matmul(multiply(factors[(middle + 1)...], splits))
    }

    /// For factors i … j with these extents, the factor after which to split (Cormen et al., *Introduction to
    /// Algorithms*, section 14.2).
    private static func cheapestSplits(_ extents: [Int]) -> [[Int]] {
        let n = extents.count - 1
        var costs = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
        var splits = [[Int]](repeating: [Int](repeating: 0, count: n), count: n)
        for length in stride(from: 1, to: n, by: 1) {
            for i in 0..<n - length {
                let j = i + length
                let choices = (i..<j).map { middle in
                    (
                        costs[i][middle] + costs[middle + 1][j]
                            + Double(extents[i]) * Double(extents[middle + 1]) * Double(extents[j + 1]), middle
                    )
                }
                let best = choices.min { $0.0 < $1.0 }
                (costs[i][j], splits[i][j]) = best ?? (0, i)
            }
        }
        return splits
    }

    /// The trace of every matrix: the sum of its diagonal.
    ///
    /// Shapes: A `[…, m, n]` → `[…]`.
    ///
    /// ```swift
    /// Tensor<Double>([[1, 2], [3, 4]]).trace()   // 5.0
    /// ```
    public func trace() -> Tensor {
        checkIsMatrix("trace")
        return diagonal().sum(axes: [-1])
    }

    /// The cross product of vectors with three elements along the last axis; leading axes broadcast.
    ///
    /// ```swift
    /// Tensor<Double>([1, 0, 0]).cross([0, 1, 0])   // [0. 0. 1.]
    /// ```
    public func cross(_ other: Tensor) -> Tensor {
        precondition(
            rank >= 1 && other.rank >= 1 && shape[rank - 1] == 3 && other.shape[other.rank - 1] == 3,
            "cross: vectors must have 3 elements; got shapes \(shape) and \(other.shape).")
        func elements(_ x: Tensor, _ i: Int) -> Tensor { x.sliced(i..<i + 1, axis: -1) }
        let products = [(1, 2), (2, 0), (0, 1)].map { i, j in
            elements(self, i) * elements(other, j) - elements(self, j) * elements(other, i)
        }
        return Tensor.concatenated(products, axis: -1)
    }

    /// Solves Σ A[b's axes…, x's axes…] x[x's axes…] = b for x: NumPy's `tensorsolve`.
    ///
    /// Shapes: A has the axes of b first, then those of x, with as many equations as unknowns.
    /// - Parameters:
    ///   - b: the right-hand side.
    ///   - axes: axes of A to move to its end first.
    /// - Throws: `LinearAlgebraError.singular`, `.notFinite`.
    public func tensorSolve(_ b: Tensor, axes: [Int] = []) throws(LinearAlgebraError) -> Tensor {
        let moved = axes.map(shape.axis)
        let a = permuted((0..<rank).filter { !moved.contains($0) } + moved)
        let unknowns = Shape(a.shape.dropFirst(b.rank))
        precondition(
            a.rank >= b.rank && unknowns.elementCount == b.count && a.count == b.count * b.count,
            "tensorSolve: A has shape \(a.shape) and b \(b.shape); A needs the axes of b, then as many "
                + "unknowns as equations."
        )
        return try a.reshaped(to: [b.count, b.count]).solve(b.reshaped(to: [b.count])).reshaped(to: unknowns)
    }

    /// The inverse of contraction with A over its axes from `indices` on: NumPy's `tensorinv`.
    ///
    /// Shapes: A `[first axes…, last axes…]` → `[last axes…, first axes…]`, where the first axes are the first
    /// `indices`; both groups have the same number of elements.
    /// - Throws: `LinearAlgebraError.singular`, `.notFinite`.
    public func tensorInverse(indices: Int = 2) throws(LinearAlgebraError) -> Tensor {
        precondition(
            indices > 0 && indices <= rank, "tensorInverse: shape \(shape) does not have \(indices) first axes.")
        let (first, last) = (shape.prefix(indices), shape.dropFirst(indices))
        let n = first.extentProduct
        precondition(
            n == last.extentProduct,
            "tensorInverse: the first \(indices) axes of shape \(shape) need as many elements as the others.")
        return try reshaped(to: [n, n]).inverse().reshaped(to: Shape(Array(last) + Array(first)))
    }
}
