import DuctusImages
import Testing

@Suite struct DetectionGeometryTests {
    @Test func aLandscapeStripIsCenteredVertically() {
        let lines = [Box(x: 50, y: 200, width: 400, height: 30), Box(x: 40, y: 250, width: 300, height: 30)]
        let geometry = DetectionGeometry(pageWidth: 512, pageHeight: 700, lines: lines)
        // 4 % of 512 is 20.48: rows 180 ..< 300, 120 high, 196 rows of white above.
        #expect(geometry.top == 180)
        #expect(geometry.bottom == 300)
        #expect(geometry.side == 512)
        #expect(geometry.offsetX == 0)
        #expect(geometry.offsetY == 16)
        #expect(geometry.scale == 0.5)
        #expect(geometry.mapRectangle(of: lines[0]) == (x: 25, y: 108, width: 200, height: 15))
        #expect(geometry.pageBox(x: 25, y: 108, width: 200, height: 15) == lines[0])
    }

    @Test func aTallStripIsCenteredHorizontally() {
        let lines = [Box(x: 0, y: 10, width: 90, height: 20), Box(x: 0, y: 380, width: 90, height: 15)]
        let geometry = DetectionGeometry(pageWidth: 100, pageHeight: 396, lines: lines)
        #expect(geometry.top == 6)
        #expect(geometry.bottom == 396)
        #expect(geometry.side == 390)
        #expect(geometry.offsetX == 145)
        #expect(geometry.offsetY == -6)
    }

    @Test func theMapIsTheResizedSquare() {
        let pixels = (0..<330 * 90).map { UInt8($0 * 7919 % 253) }
        let page = Image(width: 330, height: 90, channels: 1, pixels: pixels)
        let map = DetectionGeometry(pageWidth: 330, pageHeight: 90).map(of: page)
        let square = page.padded(top: 120, bottom: 120, fill: 255).resized(width: 256, height: 256)
        for (one, other) in zip(map.pixels, square.pixels) { #expect(abs(Int(one) - Int(other)) <= 1) }
    }
}
