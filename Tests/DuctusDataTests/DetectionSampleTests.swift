import DuctusData
import DuctusTestSupport
import Testing

@Suite struct DetectionSampleTests {
    @Test func labelsAndImageLieOnOneAnother() {
        var page = Image(width: 256, height: 300, channels: 1, filledWith: 255)
        let lines = [
            Box(x: 20, y: 100, width: 100, height: 20), Box(x: 30, y: 115, width: 100, height: 20),
            Box(x: 0, y: 0, width: 0, height: 9), Box(x: 5, y: 140, width: 900, height: 5),
        ]
        for line in [lines[0], lines[1]] {
            for y in line.y..<line.maxY { for x in line.x..<line.maxX { page[x, y] = 0 } }
        }
        let sample = DetectionSample(page: page, lines: lines)
        #expect(sample.image.width == 256)
        #expect(sample.image.height == 256)
        #expect(sample.labels.count == 65_536)
        // The scale is one, so each pixel of the page must be found again.
        let geometry = sample.geometry
        for y in geometry.top..<geometry.bottom {
            for x in 0..<256 {
                let index = (y + geometry.offsetY) * 256 + x
                #expect(sample.image.pixels[index] == page[x, y])
                var expected: UInt8 = 0
                for (number, line) in lines.enumerated() {
                    let isInside = line.x <= x && x < line.maxX && line.y <= y && y < line.maxY
                    if isInside { expected = UInt8(number % 2 + 1) }
                }
                #expect(sample.labels[index] == expected)
            }
        }
        #expect(sample.image.pixels[..<(256 * 80)].allSatisfy { $0 == 255 })
    }

    @Test(arguments: [(1, 1), (1, 4000), (4000, 1), (3, 2)])
    func anyPageHasAMap(width: Int, height: Int) {
        let page = Image(width: width, height: height, channels: 3, filledWith: 255)
        for lines in [[], [Box(x: 0, y: 0, width: 1, height: 1)], [Box(x: -90, y: -90, width: 5, height: 5)]] {
            let sample = DetectionSample(page: page, lines: lines)
            #expect(sample.image == Image(width: 256, height: 256, filledWith: 255))
        }
    }

    /// The square of this page would be 400 GB.
    @Test func aSliverNeedsNoSquare() {
        let page = Image(width: 1, height: 640_000, filledWith: 255)
        #expect(DetectionSample(page: page, lines: []).image.pixels.allSatisfy { $0 == 255 })
    }
}
