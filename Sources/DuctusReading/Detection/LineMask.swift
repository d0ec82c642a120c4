/// The pixels of one class in a label map.
struct LineMask {
    private var isSet: [Bool]
    private let height: Int
    private let width: Int

    init(of label: UInt8, in labels: [UInt8], height: Int, width: Int) {
        isSet = labels.map { $0 == label }
        self.height = height
        self.width = width
    }

    enum Direction { case horizontal, vertical }

    /// Fills gaps of at most `length` pixels (morphological closing with a line).
    mutating func fillGaps(upTo length: Int, _ direction: Direction) {
        forEachRun(of: false, along: direction) { run, end, pixels in
            if run.count <= length && run.lowerBound > 0 && run.upperBound < end { pixels(true) }
        }
    }

    /// Removes runs of at most `length` pixels (morphological opening with a line).
    mutating func removeRuns(upTo length: Int, _ direction: Direction) {
        forEachRun(of: true, along: direction) { run, _, pixels in
            if run.count <= length { pixels(false) }
        }
    }

    /// Calls `body` with every maximal run of pixels equal to `value`, the length of the row or column, and a function that
    /// sets the pixels of the run.
    private mutating func forEachRun(
        of value: Bool, along direction: Direction, _ body: (Range<Int>, Int, (Bool) -> Void) -> Void
    ) {
        let (lines, length, step, stride) =
            direction == .horizontal ? (height, width, 1, width) : (width, height, width, 1)
        isSet.withUnsafeMutableBufferPointer { isSet in
            for line in 0..<lines {
                var start = 0
                while start < length {
                    guard isSet[line * stride + start * step] == value else {
                        start += 1
                        continue
                    }
                    var end = start + 1
                    while end < length, isSet[line * stride + end * step] == value { end += 1 }
                    body(start..<end, length) { newValue in
                        for position in start..<end { isSet[line * stride + position * step] = newValue }
                    }
                    start = end
                }
            }
        }
    }

    /// The 4-connected components in the order of their first pixel.
    ///
    /// Horizontal runs are the nodes of a union-find forest and are united with those that they touch in the row above.
    func components() -> [LineComponent] {
        var runs: [LineComponent.Run] = []
        var parents: [Int] = []
        func root(of node: Int) -> Int {
            var node = node
            while parents[node] != node {
                parents[node] = parents[parents[node]]
                node = parents[node]
            }
            return node
        }
        var above = 0..<0
        for row in 0..<height {
            let first = runs.count
            var candidate = above.lowerBound
            var x = 0
            while x < width {
                guard isSet[row * width + x] else {
                    x += 1
                    continue
                }
                var end = x + 1
                while end < width, isSet[row * width + end] { end += 1 }
                parents.append(runs.count)
                runs.append(LineComponent.Run(row: row, columns: x..<end))
                while candidate < above.upperBound, runs[candidate].columns.upperBound <= x { candidate += 1 }
                var touching = candidate
                while touching < above.upperBound, runs[touching].columns.lowerBound < end {
                    let (a, b) = (root(of: touching), root(of: runs.count - 1))
                    parents[max(a, b)] = min(a, b)
                    touching += 1
                }
                x = end
            }
            above = first..<runs.count
        }
        var indices: [Int: Int] = [:]
        var components: [LineComponent] = []
        for (node, run) in runs.enumerated() {
            let index = indices[root(of: node), default: components.count]
            if index == components.count {
                indices[root(of: node)] = index
                components.append(LineComponent(runs: []))
            }
            components[index].runs.append(run)
        }
        return components
    }
}

/// A connected component, as horizontal runs from top to bottom.
struct LineComponent {
    struct Run {
        var row: Int
        var columns: Range<Int>
    }

    var runs: [Run]

    var area: Int { runs.reduce(0) { $0 + $1.columns.count } }

    /// The bounding box of the component, which must not be empty.
    var box: Box {
        let left = runs.reduce(Int.max) { min($0, $1.columns.lowerBound) }
        let right = runs.reduce(0) { max($0, $1.columns.upperBound) }
        let top = runs[0].row
        return Box(x: left, y: top, width: right - left, height: runs[runs.count - 1].row + 1 - top)
    }

    /// The component, split at bridges and without stubs at its ends. A bridge connects two lines of the same class across the
    /// line between them: it is narrower than half of the widest row above and below.
    ///
    /// A narrow part of a single row is a defect of one line, not a gap between two.
    func withoutBridges() -> [LineComponent] {
        guard let top = runs.first?.row, let bottom = runs.last?.row else { return [] }
        var profile = [Int](repeating: 0, count: bottom - top + 1)
        for run in runs { profile[run.row - top] += run.columns.count }

        var widestAbove = profile
        var widestBelow = profile
        for row in profile.indices.dropFirst() { widestAbove[row] = max(profile[row], widestAbove[row - 1]) }
        for row in profile.indices.dropLast().reversed() { widestBelow[row] = max(profile[row], widestBelow[row + 1]) }
        let narrowness = profile.indices.map { row in
            Double(profile[row]) / Double(min(widestAbove[row], widestBelow[row]))
        }
        let waists = profile.indices.filter { narrowness[$0] < 0.5 }.sorted { narrowness[$0] < narrowness[$1] }
        let bridges = waists.lazy.map { Self.bridge(at: $0, in: profile) }
        if let bridge = bridges.first(where: { $0.count > 1 }) {
            return rows(..<(top + bridge.lowerBound)).withoutBridges()
                + rows((top + bridge.upperBound)...).withoutBridges()
        }
        let body = Self.body(of: profile)
        return [rows((top + body.lowerBound)..<(top + body.upperBound))]
    }

    private func rows(_ rows: some RangeExpression<Int>) -> LineComponent {
        LineComponent(runs: runs.filter { rows.contains($0.row) })
    }

    /// The rows around `waist` of at most twice its width.
    private static func bridge(at waist: Int, in profile: [Int]) -> Range<Int> {
        let isWider = { (width: Int) in width > 2 * profile[waist] }
        let start = profile[..<waist].lastIndex(where: isWider).map { $0 + 1 } ?? 0
        let end = profile[waist...].firstIndex(where: isWider) ?? profile.count
        return start..<end
    }

    /// The rows without the stubs that remain of a bridge: less than a quarter of the maximum width, and at least half as high
    /// as the rest. The corners of a slanted line are also narrow, but not as high.
    private static func body(of profile: [Int]) -> Range<Int> {
        let widest = profile.max() ?? 0
        let isWide = { (width: Int) in width * 4 >= widest }
        guard let first = profile.firstIndex(where: isWide), let last = profile.lastIndex(where: isWide) else {
            return profile.indices
        }
        let height = last + 1 - first
        let start = first * 2 >= height ? first : 0
        let end = (profile.count - 1 - last) * 2 >= height ? last + 1 : profile.count
        return start..<end
    }
}
