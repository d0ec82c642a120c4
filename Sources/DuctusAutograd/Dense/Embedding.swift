/// Looks up rows of a table by index.
///
/// Shapes: indices `[…]`, table `[rows, channels]` → `[…, channels]`. The gradient of a row is the sum over all of its
/// occurrences, in order; that of an unused row is zero.
@_specialize(where Scalar == Float)
public func embedding<Scalar: FloatingScalar>(_ indices: Tensor<Int32>, table: Tensor<Scalar>) -> Tensor<Scalar> {
    precondition(table.rank == 2, "embedding: table is \(table.shape); it must be [rows, channels].")
    indices.withUnsafeBuffer {
        for index in $0 where index < 0 || index >= table.shape[0] {
            preconditionFailure("embedding: index \(index) is not one of \(table.shape[0]) rows.")
        }
    }
    let rows = table.mapped(by: SparseMatrix(selecting: indices, columns: table.shape[0]), axis: 0)
    return rows.reshaped(to: Shape(indices.shape + [table.shape[1]]))
}
