/// The order in which lines are read: from top to bottom, column by column (recursive XY-cut, Nagy and Seth 1984).
package enum ReadingOrder {
    /// The elements in reading order, given the line of each.
    package static func sorted<Element>(_ elements: [Element], line: (Element) -> LineGeometry) -> [Element] {
        let lines = elements.map(line)
        // Turned back by the median angle, so that columns of a slanted page are upright.
        let angles = lines.map(\.angle).sorted()
        let angle = angles.isEmpty ? 0 : angles[angles.count / 2]
        let (c, s) = (cosine(-angle), sine(-angle))
        let blocks = lines.map { line in
            let points = line.baseline.map { SIMD2($0.x * c - $0.y * s, $0.x * s + $0.y * c) }
            let (xs, ys) = (points.map(\.x), points.map(\.y))
            return Block(
                left: xs.min() ?? 0, right: xs.max() ?? 0, top: (ys.min() ?? 0) - line.ascent,
                bottom: (ys.max() ?? 0) + line.descent)
        }
        let heights = blocks.map(\.height).sorted()
        let median = heights.isEmpty ? 0 : heights[heights.count / 2]
        return order(Array(blocks.indices), blocks, median).map { elements[$0] }
    }

    private struct Block {
        var left: Double, right: Double, top: Double, bottom: Double
        var height: Double { bottom - top }
        var middle: Double { (top + bottom) / 2 }
    }

    private static func order(_ indices: [Int], _ blocks: [Block], _ height: Double) -> [Int] {
        guard indices.count > 1 else { return indices }
        if let (before, after) = columns(indices, blocks, height) {
            return order(before, blocks, height) + order(after, blocks, height)
        }
        // Above and below the widest gap between rows, so that columns under a heading are found.
        if indices.count > 3, let (before, after) = rows(indices, blocks) {
            return order(before, blocks, height) + order(after, blocks, height)
        }
        return inRows(indices, blocks)
    }

    /// The lines left and right of a gutter: both sides have at least two lines and are beside each other.
    private static func columns(_ indices: [Int], _ blocks: [Block], _ height: Double) -> ([Int], [Int])? {
        let sorted = indices.sorted { blocks[$0].left < blocks[$1].left }
        var (right, best): (Double, (count: Int, gap: Double)?) = (-.infinity, nil)
        for (count, index) in sorted.enumerated() {
            let gap = blocks[index].left - right
            if count > 1, sorted.count - count > 1, gap > height * 0.4, gap > best?.gap ?? 0 { best = (count, gap) }
            right = max(right, blocks[index].right)
        }
        guard let best else { return nil }
        let (before, after) = (Array(sorted[..<best.count]), Array(sorted[best.count...]))
        func extent(_ side: [Int]) -> (top: Double, bottom: Double) {
            (side.map { blocks[$0].top }.min() ?? 0, side.map { blocks[$0].bottom }.max() ?? 0)
        }
        let (a, b) = (extent(before), extent(after))
        let common = min(a.bottom, b.bottom) - max(a.top, b.top)
        return common > 0.4 * min(a.bottom - a.top, b.bottom - b.top) ? (before, after) : nil
    }

    /// The lines above and below the widest gap between rows, if one of both sides has columns.
    private static func rows(_ indices: [Int], _ blocks: [Block]) -> ([Int], [Int])? {
        let sorted = indices.sorted { blocks[$0].middle < blocks[$1].middle }
        var cuts: [(count: Int, gap: Double)] = []
        var bottom = -Double.infinity
        for (count, index) in sorted.enumerated() {
            if count > 0 { cuts.append((count, blocks[index].middle - bottom)) }
            bottom = max(bottom, blocks[index].middle)
        }
        let heights = sorted.map { blocks[$0].height }.sorted()
        for cut in cuts.sorted(by: { $0.gap > $1.gap }) where cut.gap > heights[heights.count / 2] * 0.5 {
            let (above, below) = (Array(sorted[..<cut.count]), Array(sorted[cut.count...]))
            let height = heights[heights.count / 2]
            if columns(above, blocks, height) != nil || columns(below, blocks, height) != nil { return (above, below) }
        }
        return nil
    }

    /// From top to bottom; lines beside each other from left to right.
    private static func inRows(_ indices: [Int], _ blocks: [Block]) -> [Int] {
        var rows: [[Int]] = []
        for index in indices.sorted(by: { (blocks[$0].middle, blocks[$0].left) < (blocks[$1].middle, blocks[$1].left) })
        {
            let block = blocks[index]
            let isBeside = rows.last?.allSatisfy { other in
                let other = blocks[other]
                let common = min(block.bottom, other.bottom) - max(block.top, other.top)
                return common > 0.5 * min(block.height, other.height)
                    && min(block.right, other.right) - max(block.left, other.left) < 0.1
                        * min(block.right - block.left, other.right - other.left)
            }
            if isBeside == true { rows[rows.count - 1].append(index) } else { rows.append([index]) }
        }
        return rows.flatMap { $0.sorted { blocks[$0].left < blocks[$1].left } }
    }
}
