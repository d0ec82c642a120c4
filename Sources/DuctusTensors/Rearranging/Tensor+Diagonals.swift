extension Tensor {
    /// The diagonal of the last two axes, as a view. A positive offset selects a diagonal above the main one, a
    /// negative offset one below it.
    ///
    /// Shapes: `[…, m, n] → […, min(m, n)]` at offset 0.
    ///
    /// ```swift
    /// let x: Tensor<Float> = [[1, 2], [3, 4]]
    /// print(x.diagonal(), x.diagonal(offset: 1))   // [1. 4.] [2.]
    /// ```
    public func diagonal(offset: Int = 0) -> Tensor {
        precondition(rank >= 2, "diagonal needs at least two axes; got shape \(shape).")
        let (rows, columns) = (shape[rank - 2], shape[rank - 1])
        let length = Swift.max(0, Swift.min(rows + Swift.min(offset, 0), columns - Swift.max(offset, 0)))
        let (down, across) = (strides[rank - 2], strides[rank - 1])
        let start = length == 0 ? 0 : offset < 0 ? -offset * down : offset * across
        let original = shape
        return view(
            Shape(shape.dropLast(2) + [length]), Shape(strides.dropLast(2) + [down + across]),
            offset: self.offset + start
        ).recorded(from: self) { gradient in
            let result = Tensor(zeros: original)
            result.diagonal(offset: offset).overwrite(with: gradient)
            return result
        }
    }

    /// Square matrices with the last axis of `vector` on a diagonal and zeros (or `false`) elsewhere.
    ///
    /// ```swift
    /// Tensor<Float>(diagonal: [1, 2])   // [[1. 0.] [0. 2.]]
    /// ```
    public init(diagonal vector: Tensor, offset: Int = 0) {
        precondition(vector.rank >= 1, "A diagonal needs a tensor with at least one axis; got a scalar.")
        let extent = vector.shape[vector.rank - 1] + Int(offset.magnitude)
        self = Tensor.operation("diagonal", of: [vector]) {
            let result = Tensor(zeros: Shape(vector.shape.dropLast() + [extent, extent]))
            result.diagonal(offset: offset).overwrite(with: vector.detached())
            return result.recorded(from: vector) { $0.diagonal(offset: offset) }
        }
    }

    /// The lower triangle of the last two axes; zeros (or `false`) above the diagonal. Diagonal 0 is the main one, 1
    /// the one above it.
    ///
    /// ```swift
    /// ([[1, 2], [3, 4]] as Tensor<Float>).lowerTriangle()   // [[1. 0.] [3. 4.]]
    /// ```
    public func lowerTriangle(diagonal: Int = 0) -> Tensor {
        triangle(diagonal) { first, columns in 0..<Swift.min(Swift.max(first + 1, 0), columns) }
            .recorded(from: self) { $0.lowerTriangle(diagonal: diagonal) }
    }

    /// The upper triangle of the last two axes; zeros (or `false`) below the diagonal. Diagonal 0 is the main one, 1
    /// the one above it.
    public func upperTriangle(diagonal: Int = 0) -> Tensor {
        triangle(diagonal) { first, columns in Swift.min(Swift.max(first, 0), columns)..<columns }
            .recorded(from: self) { $0.upperTriangle(diagonal: diagonal) }
    }

    /// The elements of every row within the range that `kept` returns for the column of the diagonal; zeros elsewhere.
    private func triangle(
        _ diagonal: Int, _ kept: (_ first: Int, _ columns: Int) -> Range<Int>
    ) -> Tensor {
        precondition(rank >= 2, "Triangles need at least two axes; got shape \(shape).")
        let (rows, columns) = (shape[rank - 2], shape[rank - 1])
        // Diagonals farther away are outside the matrix as well.
        let diagonal = Swift.min(Swift.max(diagonal, -rows), columns)
        return Tensor(shape: shape) { out in
            guard out.count > 0 else { return }
            withUnsafeBuffer { elements in
                parallelRanges(out.count / columns, grain: (1 << 15) / columns) { range in
                    for row in range {
                        let kept = kept(row % rows + diagonal, columns)
                        let to = out.baseAddress! + row * columns
                        to.zero(kept.lowerBound)
                        (to + kept.lowerBound).update(
                            from: elements.baseAddress! + row * columns + kept.lowerBound, count: kept.count)
                        (to + kept.upperBound).zero(columns - kept.upperBound)
                    }
                }
            }
        }
    }
}

extension Tensor where Scalar: NumericScalar {
    /// A matrix with ones on a diagonal and zeros elsewhere; by default the identity matrix.
    ///
    /// ```swift
    /// Tensor<Int32>.eye(2, columns: 3, diagonal: 1)   // [[0 1 0] [0 0 1]]
    /// ```
    /// - Parameters:
    ///   - rows: the number of rows.
    ///   - columns: the number of columns; by default as many as rows.
    ///   - diagonal: 0 for the main diagonal, 1 for the one above it, −1 for the one below.
    public static func eye(_ rows: Int, columns: Int? = nil, diagonal: Int = 0) -> Tensor {
        let result = zeros([rows, columns ?? rows])
        result.diagonal(offset: diagonal).overwrite(with: Tensor(1))
        return result
    }
}
