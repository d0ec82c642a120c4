/// A triangle of a matrix.
public enum Triangle: Sendable {
    /// The diagonal and the elements below it.
    case lower
    /// The diagonal and the elements above it.
    case upper
}

extension Tensor where Scalar: FloatingScalar {
    /// Solves A x = b for x, by LU factorization with partial pivoting.
    ///
    /// Shapes: A `[…, n, n]`, b `[n]` or `[…, n, columns]` → same as b; leading axes broadcast.
    ///
    /// ```swift
    /// let a: Tensor<Double> = [[2, 1], [1, 3]]
    /// try a.solve([3, 5])   // [0.8 1.4]
    /// ```
    /// - Throws: `LinearAlgebraError.singular`, `.notFinite` (A).
    public func solve(_ b: Tensor) throws(LinearAlgebraError) -> Tensor {
        checkIsSquare("solve")
        return try systems("solve", b) { (a) throws(LinearAlgebraError) in
            // The transpose is factored, since a plain copy of a row-major matrix is its column-major transpose.
            let copies = MatrixStack(copying: a.transposed())
            try copies.requireFinite()
            let stack = LUStack(copies)
            for (index, pivot) in stack.zeroPivots.enumerated() where pivot > 0 {
                throw .singular(pivot: pivot, matrix: a.batch.position(of: index))
            }
            return { index, x in
                let factors = copies[index]
                _ = Scalar.lapack.getrs(
                    columnMajor, Letter.transposed, BLAS.index(x.rows), BLAS.index(x.columns), factors.base,
                    factors.step,
                    stack.pivots.base + index * x.rows, x.base, x.step)
                x.scale(by: stack.scales[index])
                return 0
            }
        }
    }

    /// Solves A x = b (or Aᵀ x = b) for x, where A is triangular; the other triangle is not read.
    ///
    /// Shapes: A `[…, n, n]`, b `[n]` or `[…, n, columns]` → same as b; leading axes broadcast.
    ///
    /// ```swift
    /// try Tensor<Double>([[2, 0], [1, 4]]).solveTriangular([2, 9], .lower)   // [1. 2.]
    /// ```
    /// - Parameters:
    ///   - b: the right-hand sides.
    ///   - triangle: the triangle of A that is read.
    ///   - transposed: whether to solve with Aᵀ instead of A.
    ///   - unitDiagonal: whether the diagonal of A is taken to be all ones and not read.
    /// - Throws: `LinearAlgebraError.singular` if there is a zero on the diagonal.
    public func solveTriangular(
        _ b: Tensor, _ triangle: Triangle, transposed: Bool = false, unitDiagonal: Bool = false
    ) throws(LinearAlgebraError) -> Tensor {
        checkIsSquare("solveTriangular")
        return try systems("solveTriangular", b) { a in
            // In column-major order, a lower triangle is a transposed upper one.
            let copies = MatrixStack(copying: a.transposed())
            let scales = parallelMap(copies.count) {
                copies[$0].keep(triangle == .lower ? .upper : .lower)
                return unitDiagonal ? 1 : copies[$0].normalizeMagnitude()
            }
            return { index, x in
                defer { x.scale(by: scales[index]) }
                return x.divide(
                    by: copies[index], triangle == .lower ? Letter.upper : Letter.lower, transposed: !transposed,
                    unitDiagonal: unitDiagonal)
            }
        }
    }

    /// The inverse A⁻¹. For linear systems, `solve` takes a third of the time and is more accurate.
    ///
    /// Shapes: A `[…, n, n]` → `[…, n, n]`.
    ///
    /// ```swift
    /// try Tensor<Double>([[2, 0], [0, 4]]).inverse()   // [[0.5  0.  ] [0.   0.25]]
    /// ```
    /// - Throws: `LinearAlgebraError.singular`, `.notFinite`.
    public func inverse() throws(LinearAlgebraError) -> Tensor {
        checkIsSquare("inverse")
        return try solve(.eye(shape[rank - 1]))
    }

    /// Solves linear systems for all right-hand sides.
    ///
    /// `prepare` receives the matrices and returns a function that solves some columns in place with the matrix of a
    /// given number. That function returns the position of a zero pivot, or 0.
    private func systems(
        _ operation: String, _ b: Tensor,
        _ prepare: (Tensor) throws(LinearAlgebraError) -> (Int, Matrix<Scalar>) -> Int
    ) throws(LinearAlgebraError) -> Tensor {
        precondition(!b.isRecorded, "\(operation) has no gradient; detach the tensor first.")
        let n = shape[rank - 1]
        let isVector = b.rank == 1
        precondition(
            b.rank >= 1 && b.shape[isVector ? 0 : b.rank - 2] == n,
            "\(operation): A has shape \(shape) and b \(b.shape); b needs \(n) rows.")
        let matrices = isVector ? b.expandingShape(at: 1) : b
        let batch = Shape.broadcast(self.batch, matrices.batch)
        let isShared = self.batch.elementCount == 1
        let solve = try prepare(isShared ? self : broadcast(to: Shape(batch + [n, n])))
        let x = MatrixStack(copying: matrices.broadcast(to: Shape(batch + matrices.shape.suffix(2))))
        guard x.rows > 0, x.columns > 0 else { return isVector ? x.tensor.squeezingShape(at: -1) : x.tensor }
        try x.parallelForEachThrowing { index, x in
            let places = parallelMap((x.columns + 127) / 128) {
                solve(isShared ? 0 : index, x[0..<n, $0 * 128..<Swift.min(($0 + 1) * 128, x.columns)])
            }
            guard let pivot = places.first(where: { $0 > 0 }) else { return nil }
            return { .singular(pivot: pivot, matrix: $0) }
        }
        return isVector ? x.tensor.squeezingShape(at: -1) : x.tensor
    }
}
