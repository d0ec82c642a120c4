/// Views of one shape (up to four), walked together: in row-major order, rows of columns at a time.
struct JointRows {
    /// One number for each view.
    typealias Steps = SIMD4<Int>

    /// A part of a row, or several whole ones: where its elements lie in each view, and in a dense result.
    struct Block {
        let start: Int
        let offsets: Steps
        let rows: Int
        let columns: Int
    }

    /// From row to row of a block, in each view.
    let rowSteps: Steps
    /// From element to element of a row.
    let columnSteps: Steps
    private let columns: Int
    private let rows: Int
    private let outer: [(extent: Int, steps: Steps)]
    private let count: Int

    init(_ shape: Shape, _ strides: [Shape]) {
        var axes: [(extent: Int, steps: Steps)] = []  // the innermost first
        for axis in shape.indices.reversed() where shape[axis] != 1 {
            var steps = Steps.zero
            for (view, strides) in strides.enumerated() { steps[view] = strides[axis] }
            // Two axes that all views step through evenly are one.
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
    func forEach(grain: Int = 1 << 15, _ body: (Block) -> Void) {
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

extension Tensor {
    /// `body` of the pairs of elements that broadcasting makes.
    ///
    /// A loop of its own wherever it is inlined: the caller is to be specialized.
    @inline(__always)
    func paired<Other, Result>(
        with other: Tensor<Other>, _ body: (Scalar, Other) -> Result
    ) -> Tensor<Result> {
        let target = Shape.broadcast(shape, other.shape)
        let (a, b) = (detached().broadcast(to: target), other.detached().broadcast(to: target))
        let joint = JointRows(target, [a.strides, b.strides])
        let (stepA, stepB) = (joint.columnSteps[0], joint.columnSteps[1])
        return Tensor<Result>(shape: target) { out in
            withExtendedLifetime((a.storage, b.storage)) {
                joint.forEach { block in
                    var (x, y) = (a.base + block.offsets[0], b.base + block.offsets[1])
                    var result = out.baseAddress! + block.start
                    for _ in 0..<block.rows {
                        // The common strides get loops of their own, which are vectorized.
                        if stepA == 1, stepB == 1 {
                            for i in 0..<block.columns { result[i] = body(x[i], y[i]) }
                        } else if stepA == 1, stepB == 0 {
                            let number = y.pointee
                            for i in 0..<block.columns { result[i] = body(x[i], number) }
                        } else {
                            for i in 0..<block.columns { result[i] = body(x[i &* stepA], y[i &* stepB]) }
                        }
                        (x, y) = (x + joint.rowSteps[0], y + joint.rowSteps[1])
                        result += block.columns
                    }
                }
            }
        }
    }
}
