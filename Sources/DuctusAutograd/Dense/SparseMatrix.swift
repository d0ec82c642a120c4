import CDuctusKernels

/// A sparse matrix (CSR) that acts on one axis of a tensor: it averages windows, resamples images and looks up rows. The
/// gradient is the product with the transpose.
struct SparseMatrix<Scalar: FloatingScalar>: Sendable {
    let rows: Int
    let columns: Int
    /// The index of the first entry of every row, then the number of entries.
    private let starts: Tensor<Int32>
    /// The column of every entry.
    private let sources: Tensor<Int32>
    /// The value of every entry; all are 1 if `nil`.
    private let weights: Tensor<Scalar>?

    /// One entry of value 1 per row.
    init(selecting sources: Tensor<Int32>, columns: Int) {
        (rows, self.columns) = (sources.count, columns)
        starts = Tensor((0...sources.count).map { Int32($0) })
        (self.sources, weights) = (sources.detached().dense(), nil)
    }

    /// Columns and values of the entries of every row.
    init(columns: Int, _ entries: [[(column: Int, weight: Double)]]) {
        (rows, self.columns) = (entries.count, columns)
        starts = Tensor(entries.reduce(into: [0]) { $0.append($0[$0.count - 1] + Int32($1.count)) })
        sources = Tensor(entries.joined().map { Int32($0.column) })
        weights = Tensor(entries.joined().map { Scalar($0.weight) })
    }

    private init(rows: Int, columns: Int, starts: Tensor<Int32>, sources: Tensor<Int32>, weights: Tensor<Scalar>?) {
        (self.rows, self.columns) = (rows, columns)
        (self.starts, self.sources, self.weights) = (starts, sources, weights)
    }

    /// The transpose, with entries in the order of the rows here, so that sums have a fixed order.
    func transposed() -> SparseMatrix {
        var starts = Tensor<Int32>.zeros([columns + 1])
        var turned = Tensor<Int32>.zeros([sources.count])
        var values = weights
        withPointers(to: self.starts, sources) { from, sources in
            starts.withUnsafeMutableBuffer { starts in
                for entry in 0..<turned.count { starts[Int(sources[entry]) + 1] += 1 }
                for column in 0..<columns { starts[column + 1] += starts[column] }
                var next = Tensor(starts)
                next.withUnsafeMutableBuffer { next in
                    turned.withUnsafeMutableBuffer { turned in
                        for row in 0..<rows {
                            for entry in Int(from[row])..<Int(from[row + 1]) {
                                let place = next[Int(sources[entry])]
                                turned[Int(place)] = Int32(row)
                                if let weights { values?[Int(place)] = weights[entry] }
                                next[Int(sources[entry])] += 1
                            }
                        }
                    }
                }
            }
        }
        return SparseMatrix(rows: columns, columns: rows, starts: starts, sources: turned, weights: values)
    }

    /// The product with a tensor along `axis`, which must have as many elements as this matrix has columns.
    fileprivate func applied(to x: Tensor<Scalar>, axis: Int) -> Tensor<Scalar> {
        var shape = x.shape
        let inner = shape[(axis + 1)...].extentProduct
        shape[axis] = rows
        return Tensor(shape: shape) { out in
            guard let y = out.baseAddress, out.count > 0 else { return }
            guard x.count > 0 else { return out.zero() }
            withPointers(to: x, starts, sources) { x, starts, sources in
                withElements(of: weights) { weights in
                    parallelRanges(out.count / inner, grain: rowGrain(inner)) { range in
                        Scalar.kernels.sparse_rows(
                            rows, columns, inner, starts, sources, weights, x, range.lowerBound, range.upperBound, y)
                    }
                }
            }
        }
    }
}

extension Tensor where Scalar: FloatingScalar {
    /// The product of a sparse matrix and this tensor along one of its axes.
    func mapped(by matrix: SparseMatrix<Scalar>, axis: Int, operation: String = #function) -> Tensor {
        matrix.applied(to: detached(), axis: axis).recorded(from: self, operation: operation) {
            matrix.transposed().applied(to: $0, axis: axis)
        }
    }
}
