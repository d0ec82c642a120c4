extension Matrix {
    /// A = Uᵀ U in place, for a symmetric positive definite A of which the upper triangle is read. Returns the order of
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
    /// A range that is counted from this one's beginning.
    fileprivate func part(_ range: Range) -> Range {
        lowerBound + range.lowerBound..<lowerBound + range.upperBound
    }
}

extension Tensor where Scalar: FloatingScalar {
    /// The lower triangle L with L Lᵀ = A, for a symmetric positive definite A; only A's lower triangle is read.
    ///
    /// Shapes: A `[…, n, n]` → as A.
    ///
    /// ```swift
    /// try Tensor<Double>([[4, 2], [2, 5]]).cholesky()   // [[2. 0.] [1. 2.]]
    /// ```
    /// - Throws: `LinearAlgebraError.notPositiveDefinite`, `.notFinite`.
    public func cholesky() throws(LinearAlgebraError) -> Tensor {
        checkIsSquare("cholesky")
        // A row-major lower triangle is an upper one by columns.
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
