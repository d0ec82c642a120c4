extension Tensor where Scalar: FloatingScalar {
    /// Complex numbers, as two tensors of the same shape.
    public typealias ComplexParts = (real: Tensor, imaginary: Tensor)

    /// The eigenvalues of a general square A, and its eigenvectors of norm 1 in columns. Complex ones come in conjugate
    /// pairs, the one with the positive imaginary part first.
    ///
    /// Shapes: A `[…, n, n]` → values `[…, n]`, vectors `[…, n, n]`. For a symmetric A, ``symmetricEigen()`` is faster.
    ///
    /// ```swift
    /// let (values, _) = try Tensor<Double>([[0, -1], [1, 0]]).eigen()   // a rotation by 90°: ±i
    /// print(values.real, values.imaginary)                              // [0. 0.] [ 1. -1.]
    /// ```
    /// - Throws: `LinearAlgebraError.noConvergence`, `.notFinite`.
    public func eigen() throws(LinearAlgebraError) -> (values: ComplexParts, vectors: ComplexParts) {
        checkIsSquare("eigen")
        let n = shape[rank - 1]
        let (real, imaginary) = (MatrixStack<Scalar>(batch, n, n), MatrixStack<Scalar>(batch, n, n))
        let values = try eigenvalues(vectors: real)
        real.parallelForEach { index, vectors in
            let rotation = values.imaginary.base + index * n
            imaginary[index].setZero()
            var column = 0
            while column < n {
                // For a conjugate pair, LAPACK stores the real part in one column and the imaginary part in the next.
                guard rotation[column] != 0, column + 1 < n else {
                    column += 1
                    continue
                }
                let (first, second) = (vectors[0..<n, column..<column + 1], vectors[0..<n, column + 1..<column + 2])
                second.copy(to: imaginary[index][0..<n, column..<column + 1])
                for row in 0..<n { imaginary[index][row, column + 1] = -second[row, 0] }
                first.copy(to: second)
                column += 2
            }
        }
        return (values, (real.tensor, imaginary.tensor))
    }

    /// The eigenvalues of a general square A, faster than with eigenvectors.
    ///
    /// Shapes: A `[…, n, n]` → `[…, n]`.
    /// - Throws: `LinearAlgebraError.noConvergence`, `.notFinite`.
    public func eigenvalues() throws(LinearAlgebraError) -> ComplexParts {
        checkIsSquare("eigenvalues")
        return try eigenvalues(vectors: nil)
    }

    private func eigenvalues(vectors: MatrixStack<Scalar>?) throws(LinearAlgebraError) -> ComplexParts {
        let a = MatrixStack(copying: self)
        try a.requireFinite()
        let (real, imaginary) = (Tensor.perMatrix(batch, a.rows), Tensor.perMatrix(batch, a.rows))
        guard a.rows > 0 else { return (real, imaginary) }
        try a.parallelForEachThrowing { index, a in
            let (n, first) = (BLAS.index(a.rows), index * a.rows)
            let info = withWorkspace { work, count in
                Scalar.lapack.geev(
                    columnMajor, Letter.valuesOnly, vectors == nil ? Letter.valuesOnly : Letter.vectors, n, a.base, n,
                    real.base + first, imaginary.base + first, nil, n, vectors?[index].base, n, work, count)
            }
            return info == 0 ? nil : { .noConvergence(matrix: $0) }
        }
        return (real, imaginary)
    }
}
