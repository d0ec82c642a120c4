/// Contiguous column-major matrices of one size, for LAPACK.
///
/// The matrices of a tensor are row-major, so copying transposes them, unless they are transposed views. Results are
/// returned as transposed views at no cost.
///
/// Every matrix begins at a multiple of 64 bytes, whatever their size: some kernels of OpenBLAS add in another order elsewhere,
/// and the results for a matrix should not depend on its place in a batch.
struct MatrixStack<Scalar: FloatingScalar>: @unchecked Sendable {
    let batch: Shape
    let rows: Int
    let columns: Int
    /// `[batch…, columns, rows]`, with further columns that align the next matrix.
    private let storage: Tensor<Scalar>

    /// Matrices with undefined elements.
    init(_ batch: Shape, _ rows: Int, _ columns: Int) {
        (self.batch, self.rows, self.columns) = (batch, rows, columns)
        let alignment = 64 / MemoryLayout<Scalar>.stride
        var allColumns = columns
        if batch.elementCount > 1 {
            while !(allColumns * rows).isMultiple(of: alignment) { allColumns += 1 }
        }
        storage = Tensor(shape: Shape(batch + [allColumns, rows])) { _ in }
    }

    /// One matrix with undefined elements.
    init(_ rows: Int, _ columns: Int) { self.init([], rows, columns) }

    /// Copies a tensor's matrices.
    init(copying source: Tensor<Scalar>) {
        let rank = source.rank
        self.init(Shape(source.shape.dropLast(2)), source.shape[rank - 2], source.shape[rank - 1])
        guard source.count > 0 else { return }
        let columnMajor = source.transposed()
        let isColumnMajor = columnMajor.isDense
        let from = isColumnMajor ? columnMajor : source.dense()
        withExtendedLifetime(from) {
            parallelForEach { index, matrix in
                let base = from.base + index * rows * columns
                if isColumnMajor {
                    Matrix(base: base, rows: rows, columns: columns, leading: rows).copy(to: matrix)
                } else {
                    Matrix(base: base, rows: columns, columns: rows, leading: columns).copyTransposed(to: matrix)
                }
            }
        }
    }

    /// The number of matrices.
    var count: Int { batch.elementCount }

    subscript(_ index: Int) -> Matrix<Scalar> {
        let size = storage.shape[storage.rank - 2] * rows
        return Matrix(base: storage.base + index * size, rows: rows, columns: columns, leading: rows)
    }

    /// The matrices as a tensor `[batch…, rows, columns]`, a transposed view.
    var tensor: Tensor<Scalar> { storage.sliced(0..<columns, axis: -2).transposed() }

    /// Calls `body` with every matrix, in any order, on all threads.
    func parallelForEach(_ body: (Int, Matrix<Scalar>) -> Void) { parallel(count) { body($0, self[$0]) } }

    /// Calls `body` with every matrix, in any order, on all threads. Throws the error of the first matrix that failed.
    func parallelForEachThrowing(
        _ body: (Int, Matrix<Scalar>) -> ((_ matrix: [Int]) -> LinearAlgebraError)?
    ) throws(LinearAlgebraError) {
        let faults = parallelMap(count) { body($0, self[$0]) }
        for (index, fault) in faults.enumerated() {
            if let fault { throw fault(batch.position(of: index)) }
        }
    }

    /// Throws for infinite and NaN elements, on which LAPACK returns garbage or does not terminate. Checks only the
    /// triangle that is read, if given.
    func requireFinite(in triangle: Triangle? = nil) throws(LinearAlgebraError) {
        // A sum is finite only if every element is.
        if tensor.sum().item().isFinite { return }
        try parallelForEachThrowing { _, a in
            for column in 0..<columns {
                let read = triangle == nil ? 0..<rows : triangle == .lower ? column..<rows : 0..<column + 1
                if read.contains(where: { !a[$0, column].isFinite }) { return { .notFinite(matrix: $0) } }
            }
            return nil
        }
    }
}

extension Shape {
    /// The multi-dimensional index of element `index` in row-major order.
    func position(of index: Int) -> [Int] {
        var (rest, position) = (index, [Int](repeating: 0, count: count))
        for axis in indices.reversed() { (rest, position[axis]) = rest.quotientAndRemainder(dividingBy: self[axis]) }
        return position
    }
}

extension Tensor where Scalar: FloatingScalar {
    /// Traps unless this is an unrecorded matrix or stack of matrices.
    func checkIsMatrix(_ operation: String) {
        precondition(!isRecorded, "\(operation) has no gradient; detach the tensor first.")
        precondition(rank >= 2, "\(operation): A has shape \(shape); it must be a matrix or a stack of matrices.")
    }

    /// Traps unless this is an unrecorded square matrix or stack of square matrices.
    func checkIsSquare(_ operation: String) {
        checkIsMatrix(operation)
        precondition(
            shape[rank - 1] == shape[rank - 2], "\(operation): A has shape \(shape); its matrices must be square.")
    }

    /// The leading axes, before the two of the matrix.
    var batch: Shape { Shape(shape.dropLast(2)) }

    /// An uninitialized tensor with a scalar per matrix, or with the given extents per matrix.
    static func perMatrix(_ batch: Shape, _ extents: Int...) -> Tensor {
        Tensor(shape: Shape(batch + extents)) { _ in }
    }
}
