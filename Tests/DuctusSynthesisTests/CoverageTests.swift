import DuctusData
import DuctusSynthesis
import Testing

@Suite struct CoverageTests {
    private func polygon(_ corners: Int, in range: ClosedRange<Float>, _ random: inout RandomStream) -> [Point] {
        (0..<corners).map { _ in Point(.random(in: range, using: &random), .random(in: range, using: &random)) }
    }

    /// The winding number of polygons around a point.
    private func winding(_ contours: Contours, _ x: Float, _ y: Float) -> Int {
        var winding = 0
        for contour in contours {
            for (index, end) in contour.enumerated() {
                let start = contour[index == 0 ? contour.count - 1 : index - 1]
                guard (start.y <= y) != (end.y <= y) else { continue }
                let crossing = start.x + (y - start.y) / (end.y - start.y) * (end.x - start.x)
                if crossing > x { winding += start.y <= y ? 1 : -1 }
            }
        }
        return winding
    }

    @Test(arguments: 0..<12)
    func triangleCoverageMatchesSampling(seed: Int) {
        var random = RandomStream(seed: UInt64(seed))
        // Some triangles extend beyond the image on all sides.
        var triangle = polygon(3, in: seed < 6 ? 0...10 : -5...15, &random)
        if triangle.signedArea < 0 { triangle.reverse() }
        let coverage = [triangle].coverage(height: 20, width: 20, corner: [0, 10], scale: 2)
        let fine = 40
        for row in 0..<20 {
            for column in 0..<20 {
                var hits = 0
                for i in 0..<fine {
                    for j in 0..<fine {
                        let x = (Float(column) + (Float(j) + 0.5) / Float(fine)) / 2
                        let y = 10 - (Float(row) + (Float(i) + 0.5) / Float(fine)) / 2
                        hits += winding([triangle], x, y) > 0 ? 1 : 0
                    }
                }
                let share = Float(hits) / Float(fine * fine)
                #expect(abs(coverage[row, column].item() - share) < 0.03, "\(triangle) at \(row), \(column)")
            }
        }
        guard seed < 6 else { return }
        #expect(abs(coverage.sum().item() - 4 * triangle.signedArea) < 1e-3)
    }

    @Test func reversedPolygonsCancel() {
        let square: [Point] = [[1, 1], [3, 1], [3, 3], [1, 3]]
        #expect([square].coverage(height: 4, width: 4, corner: [0, 4], scale: 1).sum().item() == 4)
        #expect([square.reversed()].coverage(height: 4, width: 4, corner: [0, 4], scale: 1).sum().item() == 0)
        #expect([square, square].coverage(height: 4, width: 4, corner: [0, 4], scale: 1).sum().item() == 4)
        let hole: [Point] = [[1.5, 1.5], [1.5, 2.5], [2.5, 2.5], [2.5, 1.5]]
        #expect([square, hole].coverage(height: 4, width: 4, corner: [0, 4], scale: 1).sum().item() == 3)
        #expect(Contours().coverage(height: 2, width: 3, corner: .zero, scale: 1).sum().item() == 0)
    }

    @Test func crossingStrokesAreInkInEitherDirection() {
        let stem: [Point] = [[1, 0], [2, 0], [2, 4], [1, 4]]
        let bar: [Point] = [[0, 2], [3, 2], [3, 3], [0, 3]]
        let hole: [Point] = [[1.2, 0.5], [1.2, 1.5], [1.8, 1.5], [1.8, 0.5]]
        for contours in [[stem, bar, hole], [stem, bar.reversed(), hole], [stem.reversed(), bar, hole.reversed()]] {
            var glyph = Glyph(contours: contours, advance: 3)
            glyph.orient()
            #expect(glyph.contours.map { ($0.signedArea * 10).rounded() } == [40, 30, -6])
        }
    }

    @Test func strokesAreMeasuredThroughTheInk() {
        // A frame with walls 0.5 thick.
        let outer: [Point] = [[0, 0], [4, 0], [4, 4], [0, 4]]
        let inner: [Point] = [[0.5, 0.5], [0.5, 3.5], [3.5, 3.5], [3.5, 0.5]]
        let widths = [outer, inner].strokeWidths()
        #expect(!widths.isEmpty, "\(widths)")
        #expect(widths.allSatisfy { abs($0 - 0.5) < 1e-5 }, "\(widths)")
    }

    @Test func noiseIsSmoothAndOfUnitVariance() {
        var random = RandomStream(seed: 5)
        let noise = SmoothNoise(from: .zero, to: [400, 300], cell: 5, using: &random)
        let plane = noise.plane(height: 300, width: 400)
        #expect(abs(plane.mean().item()) < 0.1)
        #expect(abs((plane * plane).mean().item() - 1) < 0.15)
        for (x, y) in [(0, 0), (17, 3), (399, 299), (200, 150)] {
            let there = noise([Float(x) + 0.5, Float(y) + 0.5])
            #expect(abs(plane[y, x].item() - there) < 1e-4)
            #expect(abs(noise([Float(x) + 0.51, Float(y) + 0.5]) - there) < 0.02)
        }
        #expect(noise([-1000, -1000]).isFinite)
        #expect(noise([1e6, 1e6]).isFinite)
    }
}
