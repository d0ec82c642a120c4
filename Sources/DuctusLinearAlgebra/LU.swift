extension Matrix {
    /// Factors P A = L U in place by Gaussian elimination with partial pivoting: row i was swapped with row
    /// `pivots[i]`, counted from 1. Returns the first zero pivot, counted from 1, or 0.
    func factorLU(_ pivots: UnsafeMutablePointer<Int32>) -> Int {
        let order = Swift.min(rows, columns)
        guard order > 0 else { return 0 }
        guard order > 192 else { return eliminate(pivots) }
        var zero = 0
        let width = 128
        factorPanels(order, columns: columns, width: width) { panel in
            let place = self[panel.lowerBound..<rows, panel].eliminate(pivots + panel.lowerBound)
            if place > 0, zero == 0 { zero = panel.lowerBound + place }
            for i in panel { pivots[i] += Int32(panel.lowerBound) }
        } update: { panel, columns in
            let right = self[0..<rows, columns]
            right.exchangeRows(panel, pivots)
            let top = right[panel, 0..<columns.count]
            _ = top.divide(by: self[panel, panel], Letter.lower, unitDiagonal: true)
            let below = panel.upperBound..<rows
            right[below, 0..<columns.count].set(-1, self[below, panel], top, plus: 1)
        }
        // Columns to the left still have the rows in the order before the swaps of later panels.
        let panels = (order + width - 1) / width
        parallel(panels - 1) {
            let end = ($0 + 1) * width
            self[0..<rows, $0 * width..<end].exchangeRows(end..<order, pivots)
        }
        return zero
    }

    private func eliminate(_ pivots: UnsafeMutablePointer<Int32>) -> Int {
        let zero = Int(Scalar.lapack.getrf(columnMajor, BLAS.index(rows), BLAS.index(columns), base, step, pivots))
        // Of NaN, none is the largest: whatever the search returns, a row is exchanged with itself or one below it.
        for i in 0..<Swift.min(rows, columns) {
            pivots[i] = Swift.min(Swift.max(pivots[i], Int32(i + 1)), Int32(rows))
        }
        return zero
    }

    private func exchangeRows(_ range: Range<Int>, _ pivots: UnsafePointer<Int32>) {
        _ = Scalar.lapack.laswp(
            columnMajor, BLAS.index(columns), base, step, Int32(range.lowerBound + 1), Int32(range.upperBound), pivots,
            1)
    }
}

/// LU factorizations of a stack of matrices.
struct LUStack<Scalar: FloatingScalar>: @unchecked Sendable {
    let factors: MatrixStack<Scalar>
    let pivots: Tensor<Int32>
    /// The factor by which every matrix, and so its U, was scaled: the reciprocals of tiny pivots would overflow.
    let scales: [Scalar]
    /// The first zero pivot of every matrix, counted from 1, or 0.
    let zeroPivots: [Int]

    init(_ factors: MatrixStack<Scalar>) {
        self.factors = factors
        let order = Swift.min(factors.rows, factors.columns)
        let pivots = Tensor<Int32>(shape: [factors.count, order]) { _ in }
        self.pivots = pivots
        scales = parallelMap(factors.count) { factors[$0].normalizeMagnitude() }
        zeroPivots = parallelMap(factors.count) { factors[$0].factorLU(pivots.base + $0 * order) }
    }

    /// The sign of the determinant of one matrix, and the logarithm of its magnitude.
    func logDeterminant(_ index: Int) -> (sign: Scalar, logMagnitude: Scalar) {
        let (a, exchanges) = (factors[index], pivots.base + index * factors.rows)
        var (sign, logMagnitude): (Scalar, Double) = (1, 0)
        for i in 0..<a.rows {
            let pivot = Double(a[i, i])
            if pivot == 0 { return (0, -.infinity) }
            if (exchanges[i] != i + 1) != (pivot < 0) { sign = -sign }
            logMagnitude += logarithm(pivot.magnitude)
        }
        if scales[index] != 1 { logMagnitude -= Double(a.rows) * logarithm(Double(scales[index])) }
        return (logMagnitude.isNaN ? .nan : sign, Scalar(logMagnitude))
    }
}

extension Tensor where Scalar: FloatingScalar {
    /// The LU factorization P A = L U by Gaussian elimination with partial pivoting, where L is lower triangular with
    /// ones on its diagonal and U is upper triangular.
    ///
    /// Shapes: A `[…, m, n]` → permutation `[…, m]`, L `[…, m, k]`, U `[…, k, n]`, k = min(m, n). Row i of L U is row
    /// `permutation[i]` of A. Always succeeds; if A is singular, U has zeros on its diagonal.
    ///
    /// ```swift
    /// let (permutation, l, u) = Tensor<Double>([[1, 2], [4, 4]]).lu()
    /// // permutation [1 0], l [[1.   0.  ] [0.25 1.  ]], u [[4. 4.] [0. 1.]]
    /// ```
    public func lu() -> (permutation: Tensor<Int32>, l: Tensor, u: Tensor) {
        checkIsMatrix("lu")
        let stack = LUStack(MatrixStack(copying: self))
        let (batch, m, n) = (batch, stack.factors.rows, stack.factors.columns)
        let k = Swift.min(m, n)
        let (l, u) = (MatrixStack<Scalar>(batch, m, k), MatrixStack<Scalar>(batch, k, n))
        let permutation = Tensor<Int32>(shape: Shape(batch + [m])) { _ in }
        stack.factors.parallelForEach { index, factors in
            let order = permutation.base + index * m
            for i in 0..<m { order[i] = Int32(i) }
            for i in 0..<k {
                let other = Int(stack.pivots.base[index * k + i]) - 1
                (order[i], order[other]) = (order[other], order[i])
            }
            factors[0..<m, 0..<k].copy(to: l[index])
            l[index].keep(.lower)
            for i in 0..<k { l[index][i, i] = 1 }
            factors[0..<k, 0..<n].copy(to: u[index])
            u[index].keep(.upper)
            u[index].scale(by: 1 / stack.scales[index])
        }
        return (permutation, l.tensor, u.tensor)
    }

    /// The determinant of every matrix. May overflow where ``logDeterminant()`` does not.
    ///
    /// Shapes: A `[…, n, n]` → `[…]`.
    ///
    /// ```swift
    /// Tensor<Double>([[2, 0], [1, 3]]).determinant()   // 6.0
    /// ```
    public func determinant() -> Tensor {
        checkIsSquare("determinant")
        let stack = LUStack(MatrixStack(copying: transposed()))
        let (result, n) = (Tensor.perMatrix(batch), shape[rank - 1])
        stack.factors.parallelForEach { index, a in
            result.base[index] = (0..<n).reduce(1) {
                let pivot = a[$1, $1] / stack.scales[index]
                return stack.pivots.base[index * n + $1] == $1 + 1 ? $0 * pivot : -$0 * pivot
            }
        }
        return result
    }

    /// The determinant as its sign (−1, 0 or 1) and the natural logarithm of its magnitude (−∞ for 0).
    ///
    /// Shapes: A `[…, n, n]` → `[…]`.
    public func logDeterminant() -> (sign: Tensor, logMagnitude: Tensor) {
        checkIsSquare("logDeterminant")
        let stack = LUStack(MatrixStack(copying: transposed()))
        let (sign, logMagnitude) = (Tensor.perMatrix(batch), Tensor.perMatrix(batch))
        for index in 0..<stack.factors.count {
            (sign.base[index], logMagnitude.base[index]) = stack.logDeterminant(index)
        }
        return (sign, logMagnitude)
    }
}
