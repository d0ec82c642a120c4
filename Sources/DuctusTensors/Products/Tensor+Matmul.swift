extension Tensor where Scalar: FloatingScalar {
    /// The matrix product over the last two axes; the axes before them broadcast.
    ///
    /// Transposed views are not copied, unless the BLAS does not know the processor. Shapes: `[…, m, k] · […, k, n] → […, m, n]`; a vector on the right is a
    /// column, one on the left a row.
    ///
    /// ```swift
    /// let (a, b): (Tensor<Float>, Tensor<Float>) = ([[1, 2], [3, 4]], [[5], [6]])
    /// a.matmul(b)        // [[17.] [39.]]
    /// a.matmul([5, 6])   // [17. 39.]
    /// ```
    @_specialize(where Scalar == Float)
    public func matmul(_ other: Tensor) -> Tensor {
        precondition(
            rank > 0 && other.rank > 0, "matmul needs at least one axis on each side; got \(shape) and \(other.shape).")
        if rank == 1 { return expandingShape(at: 0).matmul(other).squeezingShape(at: other.rank == 1 ? 0 : -2) }
        if other.rank == 1 { return matmul(other.expandingShape(at: 1)).squeezingShape(at: -1) }
        precondition(
            shape[rank - 1] == other.shape[other.rank - 2],
            "matmul: shapes \(shape) and \(other.shape) do not match; the last extent of the left must equal the "
                + "second-to-last of the right."
        )
        let (a, b) = (detached(), other.detached())
        let (needsA, needsB) = (isRecorded, other.isRecorded)
        return Tensor.operation(of: [self, other]) {
            let output = matrixProduct(a, b)
            Observation.observer?.didMultiply(output.count * shape[rank - 1])
            return output.recorded(inputs: [self, other]) { gradient in
                [
                    needsA ? matrixProduct(gradient, b.transposed()).unbroadcast(to: a.shape) : nil,
                    needsB ? matrixProduct(a.transposed(), gradient).unbroadcast(to: b.shape) : nil,
                ]
            }
        }
    }
}

extension Tensor where Scalar: FloatingScalar {
    /// A copy if elements of a row are apart, of each matrix once.
    fileprivate func untransposed() -> Tensor { strides[rank - 1] == 1 ? self : dense() }
}

private func matrixProduct<Scalar: FloatingScalar>(_ a: Tensor<Scalar>, _ b: Tensor<Scalar>) -> Tensor<Scalar> {
    let (m, k, n) = (a.shape[a.rank - 2], a.shape[a.rank - 1], b.shape[b.rank - 1])
    // A stack of matrices times one matrix is a single tall product.
    if a.rank > 2, b.rank == 2, a.isDense {
        let rows = a.shape.dropLast().extentProduct
        return matrixProduct(a.reshaped(to: [rows, k]), b).reshaped(to: Shape(a.shape.dropLast() + [n]))
    }
    let batch = Shape.broadcast(Shape(a.shape.dropLast(2)), Shape(b.shape.dropLast(2)))
    // Our own products read matrices row by row.
    let copies = Machine.blasIsBehind && prefersRows(m, n, k) && n >= 16
    let (a, b) = copies ? (a.untransposed(), b.untransposed()) : (a, b)
    let x = MatrixView(a.broadcast(to: Shape(batch + [m, k])))
    let y = MatrixView(b.broadcast(to: Shape(batch + [k, n])))
    return Tensor(shape: Shape(batch + [m, n])) { out in
        guard out.count > 0 else { return }
        guard k > 0 else { return out.zero() }
        let c = out.baseAddress!
        if batch.elementCount == 1 {
            multiply(m, n, k, x, 0, y, 0, c)
        } else {
            parallel(batch.elementCount) {
                multiply(m, n, k, x, x.offset(batch, $0), y, y.offset(batch, $0), c + $0 * m * n)
            }
        }
    }
}

/// Whether a product of this size is faster with our own register tiling than with BLAS, which packs both operands.
private func prefersRows(_ m: Int, _ n: Int, _ k: Int) -> Bool { m >= 4 && m * n * k >= 1 << 15 }

/// One product, with its rows split into blocks of fixed size for the threads.
private func multiply<Scalar: FloatingScalar>(
    _ m: Int, _ n: Int, _ k: Int, _ a: MatrixView<Scalar>, _ offsetA: Int, _ b: MatrixView<Scalar>, _ offsetB: Int,
    _ c: UnsafeMutablePointer<Scalar>
) {
    let (x, y) = (a.base + offsetA, b.base + offsetB)
    if m == 1 {
        let stride = a.transposed ? a.leading : 1
        if b.transposed {
            Scalar.gemv(false, n, k, y, b.leading, x, stride, 0, c, 1)
        } else {
            Scalar.gemv(true, k, n, y, b.leading, x, stride, 0, c, 1)
        }
    } else if n == 1 {
        let stride = b.transposed ? 1 : b.leading
        if a.transposed {
            Scalar.gemv(true, k, m, x, a.leading, y, stride, 0, c, 1)
        } else {
            Scalar.gemv(false, m, k, x, a.leading, y, stride, 0, c, 1)
        }
    } else if !a.transposed, !b.transposed, prefersRows(m, n, k) {
        productOfRows(m, n, k, x, a.leading, y, b.leading, c)
    } else {
        gemm(
            a.transposed, b.transposed, m, n, k, 1, x, a.leading, y, b.leading, 0, c, n)
    }
}

