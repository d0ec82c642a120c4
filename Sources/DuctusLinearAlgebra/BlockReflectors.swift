/// An orthogonal matrix Q = H₁ H₂ … of Householder reflections H = I − τ v vᵀ, applied in blocks.
///
/// A block of reflections is I − V T Vᵀ, where T⁻¹ is the upper triangle of VᵀV with 1/τ on its diagonal (Joffrain et
/// al., *Accumulating Householder transformations, revisited*, 2006). All work is done in matrix products.
struct BlockReflectors<Scalar: FloatingScalar>: @unchecked Sendable {
    let order: Int
    let width: Int
    private let vectors: MatrixStack<Scalar>
    private let triangles: MatrixStack<Scalar>

    /// Space for `order` reflections of `rows` elements, to be set later.
    init(rows: Int, order: Int, width: Int = 64) {
        (self.order, self.width) = (order, width)
        vectors = MatrixStack(rows, order)
        triangles = MatrixStack(width, order)
    }

    /// Reflections as stored by LAPACK: vⱼ is zero above row j + `offset` and 1 there; the elements below are those of
    /// column j of the matrix (or of row j, if `rowwise`).
    init(_ a: Matrix<Scalar>, _ tau: UnsafePointer<Scalar>, order: Int, offset: Int = 0, rowwise: Bool = false) {
        self.init(rows: rowwise ? a.columns : a.rows, order: order)
        if rowwise {
            a[0..<order, 0..<a.columns].copyTransposed(to: vectors[0])
        } else {
            a[0..<a.rows, 0..<order].copy(to: vectors[0])
        }
        parallel(blocks.count) { set(blocks[$0], tau + blocks[$0].lowerBound, offset: offset) }
    }

    /// Sets the reflections `block` from the same columns of a matrix; `tau` starts with that of the first of them.
    func set(_ block: Range<Int>, from a: Matrix<Scalar>, _ tau: UnsafePointer<Scalar>) {
        let v = vectors[0][0..<vectors.rows, block]
        for (column, j) in block.enumerated() {
            (v.base + column * v.leading).update(from: a.base + j * a.leading, count: a.rows)
        }
        set(block, tau, offset: 0)
    }

    var blocks: [Range<Int>] {
        stride(from: 0, to: order, by: width).map { $0..<Swift.min($0 + width, order) }
    }

    /// Completes a block whose vectors have been copied.
    private func set(_ block: Range<Int>, _ tau: UnsafePointer<Scalar>, offset: Int) {
        let (v, inverseT) = (part(block), triangles[0][0..<block.count, block])
        for (column, j) in block.enumerated() {
            (v.base + column * v.leading).zero(column + offset)
            if j + offset < vectors.rows { v[column + offset, column] = 1 }
        }
        inverseT.set(1, v, transposed: true, v, plus: 0)
        for column in 0..<block.count { inverseT[column, column] = 1 / tau[column] }
    }

    /// The vectors of a block, without the leading rows of zeros.
    private func part(_ block: Range<Int>) -> Matrix<Scalar> {
        vectors[0][block.lowerBound..<vectors.rows, block]
    }

    /// C ← H C, or Hᵀ C, for the product H of one block, on this thread.
    func apply(_ block: Range<Int>, transposed: Bool, to c: Matrix<Scalar>) {
        guard c.columns > 0 else { return }
        let v = part(block)
        let c = c[block.lowerBound..<c.rows, 0..<c.columns]
        let stack = MatrixStack<Scalar>(block.count, c.columns)
        defer { withExtendedLifetime(stack) {} }
        let w = stack[0]
        w.set(1, v, transposed: true, c, plus: 0)
        // τ = 0 means no reflection: 1/τ is infinite, and the quotient is 0.
        _ = w.divide(by: triangles[0][0..<block.count, block], Letter.upper, transposed: transposed)
        c.set(-1, v, w, plus: 1)
    }

    /// C ← Q C.
    func apply(to c: Matrix<Scalar>) {
        parallelRanges(c.columns, grain: 128) { columns in
            for block in blocks.reversed() { apply(block, transposed: false, to: c[0..<c.rows, columns]) }
        }
    }

    /// C ← the first columns of Q.
    func form(_ c: Matrix<Scalar>) {
        c.setIdentity()
        parallelRanges(c.columns, grain: 128) { columns in
            // To the left of a block, columns are still zero.
            for block in blocks.reversed() where block.lowerBound < columns.upperBound {
                let reached = Swift.max(block.lowerBound, columns.lowerBound)..<columns.upperBound
                apply(block, transposed: false, to: c[0..<c.rows, reached])
            }
        }
    }
}
