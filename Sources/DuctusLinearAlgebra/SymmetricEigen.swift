extension Matrix {
    /// Computes the eigenvalues of a symmetric matrix in ascending order and, if wanted, its eigenvectors in the
    /// columns of `vectors`. Reads only the lower triangle, and overwrites the matrix. Returns LAPACK's `info`.
    fileprivate func diagonalize(_ values: UnsafeMutablePointer<Scalar>, _ vectors: Matrix? = nil) -> Int {
        let n = rows
        guard n > 0 else { return 0 }
        keep(.lower)
        let factor = normalizeMagnitude()
        // The off-diagonal, and the factors τ of the reflections that make the matrix tridiagonal.
        let stack = MatrixStack<Scalar>(n, 2)
        defer { withExtendedLifetime(stack) {} }
        let (e, tau) = (stack[0].base, stack[0].base + n)
        // Products with a lower triangle (ssymv) in OpenBLAS 0.3.21 for processors that it does not know read memory that was
        // never written, NaN perhaps. The matrix reduced from its other end, where that triangle is the upper one, has the
        // same reflections in reverse.
        reverse()
        _ = withWorkspace {
            Scalar.lapack.sytrd(columnMajor, Letter.upper, BLAS.index(n), base, step, values, e, tau, $0, $1)
        }
        reverse()
        for (start, count) in [(values, n), (e, n - 1), (tau, n - 1)] {
            var elements = UnsafeMutableBufferPointer(start: start, count: count)
            elements.reverse()
        }
        defer { if factor != 1 { for i in 0..<n { values[i] /= factor } } }
        guard let vectors else { return Int(Scalar.lapack.sterf(BLAS.index(n), values, e)) }
        let info = vectors.diagonalizeTridiagonal(values, e)
        BlockReflectors(self, tau, order: n - 1, offset: 1).apply(to: vectors)
        return info
    }
}

extension Tensor where Scalar: FloatingScalar {
    /// The eigenvalues of a symmetric A in ascending order, and orthonormal eigenvectors in columns. Only the lower
    /// triangle of A is read.
    ///
    /// Shapes: A `[…, n, n]` → values `[…, n]`, vectors `[…, n, n]`; A · vectors = vectors · diag(values).
    ///
    /// ```swift
    /// let (values, vectors) = try Tensor<Double>([[2, 1], [1, 2]]).symmetricEigen()
    /// // values [1. 3.], vectors [[-0.70710678  0.70710678] [ 0.70710678  0.70710678]]
    /// ```
    /// - Throws: `LinearAlgebraError.noConvergence`, `.notFinite`.
    public func symmetricEigen() throws(LinearAlgebraError) -> (values: Tensor, vectors: Tensor) {
        checkIsSquare("symmetricEigen")
        let a = MatrixStack(copying: self)
        try a.requireFinite(in: .lower)
        let (values, vectors) = (Tensor.perMatrix(batch, a.rows), MatrixStack<Scalar>(batch, a.rows, a.rows))
        try a.parallelForEachThrowing { index, a in
            let info = a.diagonalize(values.base + index * a.rows, vectors[index])
            return info == 0 ? nil : { .noConvergence(matrix: $0) }
        }
        return (values, vectors.tensor)
    }

    /// The eigenvalues of a symmetric A in ascending order, faster than with eigenvectors. Only the lower triangle of A
    /// is read.
    ///
    /// Shapes: A `[…, n, n]` → `[…, n]`.
    /// - Throws: `LinearAlgebraError.noConvergence`, `.notFinite`.
    public func symmetricEigenvalues() throws(LinearAlgebraError) -> Tensor {
        checkIsSquare("symmetricEigenvalues")
        let a = MatrixStack(copying: self)
        try a.requireFinite(in: .lower)
        let values = Tensor.perMatrix(batch, a.rows)
        try a.parallelForEachThrowing { index, a in
            a.diagonalize(values.base + index * a.rows) == 0 ? nil : { .noConvergence(matrix: $0) }
        }
        return values
    }
}