/// Rows times a matrix, by our own register tiling, which reads the rows in place.
private func productOfRows<Scalar: FloatingScalar>(
    _ m: Int, _ n: Int, _ k: Int, _ x: UnsafePointer<Scalar>, _ xStep: Int, _ w: UnsafePointer<Scalar>, _ wStep: Int,
    _ y: UnsafeMutablePointer<Scalar>
) {
    func product(_ rows: Range<Int>, _ columns: Range<Int>) {
        let workspace = Tensor<Scalar>(shape: [Scalar.kernels.product_workspace()]) { _ in }
        defer { withExtendedLifetime(workspace) {} }
        Scalar.kernels.product_of_rows(
            rows.count, k, columns.count, x + rows.lowerBound * xStep, xStep, w + columns.lowerBound, wStep,
            workspace.base, y + rows.lowerBound * n + columns.lowerBound, n)
    }
    // No sum is split, so the blocks do not affect results.
    let isLarge = m * n * k >= 1 << 18
    if isLarge, n >= m, n > 64 {
        parallelRanges(n, grain: max(64, (n / 8 + 63) / 64 * 64)) { product(0..<m, $0) }
    } else if isLarge, m > 24 {
        parallelRanges(m, grain: max(24, (m / 8 + 5) / 6 * 6)) { product($0, 0..<n) }
    } else {
        product(0..<m, 0..<n)
    }
}

/// BLAS GEMM on all threads. The longer side of the result is split into blocks of fixed size, never the sums.
package func gemm<Scalar: FloatingScalar>(
    _ transposeA: Bool, _ transposeB: Bool, _ m: Int, _ n: Int, _ k: Int, _ alpha: Scalar,
    _ a: UnsafePointer<Scalar>, _ lda: Int, _ b: UnsafePointer<Scalar>, _ ldb: Int, _ beta: Scalar,
    _ c: UnsafeMutablePointer<Scalar>, _ ldc: Int
) {
    // At most a quarter of the longer side, so that small products also keep several threads busy.
    let block = Swift.min(192, Swift.max(48, (Swift.max(m, n) + 3) / 4))
    if m * n * k < 1 << 18 || Swift.max(m, n) <= block {
        Scalar.gemm(transposeA, transposeB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
    } else if m >= n {
        parallelRanges(m, grain: block) { rows in
            Scalar.gemm(
                transposeA, transposeB, rows.count, n, k, alpha, a + rows.lowerBound * (transposeA ? 1 : lda), lda, b,
                ldb, beta, c + rows.lowerBound * ldc, ldc)
        }
    } else {
        parallelRanges(n, grain: block) { columns in
            Scalar.gemm(
                transposeA, transposeB, m, columns.count, k, alpha, a, lda,
                b + columns.lowerBound * (transposeB ? ldb : 1), ldb, beta, c + columns.lowerBound, ldc)
        }
    }
}

/// The last two axes of a tensor as BLAS reads them, with unit stride along rows or columns.
private struct MatrixView<Scalar: FloatingScalar>: @unchecked Sendable {
    let tensor: Tensor<Scalar>
    let transposed: Bool
    let leading: Int

    init(_ source: Tensor<Scalar>) {
        let (rows, columns) = (source.shape[source.rank - 2], source.shape[source.rank - 1])
        let (down, across) = (source.strides[source.rank - 2], source.strides[source.rank - 1])
        if (across == 1 || columns == 1) && (down >= columns || rows == 1) {
            (tensor, transposed, leading) = (source, false, Swift.max(rows == 1 ? columns : down, 1))
        } else if (down == 1 || rows == 1) && (across >= rows || columns == 1) {
            (tensor, transposed, leading) = (source, true, Swift.max(columns == 1 ? rows : across, 1))
        } else {
            (tensor, transposed, leading) = (source.dense(), false, Swift.max(columns, 1))
        }
    }

    var base: UnsafePointer<Scalar> { UnsafePointer(tensor.base) }

    /// The offset of matrix `index` of a batch.
    func offset(_ batch: Shape, _ index: Int) -> Int {
        var (rest, offset) = (index, 0)
        for axis in batch.indices.reversed() {
            let (quotient, position) = rest.quotientAndRemainder(dividingBy: batch[axis])
            rest = quotient
            offset += position * tensor.strides[axis]
        }
        return offset
    }
}
