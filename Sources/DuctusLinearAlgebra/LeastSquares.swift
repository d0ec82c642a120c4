extension Tensor where Scalar: FloatingScalar {
    /// The minimum-norm x that minimizes ‖A x − b‖, by singular value decomposition.
    ///
    /// Shapes: A `[…, m, n]`, b `[m]` or `[…, m, columns]`, with the same leading axes → solution `[n]` or
    /// `[…, n, columns]`, residuals ‖A x − b‖² `[]` or `[…, columns]` (even where NumPy omits them), rank `[…]`,
    /// singular values of A `[…, min(m, n)]`.
    ///
    /// ```swift
    /// let a: Tensor<Double> = [[0, 1], [1, 1], [2, 1]]        // a line through (0, 1), (1, 3), (2, 5)
    /// try a.leastSquares([1, 3, 5]).solution                  // [2. 1.]
    /// ```
    /// - Parameters:
    ///   - b: the right-hand sides.
    ///   - tolerance: singular values up to `tolerance` times the largest count as 0; max(m, n) ε by default.
    /// - Throws: `LinearAlgebraError.noConvergence`, `.notFinite` (A or b).
    public func leastSquares(
        _ b: Tensor, tolerance: Scalar? = nil
    ) throws(LinearAlgebraError) -> (solution: Tensor, residuals: Tensor, rank: Tensor<Int32>, singularValues: Tensor) {
        checkIsMatrix("leastSquares")
        precondition(!b.isRecorded, "leastSquares has no gradient; detach the tensor first.")
        let (m, n) = (shape[rank - 2], shape[rank - 1])
        let isVector = b.rank == 1
        let right = isVector ? b.expandingShape(at: 1) : b
        precondition(
            right.rank == rank && right.batch == batch && right.shape[rank - 2] == m,
            "leastSquares: A has shape \(shape) and b \(b.shape); b needs \(m) rows and the same leading axes.")
        let columns = right.shape[rank - 1]
        let (a, givens) = (MatrixStack(copying: self), MatrixStack(copying: right))
        try a.requireFinite()
        try givens.requireFinite()
        // LAPACK overwrites b with x, and either may be longer. Without a column, rank and singular values would not be
        // computed.
        let width = Swift.max(columns, 1)
        let exchanged = MatrixStack<Scalar>(batch, Swift.max(m, n), width)
        let (ranks, s) = (Tensor<Int32>(repeating: 0, shape: batch), Tensor.perMatrix(batch, Swift.min(m, n)))
        try a.parallelForEachThrowing { index, a in
            let x = exchanged[index]
            x.setZero()
            givens[index].copy(to: x[0..<m, 0..<columns])
            guard m > 0, n > 0 else { return nil }
            var integerCount: Int32 = 0
            let info = withWorkspace { work, count in
                let integers = Tensor<Int32>(shape: [Swift.max(1, Int(integerCount))]) { _ in }
                defer { integerCount = integers.base[0] }
                return Scalar.lapack.gelsd(
                    columnMajor, BLAS.index(m), BLAS.index(n), BLAS.index(width), a.base, a.step, x.base, x.step,
                    s.base + index * Swift.min(m, n), tolerance ?? Self.tolerance(m, n), ranks.base + index, work,
                    count,
                    integers.base)
            }
            return info == 0 ? nil : { .noConvergence(matrix: $0) }
        }
        let solution = exchanged.tensor.sliced(0..<n, axis: -2).sliced(0..<columns, axis: -1)
        // Copies, since products of views may be rounded otherwise.
        let residuals = (Tensor(scalars, shape: shape).matmul(solution.dense()) - right).squared().sum(axes: [-2])
        return (
            isVector ? solution.squeezingShape(at: -1) : solution,
            isVector ? residuals.squeezingShape(at: -1) : residuals,
            ranks, s
        )
    }

    /// The Moore–Penrose pseudoinverse A⁺ = V diag(1/s) Uᵀ.
    ///
    /// Shapes: A `[…, m, n]` → `[…, n, m]`.
    ///
    /// ```swift
    /// try Tensor<Double>([[2, 0], [0, 0]]).pseudoInverse()   // [[0.5 0. ] [0.  0. ]]
    /// ```
    /// - Parameter tolerance: singular values up to `tolerance` times the largest count as 0; max(m, n) ε by default.
    /// - Throws: `LinearAlgebraError.noConvergence`, `.notFinite`.
    public func pseudoInverse(tolerance: Scalar? = nil) throws(LinearAlgebraError) -> Tensor {
        let (u, s, vt) = try svd()
        let count = s.shape[s.rank - 1]
        let limit = tolerance ?? Self.tolerance(shape[rank - 2], shape[rank - 1])
        for first in stride(from: 0, to: s.count, by: Swift.max(count, 1)) {
            let values = s.base + first
            let threshold = limit * values[0]
            for i in 0..<count { values[i] = values[i] > threshold ? 1 / values[i] : 0 }
        }
        return (vt.transposed() * s.expandingShape(at: -2)).matmul(u.transposed())
    }

    /// The rank: the number of singular values that are not negligible.
    ///
    /// Shapes: A `[…, m, n]` → `[…]`.
    ///
    /// ```swift
    /// try Tensor<Double>([[1, 2], [2, 4]]).matrixRank()   // 1
    /// ```
    /// - Parameter tolerance: singular values up to `tolerance` times the largest count as 0; max(m, n) ε by default.
    /// - Throws: `LinearAlgebraError.noConvergence`, `.notFinite`.
    public func matrixRank(tolerance: Scalar? = nil) throws(LinearAlgebraError) -> Tensor<Int32> {
        let s = try singularValues()
        let count = s.shape[s.rank - 1]
        let limit = tolerance ?? Self.tolerance(shape[rank - 2], shape[rank - 1])
        return Tensor<Int32>(shape: batch) { ranks in
            for index in ranks.indices {
                let values = UnsafeBufferPointer(start: s.base + index * count, count: count)
                ranks[index] = Int32(values.count { $0 > limit * values[0] })
            }
        }
    }

    private static func tolerance(_ m: Int, _ n: Int) -> Scalar { Scalar(Swift.max(m, n)) * .ulpOfOne }
}
