import CDuctusKernels

/// Rows handled by one task when a sum runs over all rows; fixed, so that sums do not depend on the threads.
private let rowGrain = 1024

/// Sums over all rows of `[rows, columns]`: partial sums per block of rows in parallel, added up in order.
func columnTotals<Scalar: FloatingScalar>(
    _ type: Scalar.Type, rows: Int, columns: Int, _ partial: (Range<Int>, UnsafeMutablePointer<Scalar>) -> Void
) -> [Double] {
    let blocks = (rows + rowGrain - 1) / rowGrain
    let sums = Tensor<Scalar>(shape: [blocks, columns]) { out in
        parallelRanges(rows, grain: rowGrain) { range in
            partial(range, out.baseAddress! + range.lowerBound / rowGrain * columns)
        }
    }
    var totals = [Double](repeating: 0, count: columns)
    sums.withUnsafeBuffer { sums in
        guard let base = sums.baseAddress else { return }
        Scalar.kernels.column_totals(blocks, columns, base, &totals)
    }
    return totals
}

extension Tensor where Scalar: FloatingScalar {
    /// The sum over every axis but the last.
    func summedToLastAxis() -> Tensor {
        let columns = shape[rank - 1]
        let rows = columns == 0 ? 0 : count / columns
        return withUnsafeBuffer { x in
            Tensor(
                columnTotals(Scalar.self, rows: rows, columns: columns) { range, sums in
                    let start = x.baseAddress! + range.lowerBound * columns
                    Scalar.kernels.activation_gradient(
                        DUCTUS_IDENTITY, range.count, columns, start, start, nil, sums)
                }.map { Scalar($0) })
        }
    }

    /// Applies `body` to blocks of rows of a result that starts as `initial` says.
    static func byRows(
        _ shape: Shape, columns: Int, _ body: (Range<Int>, UnsafeMutablePointer<Scalar>) -> Void
    ) -> Tensor {
        Tensor(shape: shape) { out in
            guard out.count > 0 else { return }
            parallelRanges(out.count / columns, grain: Swift.max(1, (1 << 15) / columns)) {
                body($0, out.baseAddress! + $0.lowerBound * columns)
            }
        }
    }
}
