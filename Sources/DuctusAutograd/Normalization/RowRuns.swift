import CDuctusKernels

/// The rows of a matrix that count, in runs that are worked on in parallel: all of them, or the pixels of images that are
/// not padding. How rows are divided does not depend on the number of threads.
struct RowRuns {
    /// In order. What lies between two runs, or behind the last one, is padding; none lies before the first.
    let ranges: [Range<Int>]
    /// All rows, those of the padding included.
    let rows: Int
    /// The rows that count.
    let count: Int

    private init(_ ranges: [Range<Int>], rows: Int) {
        (self.ranges, self.rows, count) = (ranges, rows, ranges.reduce(0) { $0 + $1.count })
    }

    /// All rows of a matrix with the given number of columns.
    init(rows: Int, columns: Int) {
        let grain = rowGrain(columns)
        self.init(stride(from: 0, to: rows, by: grain).map { $0..<min($0 + grain, rows) }, rows: rows)
    }

    /// The pixels of images `[batch, height, width, channels]` that lie left of each sample's width; all rows, if `widths`
    /// is `nil` or nothing is padded.
    init(_ shape: Shape, widths: [Int]?) {
        let columns = shape[shape.rank - 1]
        guard let widths, widths.contains(where: { $0 < shape[2] }) else {
            self.init(rows: columns == 0 ? 0 : shape.elementCount / columns, columns: columns)
            return
        }
        let (height, width) = (shape[1], shape[2])
        let ranges = widths.enumerated().flatMap { sample, end in
            (0..<height).map { row in
                let start = (sample * height + row) * width
                return start..<start + end
            }
        }
        self.init(ranges, rows: shape[0] * height * width)
    }

    /// Sums over all rows that count. `partial` writes `sums` partial sums for a run; they are added up in order.
    func totals(_ sums: Int, _ partial: (Range<Int>, UnsafeMutablePointer<Double>) -> Void) -> [Double] {
        var totals = [Double](repeating: 0, count: sums)
        guard !ranges.isEmpty, sums > 0 else { return totals }
        let parts = Tensor<Double>(shape: [ranges.count, sums]) { out in
            parallel(ranges.count) { partial(ranges[$0], out.baseAddress! + $0 * sums) }
        }
        withPointers(to: parts) { Double.kernels.reduce(DUCTUS_SUM, 1, ranges.count, sums, $0, &totals) }
        return totals
    }

    /// The mean and the biased variance of every column.
    func moments<Scalar: FloatingScalar>(of x: Tensor<Scalar>) -> (mean: [Double], variance: [Double]) {
        let columns = x.shape[x.rank - 1]
        var mean = [Double](repeating: 0, count: columns)
        var squares = mean
        let parts = Tensor<Double>(shape: [ranges.count, 2, columns]) { out in
            withPointers(to: x) { x in
                parallel(ranges.count) { run in
                    let moments = out.baseAddress! + run * 2 * columns
                    Scalar.kernels.column_moments(
                        ranges[run].count, columns, x + ranges[run].lowerBound * columns, moments, moments + columns)
                }
            }
        }
        withPointers(to: parts) { parts in
            var seen = 0
            for (run, range) in ranges.enumerated() where !range.isEmpty {
                let moments = parts + run * 2 * columns
                Scalar.kernels.join_moments(
                    columns, seen, &mean, &squares, range.count, moments, moments + columns)
                seen += range.count
            }
        }
        return (mean, squares.map { $0 / Double(count) })
    }

    /// A tensor whose runs `body` fills in parallel. Padding is 0.
    func map<Scalar>(
        _ shape: Shape, columns: Int, _ body: (Range<Int>, UnsafeMutablePointer<Scalar>) -> Void
    ) -> Tensor<Scalar> {
        Tensor(shape: shape) { out in
            guard out.count > 0 else { return }
            parallel(ranges.count) { run in
                let (range, next) = (ranges[run], run + 1 < ranges.count ? ranges[run + 1].lowerBound : rows)
                let start = out.baseAddress! + range.lowerBound * columns
                if !range.isEmpty { body(range, start) }
                (start + range.count * columns).zero((next - range.upperBound) * columns)
            }
        }
    }
}

extension Tensor where Scalar: FloatingScalar {
    /// Images `[batch, height, width, channels]` with zeros in each sample's columns from `widths` on.
    package consuming func cleared(from widths: [Int]) -> Tensor {
        guard widths.contains(where: { $0 < shape[2] }) else { return self }
        if isRecorded {
            let cleared = detached().cleared(from: widths)
            return cleared.recorded(from: self) { $0.cleared(from: widths) }
        }
        let (height, width, channels) = (shape[1], shape[2], shape[3])
        // In place, if nobody else has the elements.
        withUnsafeMutableBuffer { x in
            parallel(widths.count) { sample in
                for row in sample * height..<(sample + 1) * height {
                    (x.baseAddress! + (row * width + widths[sample]) * channels).zero(
                        Swift.max(width - widths[sample], 0) * channels)
                }
            }
        }
        return self
    }
}
