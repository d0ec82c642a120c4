/// A fragment of a line, possibly the whole line.
struct LineFragment {
    /// The class: 1 for odd lines, 2 for even lines.
    let label: UInt8
    var box: Box

    /// Merges fragments to lines. Islands inside lines of the other class, and lines of much less than the median height, are
    /// removed.
    static func merged(_ fragments: [LineFragment]) -> [LineFragment] {
        var lines = fragments
        var count: Int
        repeat {
            count = lines.count
            let previous = lines
            lines = []
            // Largest first, so that fragments are merged with the line rather than with each other.
            for fragment in previous.sorted(by: { $0.box.area > $1.box.area }) {
                if lines.contains(where: { fragment.isIsland(in: $0) }) { continue }
                if let line = lines.firstIndex(where: { $0.continues(fragment, among: previous) }) {
                    lines[line].box = lines[line].box.union(fragment.box)
                } else {
                    lines.append(fragment)
                }
            }
        } while lines.count < count

        let heights = lines.map(\.box.height).sorted()
        guard let median = heights.isEmpty ? nil : heights[heights.count / 2] else { return [] }
        return lines.filter { $0.box.height * 3 >= median }
    }

    /// Whether most of the fragment is inside a much larger one of the other class.
    private func isIsland(in other: LineFragment) -> Bool {
        label != other.label && box.area * 2 < other.box.area && box.intersection(other.box).area * 10 >= box.area * 7
    }

    /// Whether both are fragments of the same line: they overlap vertically and are not in separate columns.
    ///
    /// A detector may change the class within a line. Such fragments are side by side, unlike adjacent lines.
    private func continues(_ other: LineFragment, among all: [LineFragment]) -> Bool {
        let overlap = box.sharedRows(with: other.box)
        if label == other.label {
            guard overlap * 2 >= min(box.height, other.box.height) else { return false }
        } else {
            let columns = box.sharedColumns(with: other.box)
            guard overlap * 3 >= max(box.height, other.box.height) * 2,
                columns * 4 <= min(box.width, other.box.width)
            else { return false }
        }
        return !isSeparated(from: other, among: all)
    }

    /// Whether a gutter separates the fragments: a gap at least as wide as the lines are high, which no nearby line crosses
    /// and which has nearby lines on both sides.
    private func isSeparated(from other: LineFragment, among all: [LineFragment]) -> Bool {
        let gap = min(box.maxX, other.box.maxX)..<max(box.x, other.box.x, min(box.maxX, other.box.maxX))
        let height = max(box.height, other.box.height)
        guard gap.count >= height else { return false }
        let middle = (gap.lowerBound + gap.upperBound) / 2
        let line = box.union(other.box)
        let neighbors = all.map(\.box).filter { neighbor in
            neighbor.sharedRows(with: line) * 2 < neighbor.height
                && abs(neighbor.y + neighbor.maxY - line.y - line.maxY) <= 6 * height
        }
        let crosses = neighbors.contains { $0.x < middle && $0.maxX > middle }
        return !crosses && neighbors.contains { $0.maxX <= middle } && neighbors.contains { $0.x >= middle }
    }

    /// The boxes from top to bottom by their vertical centers, and from left to right if they are side by side.
    static func inReadingOrder(_ boxes: [Box]) -> [Box] {
        var rows: [[Box]] = []
        for box in boxes.sorted(by: { ($0.y + $0.maxY, $0.x) < ($1.y + $1.maxY, $1.x) }) {
            let isBeside = rows.last?.allSatisfy {
                $0.sharedRows(with: box) * 2 >= min($0.height, box.height) && $0.sharedColumns(with: box) == 0
            }
            if isBeside == true {
                rows[rows.count - 1].append(box)
            } else {
                rows.append([box])
            }
        }
        return rows.flatMap { $0.sorted { $0.x < $1.x } }
    }
}

extension Box {
    /// The number of common rows.
    fileprivate func sharedRows(with other: Box) -> Int { max(0, min(maxY, other.maxY) - max(y, other.y)) }

    /// The number of common columns.
    fileprivate func sharedColumns(with other: Box) -> Int { max(0, min(maxX, other.maxX) - max(x, other.x)) }
}
