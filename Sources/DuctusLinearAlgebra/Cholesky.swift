extension Matrix {
    /// Factors a symmetric positive definite A = Uᵀ U in place, reading only the upper triangle. Returns the order of
    /// the first leading minor that is not positive, or 0.
    func factorCholesky() -> Int {
        let width = rows < 256 ? Swift.max(rows, 1) : 96
        for first in stride(from: 0, to: rows, by: width) {
            let panel = first..<Swift.min(first + width, rows)
            let diagonal = self[panel, panel]
            let info = Scalar.lapack.potrf(columnMajor, Letter.upper, BLAS.index(panel.count), diagonal.base, step)
            if info > 0 { return first + Int(info) }
            let rest = panel.upperBound..<rows
            parallelRanges(rest.count, grain: width) { range in
                _ = self[panel, rest.part(range)].divide(by: diagonal, Letter.upper, transposed: true)
            }
            parallelRanges(rest.count, grain: width) { range in
                let columns = rest.part(range)
                let above = rest.lowerBound..<columns.upperBound
                self[above, columns].set(-1, self[panel, above], transposed: true, self[panel, columns], plus: 1)
            }
        }
        return 0
    }
}

extension Range<Int> {
    /// A subrange given relative to the start of this range.
    fileprivate func part(_ range: Range) -> Range {
        lowerBound + range.lowerBound..<lowerBound + range.upperBound
    }
}

extension Tensor where Scalar: FloatingScalar {
    /// The Cholesky factor: the lower triangular L with L Lᵀ = A, for a symmetric positive definite A. Only the lower
    /// triangle of A is read.
    ///
    /// Shapes: A `[…, n, n]` → `[…, n, n]`.
    ///
    /// ```swift
    /// try Tensor<Double>([[4, 2], [2, 5]]).cholesky()   // [[2. 0.] [1. 2.]]
    /// ```
    /// - Throws: `LinearAlgebraError.notPositiveDefinite`, `.notFinite`.
    public func cholesky() throws(LinearAlgebraError) -> Tensor {
        checkIsSquare("cholesky")
        // A lower triangle in row-major order is an upper triangle in column-major order.
        let l = MatrixStack(copying: transposed())
        try l.requireFinite(in: .upper)
        try l.parallelForEachThrowing { _, a in
            let order = a.factorCholesky()
            a.keep(.upper)
            return order > 0 ? { .notPositiveDefinite(order: order, matrix: $0) } : nil
        }
        return l.tensor.transposed()
    }
}
