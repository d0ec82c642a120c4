import DuctusHandwriting
import DuctusTestSupport
import Testing

/// A label map to draw on.
private struct LabelMap {
    let height: Int
    let width: Int
    var labels: [UInt8]

    init(height: Int = 128, width: Int = 128) {
        (self.height, self.width) = (height, width)
        labels = [UInt8](repeating: 0, count: height * width)
    }

    mutating func fill(_ box: Box, with label: UInt8) {
        for row in box.y..<box.maxY {
            for column in box.x..<box.maxX { labels[row * width + column] = label }
        }
    }

    /// Draws lines with alternating labels, as the detector is trained to.
    mutating func draw(_ lines: [Box]) {
        for (index, line) in lines.enumerated() { fill(line, with: UInt8(index % 2 + 1)) }
    }

    var boxes: [Box] { LineBoxes().find(in: labels, height: height, width: width) }
}

/// A page of five lines that touch, the last of which is short.
private let page = (0..<5).map { Box(x: 10, y: 10 + 12 * $0, width: $0 == 4 ? 20 : 105 - $0, height: 12) }

@Suite struct LineBoxesTests {
    @Test func blankMapHasNoLines() {
        #expect(LabelMap().boxes.isEmpty)
        #expect(LineBoxes().find(in: [], height: 0, width: 0).isEmpty)
    }

    @Test func cleanLinesAreFoundExactly() {
        var map = LabelMap()
        map.draw(page)
        #expect(map.boxes == page)
    }

    /// A rule across the page has the area of a line, but not its height.
    @Test func flatLinesAreIgnored() {
        var map = LabelMap(height: 512, width: 512)
        let line = Box(x: 50, y: 200, width: 400, height: 8)
        map.fill(Box(x: 50, y: 100, width: 400, height: 5), with: 1)
        map.fill(line, with: 1)
        #expect(map.boxes == [line])
    }

    /// Gaps between lines are measured by the height of the map, which may be much wider.
    @Test func gapsOfWideMapsAreNotFilled() {
        var map = LabelMap(height: 128, width: 512)
        let lines = [Box(x: 20, y: 20, width: 400, height: 12), Box(x: 20, y: 34, width: 400, height: 12)]
        for line in lines { map.fill(line, with: 1) }
        #expect(map.boxes == lines)
    }

    @Test func otherLabelsAreBackground() {
        var map = LabelMap()
        map.fill(page[0], with: 7)
        #expect(map.boxes.isEmpty)
    }

    @Test func specksBridgesHolesAndNoiseAreIgnored() {
        var map = LabelMap()
        map.draw(page)
        map.fill(Box(x: 40, y: 22, width: 2, height: 12), with: 1)  // joins lines 1 and 3
        map.fill(Box(x: 60, y: 34, width: 2, height: 14), with: 2)  // joins lines 2 and 4
        map.fill(Box(x: 80, y: 100, width: 3, height: 3), with: 2)  // a speck
        map.fill(Box(x: 30, y: 46, width: 9, height: 12), with: 0)  // cuts line 4
        map.fill(Box(x: 70, y: 24, width: 6, height: 4), with: 1)  // an island in line 2
        var state: UInt32 = 1
        for _ in 0..<400 {
            state = state &* 1_664_525 &+ 1_013_904_223
            map.labels[Int(state >> 8) % map.labels.count] = UInt8(state >> 30) % 3
        }
        let boxes = map.boxes
        #expect(boxes.count == page.count)
        for (box, line) in zip(boxes, page) { #expect(box.intersectionOverUnion(line) > 0.75, "\(box) for \(line)") }
    }

    @Test func aWideBridgeIsCut() {
        var map = LabelMap()
        map.draw(page)
        map.fill(Box(x: 40, y: 20, width: 25, height: 16), with: 1)
        #expect(map.boxes.count == page.count)
        #expect(map.boxes[1] == page[1])
    }

    @Test func aLineMayChangeItsClass() {
        var map = LabelMap()
        map.fill(Box(x: 10, y: 40, width: 50, height: 10), with: 1)
        map.fill(Box(x: 60, y: 41, width: 55, height: 10), with: 2)
        #expect(map.boxes == [Box(x: 10, y: 40, width: 105, height: 11)])
    }

    @Test func columnsAreSeparate() {
        var map = LabelMap()
        let rows = (0..<4).map { row in
            [Box(x: 5, y: 10 + 14 * row, width: 50, height: 10), Box(x: 72, y: 10 + 14 * row, width: 50, height: 10)]
        }
        for (index, row) in rows.enumerated() {
            for box in row { map.fill(box, with: UInt8(index % 2 + 1)) }
        }
        #expect(map.boxes == rows.flatMap { $0 })
    }

    @Test func aGapThatOtherLinesCrossIsAHole() {
        var map = LabelMap()
        map.draw(page)
        map.fill(Box(x: 50, y: 22, width: 20, height: 12), with: 0)
        #expect(map.boxes == page)
    }

    @Test func overlappingLinesKeepTheirOrder() {
        var map = LabelMap()
        let lines = (0..<5).map { Box(x: 12 - 2 * $0, y: 10 + 10 * $0, width: 100 + 3 * $0, height: 14) }
        map.draw(lines)
        let boxes = map.boxes
        #expect(boxes.count == lines.count)
        for (box, line) in zip(boxes, lines) { #expect(box.intersectionOverUnion(line) >= 0.5) }
    }

    @Test func noiseAloneIsNotText() {
        var map = LabelMap()
        for index in map.labels.indices where (index / 128 + index) % 2 == 0 { map.labels[index] = 1 }
        for index in map.labels.indices where index % 7 == 0 { map.labels[index] = 2 }
        #expect(map.boxes.count <= 1)
    }
}
