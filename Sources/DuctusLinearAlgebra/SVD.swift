extension Matrix {
    /// A = X diag(s) Yᵀ for a matrix with at least as many rows as columns, which is overwritten. `x` has as many
    /// columns as A or is square; without `x` and `y`, only s is computed. Returns LAPACK's `info`.
    fileprivate func decompose(_ s: UnsafeMutablePointer<Scalar>, _ x: Matrix? = nil, _ y: Matrix? = nil) -> Int {
        guard columns > 0 else {
            x?.setIdentity()
            return 0
        }
        // A tall matrix is first reduced to a square one by QR, so that the reflections of the bidiagonal reduction are
        // short.
        if rows * 6 >= columns * 11, x.map({ $0.columns == columns }) ?? true {
            let reflectors = factorQR()
            let r = self[0..<columns, 0..<columns]
            r.keep(.upper)
            let info = r.bidiagonalize(s, x?[0..<columns, 0..<columns], y)
            if let x {
                x[columns..<rows, 0..<columns].setZero()
                reflectors.apply(to: x)
            }
            return info
        }
        return bidiagonalize(s, x, y)
    }

    private func bidiagonalize(_ s: UnsafeMutablePointer<Scalar>, _ x: Matrix?, _ y: Matrix?) -> Int {
        let n = columns
        let factor = normalizeMagnitude()
        // The superdiagonal, and the factors τ of the reflections on the left and on the right.
        let vectors = MatrixStack<Scalar>(n, 3)
        defer { withExtendedLifetime(vectors) {} }
        let (e, left, right) = (vectors[0].base, vectors[0].base + n, vectors[0].base + 2 * n)
        _ = withWorkspace {
            Scalar.lapack.gebrd(columnMajor, BLAS.index(rows), BLAS.index(n), base, step, s, e, left, right, $0, $1)
        }
        defer { if factor != 1 { for i in 0..<n { s[i] /= factor } } }
        let integers = Tensor<Int32>(shape: [8 * n]) { _ in }
        defer { withExtendedLifetime(integers) {} }
        guard let x, let y else {
            let work = Tensor<Scalar>(shape: [4 * n]) { _ in }
            defer { withExtendedLifetime(work) {} }
            return Int(
                Scalar.lapack.bdsdc(
                    columnMajor, Letter.upper, Letter.valuesOnly, BLAS.index(n), s, e, nil, 1, nil, 1, nil, nil,
                    work.base,
                    integers.base))
        }
        let (work, yTransposed) = (Tensor<Scalar>(shape: [3 * n * n + 4 * n]) { _ in }, MatrixStack<Scalar>(n, n))
        defer { withExtendedLifetime((work, yTransposed)) {} }
        x.setIdentity()
        var info: Int32 = 0
        // The iteration occupies only one thread; meanwhile, others accumulate the reflections.
        let reflectors = parallelMap(3) { task -> BlockReflectors<Scalar>? in
            switch task {
            case 0:
                info = Scalar.lapack.bdsdc(
                    columnMajor, Letter.upper, Letter.fromIdentity, BLAS.index(n), s, e, x.base, x.step,
                    yTransposed[0].base, BLAS.index(n), nil, nil, work.base, integers.base)
                return nil
            case 1: return BlockReflectors(self, left, order: n)
            default: return BlockReflectors(self, right, order: n - 1, offset: 1, rowwise: true)
            }
        }
        yTransposed[0].copyTransposed(to: y)
        reflectors[1]?.apply(to: x)
        reflectors[2]?.apply(to: y)
        return Int(info)
    }
}

extension Tensor where Scalar: FloatingScalar {
    /// The singular value decomposition A = U diag(s) Vᵀ, with s in descending order and orthonormal columns in U and
    /// V.
    ///
    /// Shapes: A `[…, m, n]` → U `[…, m, k]`, s `[…, k]`, Vᵀ `[…, k, n]`, k = min(m, n); if `full`, U and V are square.
    ///
    /// ```swift
    /// let a: Tensor<Double> = [[3, 0], [4, 5], [0, 0]]
    /// let (u, s, vt) = try a.svd()                  // s [6.70820393 2.23606798]
    /// (u * s).matmul(vt).isClose(to: a).all()       // True
    /// ```
    /// - Throws: `LinearAlgebraError.noConvergence`, `.notFinite`.
    public func svd(full: Bool = false) throws(LinearAlgebraError) -> (u: Tensor, s: Tensor, vt: Tensor) {
        checkIsMatrix("svd")
        let (m, n) = (shape[rank - 2], shape[rank - 1])
        // LAPACK is given the taller one of A and Aᵀ.
        let isTall = m >= n
        let a = MatrixStack(copying: isTall ? self : transposed())
        try a.requireFinite()
        let x = MatrixStack<Scalar>(batch, a.rows, full ? a.rows : a.columns)
        let (y, s) = (MatrixStack<Scalar>(batch, a.columns, a.columns), Tensor.perMatrix(batch, a.columns))
        try a.parallelForEachThrowing { index, a in
            let info = a.decompose(s.base + index * a.columns, x[index], y[index])
            return info == 0 ? nil : { .noConvergence(matrix: $0) }
        }
        let (u, v) = isTall ? (x, y) : (y, x)
        return (u.tensor, s, v.tensor.transposed())
    }

    /// The singular values in descending order, faster than with singular vectors.
    ///
    /// Shapes: A `[…, m, n]` → `[…, min(m, n)]`.
    /// - Throws: `LinearAlgebraError.noConvergence`, `.notFinite`.
    public func singularValues() throws(LinearAlgebraError) -> Tensor {
        checkIsMatrix("singularValues")
        let a = MatrixStack(copying: shape[rank - 2] >= shape[rank - 1] ? self : transposed())
        try a.requireFinite()
        let s = Tensor.perMatrix(batch, a.columns)
        try a.parallelForEachThrowing { index, a in
            a.decompose(s.base + index * a.columns) == 0 ? nil : { .noConvergence(matrix: $0) }
        }
        return s
    }
}
