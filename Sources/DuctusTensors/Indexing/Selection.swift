/// Indices resolved against a shape: the strided view they select, and the positions gathered from that view.
struct Selection {
    /// One axis of the view, with its source axis unless it is new.
    private struct Axis {
        var source: Int?
        var extent: Int
        var step: Int
    }

    /// Adjacent axes of the view that are replaced by positions, which count row-major through all of them.
    private struct Gather {
        let axes: Range<Int>
        let extent: Int
        let positions: Tensor<Int32>
    }

    private var axes: [Axis] = []
    private var gathers: [Gather] = []
    /// The first selected position along every axis of the source.
    private var starts: [Int] = []
    /// The number of runs of position indices. If there are several, the gathered axes come first, as in NumPy.
    private var runs = 0
    /// Whether the view is the whole source.
    private(set) var isWhole = true

    init(_ indices: [AxisSelection], of shape: Shape) {
        let count = indices.reduce(0) { $0 + $1.axisCount }
        precondition(count <= shape.rank, "The index covers \(count) axes, but shape \(shape) has \(shape.rank).")
        var indices = indices
        let ellipses = indices.count { if case .ellipsis = $0 { true } else { false } }
        precondition(ellipses <= 1, "An index can contain `...` only once.")
        if ellipses == 0 { indices.append(.ellipsis) }
        var isPositionBefore = false
        for index in indices {
            let axis = starts.count
            var isPosition = false
            switch index {
            case .position(let position):
                isPosition = true
                isWhole = false
                let extent = shape[axis]
                starts.append(position < 0 ? position + extent : position)
                precondition(
                    starts[axis] >= 0 && starts[axis] < extent,
                    "Index \(position) is out of range for axis \(axis) of shape \(shape).")
            case .range(let from, let to):
                append(Span(from: from, to: to, axis: axis, of: shape), axis, of: shape)
            case .steps(let from, let to, let step):
                append(Span(from: from, to: to, by: step, axis: axis, of: shape), axis, of: shape)
            case .expansion:
                axes.append(Axis(source: nil, extent: 1, step: 0))
                isWhole = false
            case .ellipsis:
                for _ in 0..<shape.rank - count { appendWhole(of: shape) }
            case .positions(let positions):
                isPosition = true
                let extent = shape[axis]
                let checked = positions.checked(extent: extent) { "axis \(axis) of shape \(shape)" }
                gathers.append(Gather(axes: axes.count..<axes.count + 1, extent: extent, positions: checked))
                appendWhole(of: shape)
            case .mask(let mask):
                isPosition = true
                let covered = axis..<axis + mask.rank
                precondition(
                    mask.rank > 0 && Shape(shape[covered]) == mask.shape,
                    "A mask of shape \(mask.shape) does not match axes \(covered) of shape \(shape).")
                gathers.append(
                    Gather(
                        axes: axes.count..<axes.count + mask.rank, extent: mask.count, positions: mask.truePositions()))
                for _ in covered { appendWhole(of: shape) }
            }
            if isPosition && !isPositionBefore { runs += 1 }
            isPositionBefore = isPosition
        }
    }

    private mutating func appendWhole(of shape: Shape) {
        axes.append(Axis(source: starts.count, extent: shape[starts.count], step: 1))
        starts.append(0)
    }

    private mutating func append(_ span: Span, _ axis: Int, of shape: Shape) {
        axes.append(Axis(source: axis, extent: span.count, step: span.step))
        starts.append(span.start)
        if span.count != shape[axis] || span.step != 1 { isWhole = false }
    }

    /// The view before gathering; shares storage with `source`.
    func view<Scalar>(of source: Tensor<Scalar>) -> Tensor<Scalar> {
        var offset = source.offset
        for (start, stride) in zip(starts, source.strides) { offset += start * stride }
        return Tensor(
            shape: Shape(axes.map(\.extent)),
            // Only the step of an axis of one element can be too large.
            strides: Shape(axes.map { axis in axis.source.map { source.strides[$0] &* axis.step } ?? 0 }),
            offset: offset, storage: source.storage)
    }

    /// The positions gathered from the view, if any.
    var gathering: Gathering? {
        guard let first = gathers.first, let last = gathers.last else { return nil }
        let order: [Int]?
        let place: Range<Int>
        if runs > 1 {
            let gathered = gathers.flatMap { Array($0.axes) }
            order = gathered + axes.indices.filter { !gathered.contains($0) }
            place = 0..<gathered.count
        } else {
            order = nil
            place = first.axes.lowerBound..<last.axes.upperBound
        }
        if gathers.count == 1 { return Gathering(order: order, axes: place, positions: first.positions) }
        let shape = gathers.reduce([]) { Shape.broadcast($0, $1.positions.shape) }
        precondition(
            gathers.reduce(1, { $0 * $1.extent }) <= Int32.max, "Gathered axes can have at most 2³¹ − 1 positions.")
        let positions = Tensor<Int32>(shape: shape) { out in
            out.zero()
            for gather in gathers {
                let extent = Int32(gather.extent)
                gather.positions.broadcast(to: shape).withUnsafeBuffer { positions in
                    for i in 0..<out.count { out[i] = out[i] * extent + positions[i] }
                }
            }
        }
        return Gathering(order: order, axes: place, positions: positions)
    }
}

/// Positions that replace adjacent axes of a permuted view, counted row-major through all of them.
struct Gathering {
    let order: [Int]?
    let axes: Range<Int>
    let positions: Tensor<Int32>

    func arranged<Scalar>(_ view: Tensor<Scalar>) -> Tensor<Scalar> { order.map(view.permuted) ?? view }
}

/// A range or stride along an axis, resolved.
private struct Span {
    let start: Int
    let count: Int
    let step: Int

    init(from: Int?, to: Int?, axis: Int, of shape: Shape) {
        let extent = shape[axis]
        start = from.map { $0 < 0 ? $0 + extent : $0 } ?? 0
        let end = to.map { $0 < 0 ? $0 + extent : $0 } ?? extent
        precondition(
            start >= 0 && start <= end && end <= extent,
            "Range \(from.map(String.init) ?? "")..<\(to.map(String.init) ?? "") is out of range for axis \(axis) of"
                + " shape \(shape).")
        (count, step) = (end - start, 1)
    }

    init(from: Int?, to: Int?, by step: Int, axis: Int, of shape: Shape) {
        let extent = shape[axis]
        precondition(step != 0, "A strided index needs a step other than 0.")
        let bounds = step > 0 ? 0...extent : -1...extent - 1
        start = from.map { $0 < 0 ? $0 + extent : $0 } ?? (step > 0 ? 0 : extent - 1)
        let end = to.map { $0 < 0 ? $0 + extent : $0 } ?? (step > 0 ? extent : -1)
        precondition(
            bounds.contains(start) && bounds.contains(end) && (from == nil || start >= 0),
            "Stride from \(from.map(String.init) ?? "nil") to \(to.map(String.init) ?? "nil") by \(step) is out of"
                + " range for axis \(axis) of shape \(shape).")
        let distance = step > 0 ? end - start : start - end
        count = distance > 0 ? (distance - 1) / Int(clamping: step.magnitude) + 1 : 0
        self.step = step
    }
}
