import CDuctusKernels

/// Rows per task when a sum runs over all rows; fixed, so that sums do not depend on the number of threads.
func rowGrain(_ columns: Int) -> Int { max(1, (1 << 15) / max(columns, 1)) }

/// Sums over all rows of `[rows, columns]`. `partial` writes `sums` partial sums for a block of rows; blocks run in
/// parallel and are added up in order.
func rowTotals(
    rows: Int, columns: Int, sums: Int, _ partial: (Range<Int>, UnsafeMutablePointer<Double>) -> Void
) -> [Double] {
    RowRuns(rows: rows, columns: columns).totals(sums, partial)
}

extension Tensor where Scalar: FloatingScalar {
    /// The sum over every axis but the last.
    func summedToLastAxis() -> Tensor {
        let columns = shape[rank - 1]
        let rows = columns == 0 ? 0 : count / columns
        let totals = withPointers(to: self) { x in
            rowTotals(rows: rows, columns: columns, sums: columns) { rows, sums in
                Scalar.kernels.column_sums(rows.count, columns, x + rows.lowerBound * columns, sums)
            }
        }
        return Tensor(totals.map { Scalar($0) })
    }

    /// A tensor whose blocks of rows `body` fills in parallel.
    static func byRows(
        _ shape: Shape, columns: Int, _ body: (Range<Int>, UnsafeMutablePointer<Scalar>) -> Void
    ) -> Tensor {
        RowRuns(rows: columns == 0 ? 0 : shape.elementCount / columns, columns: columns)
            .map(shape, columns: columns, body)
    }
}
