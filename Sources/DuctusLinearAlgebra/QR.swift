/// Which part of Q a QR factorization returns for a tall matrix.
public enum QRMode: Sendable {
    /// Q has as many columns as A; R is square.
    case reduced
    /// Q is square; R has rows of zeros at the bottom.
    case complete
}

extension Matrix {
    /// Factors A = Q R in place: the upper triangle becomes R, and the elements below it represent part of Q.
    func factorQR() -> BlockReflectors<Scalar> {
        let order = Swift.min(rows, columns)
        let reflectors = BlockReflectors<Scalar>(rows: rows, order: order)
        guard order > 0 else { return reflectors }
        factorPanels(order, columns: columns, width: reflectors.width) { panel in
            let tau = self[panel.lowerBound..<rows, panel].reflect()
            withExtendedLifetime(tau) { reflectors.set(panel, from: self, tau.base) }
        } update: { panel, columns in
            reflectors.apply(panel, transposed: true, to: self[0..<rows, columns])
        }
        return reflectors
    }

    /// Factors a panel, and returns the τ of its reflections.
    private func reflect() -> Tensor<Scalar> {
        let (t, work) = (MatrixStack<Scalar>(columns, columns), MatrixStack<Scalar>(columns, columns))
        defer { withExtendedLifetime((t, work)) {} }
        let width = BLAS.index(columns)
        _ = Scalar.lapack.geqrt(
            columnMajor, BLAS.index(rows), width, width, base, step, t[0].base, width, work[0].base)
        return Tensor(shape: [columns]) { tau in for i in 0..<columns { tau[i] = t[0][i, i] } }
    }
}

extension Tensor where Scalar: FloatingScalar {
    /// The QR factorization A = Q R, where Q has orthonormal columns and R is upper triangular. NaN propagates to the
    /// results.
    ///
    /// Shapes: A `[…, m, n]` → Q `[…, m, k]`, R `[…, k, n]`, k = min(m, n), or m if the mode is `complete`.
    ///
    /// ```swift
    /// let (q, r) = Tensor<Double>([[3], [4]]).qr()
    /// print(q, r)   // [[-0.6] [-0.8]] [[-5.]]
    /// ```
    public func qr(mode: QRMode = .reduced) -> (q: Tensor, r: Tensor) {
        checkIsMatrix("qr")
        let a = MatrixStack(copying: self)
        let (m, n) = (a.rows, a.columns)
        let k = mode == .complete ? m : Swift.min(m, n)
        let (q, r) = (MatrixStack<Scalar>(batch, m, k), MatrixStack<Scalar>(batch, k, n))
        a.parallelForEach { index, a in
            let reflectors = a.factorQR()
            a[0..<k, 0..<n].copy(to: r[index])
            r[index].keep(.upper)
            reflectors.form(q[index])
        }
        return (q.tensor, r.tensor)
    }
}
