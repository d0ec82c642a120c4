extension Tensor where Scalar: FloatingScalar {
    /// The outer product: all products of an element of this tensor and one of `other`. Shape: `[count, other.count]`.
    ///
    /// ```swift
    /// ([1, 2] as Tensor<Float>).outer([3, 4, 5])   // [[ 3.  4.  5.] [ 6.  8. 10.]]
    /// ```
    public func outer(_ other: Tensor) -> Tensor { reshaped(to: [count, 1]) * other.reshaped(to: [1, other.count]) }

    /// The Kronecker product: every element of this tensor replaced by its product with `other`.
    ///
    /// Shapes: `[m, n] · [p, q] → [m p, n q]`; missing leading axes have extent 1.
    ///
    /// ```swift
    /// ([[1, 2]] as Tensor<Float>).kron([[1, 1]])   // [[1. 1. 2. 2.]]
    /// ```
    public func kron(_ other: Tensor) -> Tensor {
        let rank = Swift.max(rank, other.rank)
        let a = Array(repeating: 1, count: rank - self.rank) + shape
        let b = Array(repeating: 1, count: rank - other.rank) + other.shape
        let x = reshaped(to: Shape(a.flatMap { [$0, 1] }))
        let y = other.reshaped(to: Shape(b.flatMap { [1, $0] }))
        return (x * y).reshaped(to: Shape(zip(a, b).map { $0 * $1 }))
    }

    /// The contraction of the last `axes` axes of this tensor with the first `axes` axes of `other`.
    public func tensorDot(_ other: Tensor, axes: Int = 2) -> Tensor {
        precondition(
            axes >= 0 && axes <= rank && axes <= other.rank,
            "tensorDot: shapes \(shape) and \(other.shape) do not both have \(axes) axes to contract.")
        return tensorDot(other, axes: (Array(rank - axes..<rank), Array(0..<axes)))
    }

    /// The contraction over pairs of axes, one of this tensor and one of `other`. The result has the remaining axes of
    /// this tensor, then those of `other`.
    ///
    /// ```swift
    /// a.tensorDot(b, axes: ([1], [0]))   // the matrix product
    /// ```
    public func tensorDot(_ other: Tensor, axes: (left: [Int], right: [Int])) -> Tensor {
        let (left, right) = (axes.left.map(shape.axis), axes.right.map(other.shape.axis))
        let extents = left.map { shape[$0] }
        precondition(
            extents == right.map { other.shape[$0] },
            "tensorDot: axes \(left) of shape \(shape) do not match axes \(right) of shape \(other.shape).")
        let rows = shape.indices.filter { !left.contains($0) }
        let columns = other.shape.indices.filter { !right.contains($0) }
        let depth = extents.extentProduct
        let a = permuted(rows + left).reshaped(to: [rows.map { shape[$0] }.extentProduct, depth])
        let b = other.permuted(right + columns).reshaped(to: [depth, columns.map { other.shape[$0] }.extentProduct])
        return a.matmul(b).reshaped(to: Shape(rows.map { shape[$0] } + columns.map { other.shape[$0] }))
    }
}
