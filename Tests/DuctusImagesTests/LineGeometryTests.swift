import DuctusImages
import Testing

@Suite struct LineGeometryTests {
    let level = LineGeometry(baseline: [SIMD2(10, 50), SIMD2(110, 50)], ascent: 20, descent: 8)

    @Test func anOutlineIsAsHighAsTheLine() {
        #expect(level.box == Box(x: 10, y: 30, width: 100, height: 28))
        #expect(level.length == 100)
    }

    /// Turning the plane turns the outline and keeps the heights.
    @Test(arguments: [0.3, 1.6, 3.1, -2.0]) func heightsDoNotDependOnTheDirection(angle: Double) {
        let (c, s) = (cosine(angle), sine(angle))
        let turned = level.mapped { SIMD2($0.x * c - $0.y * s, $0.x * s + $0.y * c) }
        #expect(abs(turned.ascent - 20) < 1e-9)
        #expect(abs(turned.descent - 8) < 1e-9)
        #expect(abs(turned.length - 100) < 1e-9)
    }

    @Test func pointsAreEvenlySpacedAlongAPolyline() {
        let bent = LineGeometry(baseline: [SIMD2(0, 0), SIMD2(30, 40), SIMD2(90, 40)], ascent: 1, descent: 1)
        let points = bent.points(every: 10).map(\.point)
        #expect(points.count == 12)
        #expect(points.first == SIMD2(0, 0))
        #expect(points.last == SIMD2(90, 40))
        #expect(bent.point(at: 60) == SIMD2(40, 40))
    }

    @Test func theDistanceIsThatToTheNearestSegment() {
        #expect(level.distance(to: SIMD2(60, 47)) == 3)
        #expect(level.distance(to: SIMD2(113, 54)) == 5)
    }

    /// The picture of a turned page, straightened along a turned line, is that of the page.
    @Test(arguments: [1, 2, 3]) func straighteningIsTheInverseOfTurning(quarters: Int) {
        var page = Image(width: 120, height: 80, filledWith: 255)
        for x in 10..<110 { for y in 30..<58 { page[x, y] = UInt8((x * 7 + y * 13) % 256) } }
        let straight = page.rectified(along: level)
        #expect(straight == page.cropped(x: 10, y: 30, width: 100, height: 28))
        let turned = page.turned(quarters: quarters)
        let line = level.mapped { point in
            switch quarters {
            case 1: SIMD2(80 - point.y, point.x)
            case 2: SIMD2(120 - point.x, 80 - point.y)
            default: SIMD2(point.y, 120 - point.x)
            }
        }
        #expect(turned.rectified(along: line) == straight)
    }

    @Test func linesOutsideOfAnImageAreDropped() {
        let line = Page.Line(level, text: "a")
        #expect(line.clipped(width: 60, height: 40)?.box == Box(x: 10, y: 30, width: 50, height: 10))
        #expect(line.clipped(width: 60, height: 20) == nil)
    }
}

@Suite struct PolarityTests {
    private func page(paper: UInt8, ink: UInt8, desk: UInt8) -> Image {
        var page = Image(width: 300, height: 200, filledWith: desk)
        for x in 60..<240 { for y in 40..<160 { page[x, y] = paper } }
        for line in 0..<4 {
            for x in 80..<220 where x % 6 < 2 { for y in 55 + 25 * line..<65 + 25 * line { page[x, y] = ink } }
        }
        return page
    }

    /// Whatever a sheet lies on, even if it is most of the picture.
    @Test(arguments: [0, 90, 255] as [UInt8]) func writingDecidesNotTheDesk(desk: UInt8) {
        #expect(!page(paper: 230, ink: 40, desk: desk).isLightOnDark)
        #expect(page(paper: 25, ink: 215, desk: desk).isLightOnDark)
    }
}
