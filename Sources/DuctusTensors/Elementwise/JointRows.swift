/// Up to four views of one shape, traversed together in row-major order, one block of rows at a time.
struct JointRows {
    /// One stride for each view.
    typealias Steps = SIMD4<Int>

    /// Part of a row, or several whole rows: where the elements are in each view and in a dense result.
    struct Block {
        let start: Int
        let offsets: Steps
        let rows: Int
        let columns: Int
    }

    /// The stride between rows of a block, in each view.
    let rowSteps: Steps
    /// The stride between elements of a row, in each view.
    let columnSteps: Steps
    private let columns: Int
    private let rows: Int
    private let outer: [(extent: Int, steps: Steps)]
    private let count: Int

    init(_ shape: Shape, _ strides: [Shape]) {
        var axes: [(extent: Int, steps: Steps)] = []  // innermost first
        for axis in shape.indices.reversed() where shape[axis] != 1 {
            var steps = Steps.zero
            for (view, strides) in strides.enumerated() { steps[view] = strides[axis] }
            // Two axes that a single stride covers in every view are merged.
            if let inner = axes.last, steps == inner.steps &* Steps(repeating: inner.extent) {
                axes[axes.count - 1].extent *= shape[axis]
            } else {
                axes.append((shape[axis], steps))
            }
        }
        while axes.count < 2 { axes.append((1, .zero)) }
        (columns, columnSteps) = axes[0]
        (rows, rowSteps) = axes[1]
        outer = Array(axes[2...])
        count = shape.elementCount
    }

    /// Calls `body` with all blocks, in any order, on all threads.
    func parallelForEach(grain: Int = 1 << 15, _ body: (Block) -> Void) {
        guard count > 0 else { return }
        if columns == count {
            return parallelRanges(count, grain: grain) {
                let offsets = columnSteps &* Steps(repeating: $0.lowerBound)
                body(Block(start: $0.lowerBound, offsets: offsets, rows: 1, columns: $0.count))
            }
        }
        parallelRanges(count / columns, grain: Swift.max(1, grain / columns)) { range in
            var row = range.lowerBound
            while row < range.upperBound {
                var (rest, first) = row.quotientAndRemainder(dividingBy: rows)
                let count = Swift.min(rows - first, range.upperBound - row)
                var offsets = rowSteps &* Steps(repeating: first)
                for axis in outer {
                    (rest, first) = rest.quotientAndRemainder(dividingBy: axis.extent)
                    offsets &+= axis.steps &* Steps(repeating: first)
                }
                body(Block(start: row * columns, offsets: offsets, rows: count, columns: columns))
                row += count
            }
        }
    }
}

/// A block of rows of two views, and where the results for their pairs of elements go.
struct PairedRows<Left, Right, Result> {
    let left: UnsafePointer<Left>
    let right: UnsafePointer<Right>
    let result: UnsafeMutablePointer<Result>
    let rows: Int
    let columns: Int
    let rowSteps: JointRows.Steps
    let columnSteps: JointRows.Steps

    /// Writes `body` of every pair. Inlined, so that a caller specialized for its types gets a loop of its own.
    @inline(__always)
    func map(_ body: (Left, Right) -> Result) {
        var (x, y, result) = (left, right, result)
        for _ in 0..<rows {
            // Common strides have loops of their own, which the compiler vectorizes.
            if columnSteps[0] == 1, columnSteps[1] == 1 {
                for i in 0..<columns { result[i] = body(x[i], y[i]) }
            } else if columnSteps[0] == 1, columnSteps[1] == 0 {
                let number = y.pointee
                for i in 0..<columns { result[i] = body(x[i], number) }
            } else if columnSteps[0] == 0, columnSteps[1] == 1 {
                let number = x.pointee
                for i in 0..<columns { result[i] = body(number, y[i]) }
            } else {
                for i in 0..<columns { result[i] = body(x[i &* columnSteps[0]], y[i &* columnSteps[1]]) }
            }
            (x, y, result) = (x + rowSteps[0], y + rowSteps[1], result + columns)
        }
    }
}

extension Tensor {
    /// The tensor that `body` fills, block by block, from the pairs of broadcast elements.
    func paired<Other, Result>(
        with other: Tensor<Other>, _ body: (PairedRows<Scalar, Other, Result>) -> Void
    ) -> Tensor<Result> {
        let target = Shape.broadcast(shape, other.shape)
        let (a, b) = (detached().broadcast(to: target), other.detached().broadcast(to: target))
        let joint = JointRows(target, [a.strides, b.strides])
        return Tensor<Result>(shape: target) { out in
            withExtendedLifetime((a.storage, b.storage)) {
                joint.parallelForEach {
                    body(
                        PairedRows(
                            left: a.base + $0.offsets[0], right: b.base + $0.offsets[1],
                            result: out.baseAddress! + $0.start, rows: $0.rows, columns: $0.columns,
                            rowSteps: joint.rowSteps, columnSteps: joint.columnSteps))
                }
            }
        }
    }
}
