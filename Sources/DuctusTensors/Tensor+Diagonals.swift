extension Tensor {
    /// The diagonal of the last two axes, without copying; with an offset, one above it (or below, if negative).
    ///
    /// Shapes: `[…, m, n] → […, min(m, n)]` at offset 0.
    ///
    /// ```swift
    /// let x: Tensor<Float> = [[1, 2], [3, 4]]
    /// print(x.diagonal(), x.diagonal(offset: 1))   // [1. 4.] [2.]
    /// ```
    public func diagonal(offset: Int = 0) -> Tensor {
        precondition(rank >= 2, "diagonal needs two axes; shape is \(shape).")
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

    /// Square matrices of zeros (or false) with the last axis of a tensor on a diagonal.
    ///
    /// ```swift
    /// Tensor<Float>(diagonal: [1, 2])   // [[1. 0.] [0. 2.]]
    /// ```
    public init(diagonal vector: Tensor, offset: Int = 0) {
        precondition(vector.rank >= 1, "A diagonal is made of a vector; got a tensor without axes.")
        let extent = vector.shape[vector.rank - 1] + Int(offset.magnitude)
        let result = Tensor(zeros: Shape(vector.shape.dropLast() + [extent, extent]))
        result.diagonal(offset: offset).overwrite(with: vector.detached())
        self = result.recorded(from: vector) { $0.diagonal(offset: offset) }
    }

    /// The last two axes with zeros (or false) above a diagonal: 0 is the main one, 1 the one above it.
    ///
    /// ```swift
    /// ([[1, 2], [3, 4]] as Tensor<Float>).lowerTriangle()   // [[1. 0.] [3. 4.]]
    /// ```
    public func lowerTriangle(diagonal: Int = 0) -> Tensor {
        triangle { row, columns in 0..<Swift.min(Swift.max(row + diagonal + 1, 0), columns) }
            .recorded(from: self) { $0.lowerTriangle(diagonal: diagonal) }
    }

    /// The last two axes with zeros (or false) below a diagonal: 0 is the main one, 1 the one above it.
    public func upperTriangle(diagonal: Int = 0) -> Tensor {
        triangle { row, columns in Swift.min(Swift.max(row + diagonal, 0), columns)..<columns }
            .recorded(from: self) { $0.upperTriangle(diagonal: diagonal) }
    }

    /// Those elements of every row that `kept` names; zeros elsewhere.
    private func triangle(_ kept: (_ row: Int, _ columns: Int) -> Range<Int>) -> Tensor {
        precondition(rank >= 2, "Triangles need two axes; shape is \(shape).")
        let (rows, columns) = (shape[rank - 2], shape[rank - 1])
        return Tensor(shape: shape) { out in
            guard out.count > 0 else { return }
            withUnsafeBuffer { elements in
                parallelRanges(out.count / columns, grain: (1 << 15) / columns) { range in
                    for row in range {
                        let kept = kept(row % rows, columns)
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
    /// Ones on a diagonal, zeros elsewhere: the identity matrix, unless more is said.
    ///
    /// ```swift
    /// Tensor<Int32>.eye(2, columns: 3, diagonal: 1)   // [[0 1 0] [0 0 1]]
    /// ```
    /// - Parameters:
    ///   - rows: how many.
    ///   - columns: as many as rows, unless given.
    ///   - diagonal: 0 is the main one, 1 the one above it, −1 the one below.
    public static func eye(_ rows: Int, columns: Int? = nil, diagonal: Int = 0) -> Tensor {
        let result = zeros([rows, columns ?? rows])
        result.diagonal(offset: diagonal).overwrite(with: Tensor(1))
        return result
    }
}
