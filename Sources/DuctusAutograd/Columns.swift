import CDuctusKernels

/// Rows per task when a sum runs over all rows; fixed, so that sums do not depend on the number of threads.
func rowGrain(_ columns: Int) -> Int { max(1, (1 << 15) / max(columns, 1)) }

/// Sums over all rows of `[rows, columns]`. `partial` writes `sums` partial sums for a block of rows; blocks run in
/// parallel and are added up in order.
func rowTotals(
    rows: Int, columns: Int, sums: Int, _ partial: (Range<Int>, UnsafeMutablePointer<Double>) -> Void
) -> [Double] {
    let grain = rowGrain(columns)
    let blocks = (rows + grain - 1) / grain
    var totals = [Double](repeating: 0, count: sums)
    guard blocks > 0, sums > 0 else { return totals }
    let parts = Tensor<Double>(shape: [blocks, sums]) { out in
        parallelRanges(rows, grain: grain) { partial($0, out.baseAddress! + $0.lowerBound / grain * sums) }
    }
    withPointers(to: parts) { Double.kernels.reduce(DUCTUS_SUM, 1, blocks, sums, $0, &totals) }
    return totals
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

    /// The mean and the biased variance of every column.
    func columnMoments() -> (mean: [Double], variance: [Double]) {
        let columns = shape[rank - 1]
        let (rows, grain) = (count / columns, rowGrain(columns))
        let blocks = (rows + grain - 1) / grain
        var mean = [Double](repeating: 0, count: columns)
        var squares = mean
        let parts = Tensor<Double>(shape: [blocks, 2, columns]) { out in
            withPointers(to: self) { x in
                parallelRanges(rows, grain: grain) { rows in
                    let moments = out.baseAddress! + rows.lowerBound / grain * 2 * columns
                    Scalar.kernels.column_moments(
                        rows.count, columns, x + rows.lowerBound * columns, moments, moments + columns)
                }
            }
        }
        withPointers(to: parts) { parts in
            for block in 0..<blocks {
                let moments = parts + block * 2 * columns
                Scalar.kernels.join_moments(
                    columns, block * grain, &mean, &squares, Swift.min(grain, rows - block * grain), moments,
                    moments + columns)
            }
        }
        return (mean, squares.map { $0 / Double(rows) })
    }

    /// A tensor whose blocks of rows `body` fills in parallel.
    static func byRows(
        _ shape: Shape, columns: Int, _ body: (Range<Int>, UnsafeMutablePointer<Scalar>) -> Void
    ) -> Tensor {
        Tensor(shape: shape) { out in
            guard out.count > 0 else { return }
            parallelRanges(out.count / columns, grain: rowGrain(columns)) {
                body($0, out.baseAddress! + $0.lowerBound * columns)
            }
        }
    }
}
