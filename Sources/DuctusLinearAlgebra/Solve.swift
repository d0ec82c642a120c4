/// Which triangle of a matrix is meant.
public enum Triangle: Sendable {
    /// The diagonal and what is below it.
    case lower
    /// The diagonal and what is above it.
    case upper
}

extension Tensor where Scalar: FloatingScalar {
    /// x with A x = b, by LU decomposition with partial pivoting.
    ///
    /// Shapes: A `[…, n, n]`, b `[n]` or `[…, n, columns]` → as b; leading axes broadcast.
    ///
    /// ```swift
    /// let a: Tensor<Double> = [[2, 1], [1, 3]]
    /// try a.solve([3, 5])   // [0.8 1.4]
    /// ```
    /// - Throws: `LinearAlgebraError.singular`, `.notFinite` (A).
    public func solve(_ b: Tensor) throws(LinearAlgebraError) -> Tensor {
        checkIsSquare("solve")
        return try systems("solve", b) { (a) throws(LinearAlgebraError) in
            // The transpose is factored: row-major, it is what a copy is.
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

    /// x with A x = b for a triangle A (or Aᵀ x = b); the other triangle is not read.
    ///
    /// Shapes: A `[…, n, n]`, b `[n]` or `[…, n, columns]` → as b; leading axes broadcast.
    ///
    /// ```swift
    /// try Tensor<Double>([[2, 0], [1, 4]]).solveTriangular([2, 9], .lower)   // [1. 2.]
    /// ```
    /// - Parameters:
    ///   - b: the right-hand sides.
    ///   - triangle: where A has its elements.
    ///   - transposed: whether Aᵀ stands for A.
    ///   - unitDiagonal: whether A's diagonal counts as ones and is not read.
    /// - Throws: `LinearAlgebraError.singular` for a zero on the diagonal.
    public func solveTriangular(
        _ b: Tensor, _ triangle: Triangle, transposed: Bool = false, unitDiagonal: Bool = false
    ) throws(LinearAlgebraError) -> Tensor {
        checkIsSquare("solveTriangular")
        return try systems("solveTriangular", b) { a in
            // Read by columns, a lower triangle is the transpose of an upper one.
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

    /// A⁻¹. To solve systems, `solve` takes a third of the time and errs less.
    ///
    /// Shapes: A `[…, n, n]` → as A.
    ///
    /// ```swift
    /// try Tensor<Double>([[2, 0], [0, 4]]).inverse()   // [[0.5  0.  ] [0.   0.25]]
    /// ```
    /// - Throws: `LinearAlgebraError.singular`, `.notFinite`.
    public func inverse() throws(LinearAlgebraError) -> Tensor {
        checkIsSquare("inverse")
        return try solve(.eye(shape[rank - 1]))
    }

    /// Solves systems with all right-hand sides.
    ///
    /// `prepare` takes the matrices, `self` or as many as the batch has, and returns what solves in place, for some
    /// columns, with the number of the matrix. That returns the place of a zero pivot, or 0.
    private func systems(
        _ operation: String, _ b: Tensor,
        _ prepare: (Tensor) throws(LinearAlgebraError) -> (Int, Matrix<Scalar>) -> Int
    ) throws(LinearAlgebraError) -> Tensor {
        precondition(!b.isRecorded, "\(operation) has no gradient; detach the tensor first.")
        let n = shape[rank - 1]
        let isVector = b.rank == 1
        precondition(
            b.rank >= 1 && b.shape[isVector ? 0 : b.rank - 2] == n,
            "\(operation): A is \(shape), b is \(b.shape); b needs \(n) rows.")
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
