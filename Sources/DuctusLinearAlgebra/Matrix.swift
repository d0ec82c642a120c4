/// An unowned column-major matrix, as LAPACK reads and writes it. Whoever makes it keeps the memory alive.
struct Matrix<Scalar: FloatingScalar>: @unchecked Sendable {
    let base: UnsafeMutablePointer<Scalar>
    let rows: Int
    let columns: Int
    /// The leading dimension: the distance from one column to the next, in elements.
    let leading: Int

    /// A submatrix.
    subscript(_ rows: Range<Int>, _ columns: Range<Int>) -> Matrix {
        Matrix(
            base: base + rows.lowerBound + columns.lowerBound * leading, rows: rows.count, columns: columns.count,
            leading: leading)
    }

    subscript(_ row: Int, _ column: Int) -> Scalar {
        get { base[row + column * leading] }
        nonmutating set { base[row + column * leading] = newValue }
    }

    /// `leading` as LAPACK takes it: at least 1.
    var step: Int32 { BLAS.index(Swift.max(leading, 1)) }

    /// self ← α op(A) B + β self, on this thread.
    func set(
        _ alpha: Scalar, _ a: Matrix, transposed: Bool = false, _ b: Matrix, plus beta: Scalar
    ) {
        guard rows > 0, columns > 0 else { return }
        guard b.rows > 0 else { return beta == 0 ? setZero() : scale(by: beta) }
        // In row-major order all three are transposed: selfᵀ ← α Bᵀ op(A)ᵀ + β selfᵀ.
        Scalar.gemm(
            false, transposed, columns, rows, b.rows, alpha, b.base, b.leading, a.base, a.leading, beta, base, leading)
    }

    /// self ← op(T)⁻¹ self for a triangular T, on this thread. Returns the position of a zero on the diagonal of T,
    /// counted from 1, or 0.
    func divide(
        by triangle: Matrix, _ part: CChar, transposed: Bool = false, unitDiagonal: Bool = false
    ) -> Int {
        guard rows > 0, columns > 0 else { return 0 }
        return Int(
            Scalar.lapack.trtrs(
                columnMajor, part, transposed ? Letter.transposed : Letter.plain,
                unitDiagonal ? Letter.unitDiagonal : Letter.anyDiagonal, BLAS.index(rows), BLAS.index(columns),
                triangle.base, triangle.step, base, step))
    }

    func setZero() { for column in 0..<columns { (base + column * leading).zero(rows) } }

    /// Sets this to the identity matrix.
    func setIdentity() {
        setZero()
        for i in 0..<Swift.min(rows, columns) { self[i, i] = 1 }
    }

    /// Zeroes everything outside a triangle (or trapezoid) that includes the diagonal.
    func keep(_ triangle: Triangle) {
        for column in 0..<columns {
            let start = base + column * leading
            switch triangle {
            case .lower: start.zero(Swift.min(column, rows))
            case .upper: (start + Swift.min(column + 1, rows)).zero(Swift.max(0, rows - column - 1))
            }
        }
    }

    /// Exchanges element (i, j) with the one as far from the last row and column.
    func reverse() {
        for column in 0..<(columns + 1) / 2 {
            let (first, last) = (base + column * leading, base + (columns - 1 - column) * leading)
            reverseBoth(first, last, rows, isSame: first == last)
        }
    }

    /// Copies all elements to another matrix.
    func copy(to other: Matrix) {
        parallelRanges(columns, grain: Swift.max(1, (1 << 15) / Swift.max(rows, 1))) { range in
            for column in range {
                (other.base + column * other.leading).update(from: base + column * leading, count: rows)
            }
        }
    }

    /// Copies element (i, j) to (j, i).
    func copyTransposed(to other: Matrix) {
        parallelRanges(rows, grain: 64) { range in
            transposeTiles(
                base + range.lowerBound, leading, range.count, columns, other.base + range.lowerBound * other.leading,
                other.leading)
        }
    }

    /// Scales very large or very small elements by a power of 2 to near 1, so that squares neither overflow nor
    /// underflow. Returns the factor (1 for ordinary elements), by which results have to be divided.
    func normalizeMagnitude() -> Scalar {
        let largest = largestMagnitude
        // The rest of the exponent range leaves room for the squares of quotients.
        let bound = Scalar(sign: .plus, exponent: Scalar.leastNormalMagnitude.exponent / 8, significand: 1)
        guard largest > 0, largest < bound || largest > 1 / bound else { return 1 }
        let limit = Scalar.greatestFiniteMagnitude.exponent - 2
        let exponent = Swift.max(-limit, Swift.min(limit, -largest.exponent))
        let factor = Scalar(sign: .plus, exponent: exponent, significand: 1)
        scale(by: factor)
        return factor
    }

    func scale(by factor: Scalar) {
        guard factor != 1 else { return }
        multiply(base, leading, rows, columns, factor)
    }

    private var largestMagnitude: Scalar { magnitudeOfLargest(base, leading, rows, columns) }
}

/// y[j][i] ← x[i][j] in tiles that fit the L1 cache; x has `columns` columns of `rows` elements.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
private func transposeTiles<Scalar: FloatingScalar>(
    _ x: UnsafePointer<Scalar>, _ xStep: Int, _ rows: Int, _ columns: Int, _ y: UnsafeMutablePointer<Scalar>,
    _ yStep: Int
) {
    let side = 16
    var column = 0
    while column < columns {
        let width = Swift.min(side, columns - column)
        var row = 0
        while row < rows {
            let height = Swift.min(side, rows - row)
            for i in row..<row + height {
                let (from, to) = (x + i + column * xStep, y + i * yStep + column)
                for j in 0..<width { to[j] = from[j &* xStep] }
            }
            row += side
        }
        column += side
    }
}

/// Exchanges two columns, each in reverse.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
private func reverseBoth<Scalar: FloatingScalar>(
    _ a: UnsafeMutablePointer<Scalar>, _ b: UnsafeMutablePointer<Scalar>, _ rows: Int, isSame: Bool
) {
    for row in 0..<(isSame ? rows / 2 : rows) {
        (a[row], b[rows - 1 - row]) = (b[rows - 1 - row], a[row])
    }
}

@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
private func multiply<Scalar: FloatingScalar>(
    _ x: UnsafeMutablePointer<Scalar>, _ step: Int, _ rows: Int, _ columns: Int, _ factor: Scalar
) {
    for column in 0..<columns { for row in 0..<rows { x[row + column * step] *= factor } }
}

@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
private func magnitudeOfLargest<Scalar: FloatingScalar>(
    _ x: UnsafePointer<Scalar>, _ step: Int, _ rows: Int, _ columns: Int
) -> Scalar {
    // Two independent comparisons per step hide their latency.
    var (even, odd): (Scalar, Scalar) = (0, 0)
    for column in 0..<columns {
        let from = x + column * step
        for row in stride(from: 0, to: rows - 1, by: 2) {
            even = Swift.max(even, from[row].magnitude)
            odd = Swift.max(odd, from[row + 1].magnitude)
        }
        if rows % 2 == 1 { even = Swift.max(even, from[rows - 1].magnitude) }
    }
    return Swift.max(even, odd)
}
