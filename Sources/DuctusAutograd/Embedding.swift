/// The rows of a table that indices name.
///
/// Shapes: indices `[…]`, table `[rows, channels]` → `[…, channels]`. The gradient of a row is the sum over the places
/// where it was read, in their order; of a row that nobody read it is zero.
@_specialize(where Scalar == Float)
public func embedding<Scalar: FloatingScalar>(_ indices: Tensor<Int32>, table: Tensor<Scalar>) -> Tensor<Scalar> {
    precondition(table.rank == 2, "embedding: the table is \(table.shape); it must be [rows, channels].")
    indices.withUnsafeBuffer {
        for index in $0 where index < 0 || index >= table.shape[0] {
            preconditionFailure("embedding: index \(index) is not one of \(table.shape[0]) rows.")
        }
    }
    let rows = table.mapped(by: SparseMatrix(selecting: indices, columns: table.shape[0]), axis: 0)
    return rows.reshaped(to: Shape(indices.shape + [table.shape[1]]))
}
