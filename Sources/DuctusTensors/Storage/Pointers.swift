/// Calls `body` with the elements of several tensors, each in row-major order.
package func withPointers<each Scalar: TensorScalar, Result>(
    to tensors: repeat Tensor<each Scalar>, body: (repeat UnsafePointer<each Scalar>) throws -> Result
) rethrows -> Result {
    let dense = (repeat (each tensors).dense())
    return try withExtendedLifetime(dense) { try body(repeat UnsafePointer((each dense).base)) }
}
