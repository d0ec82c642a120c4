import DuctusData
import DuctusReading
import Testing

@Suite struct BaselineMapTests {
    /// The output of a network that is sure of its targets.
    private func map(of lines: [LineGeometry], height: Int = 160, width: Int = 240) -> BaselineMap {
        let labels = BaselineTarget.labels(of: lines, height: height, width: width)
        let output = labels.flatMap { label -> [Float] in
            let target = BaselineTarget(label: label)
            var logits: [Float] = [0, 0, 0]
            logits[target.kind.rawValue] = 8
            return logits + [Float(target.ascent), Float(target.descent)].map { $0 / BaselineMap.heightUnit }
        }
        return BaselineMap(Tensor(output, shape: [1, height, width, 5]), height: height, width: width)
    }
    private func line(_ points: [SIMD2<Double>], _ ascent: Double = 12, _ descent: Double = 5) -> LineGeometry {
        LineGeometry(baseline: points, ascent: ascent, descent: descent)
    }

    @Test func linesAreFoundAgain() throws {
        let lines = [
            line([SIMD2(20, 30), SIMD2(220, 36)]), line([SIMD2(30, 70), SIMD2(120, 60), SIMD2(210, 72)]),
            line([SIMD2(20, 130), SIMD2(60, 130)]),
        ]
        let found = map(of: lines).lines().map(\.geometry)
        #expect(found.count == 3)
        for (line, expected) in zip(found, lines) {
            #expect(abs(line.ascent - 12) < 0.5)
            #expect(abs(line.descent - 5) < 0.5)
            #expect(abs(line.length - expected.length) < 8)
            for (point, _) in line.points(every: 5) { #expect(expected.distance(to: point) < 2) }
        }
    }

    /// Columns with a narrow gutter stay apart, as their ends are marked.
    @Test func columnsStayApart() {
        let lines = [line([SIMD2(10, 40), SIMD2(110, 40)]), line([SIMD2(124, 40), SIMD2(230, 40)])]
        #expect(map(of: lines).lines().count == 2)
    }

    /// A gap without ends, as where the network is unsure between two words, is bridged.
    @Test func fragmentsAreJoined() {
        let label = BaselineTarget(.baseline, ascent: 12, descent: 5)
        var output = [Float](repeating: 0, count: 100 * 200 * 5)
        for x in 10..<190 where !(90..<110).contains(x) {
            for y in 49...51 {
                let index = (y * 200 + x) * 5
                output.replaceSubrange(
                    index..<index + 5, with: [0, 8, 0, Float(label.ascent) / 16, Float(label.descent) / 16])
            }
        }
        for pixel in 0..<100 * 200 where output[pixel * 5 + 1] == 0 { output[pixel * 5] = 8 }
        let lines = BaselineMap(Tensor(output, shape: [1, 100, 200, 5]), height: 100, width: 200).lines()
        #expect(lines.count == 1)
    }

    /// A network that has learned nothing may say anything.
    @Test(arguments: [Float.nan, .infinity, 1e30]) func heightsMayBeAnything(height: Float) {
        var output = [Float](repeating: 0, count: 60 * 100 * 5)
        for pixel in 0..<60 * 100 {
            let isLine = (29...31).contains(pixel / 100) && (10..<90).contains(pixel % 100)
            output.replaceSubrange(
                5 * pixel..<5 * pixel + 5, with: [isLine ? 0 : 8, isLine ? 8 : 0, 0, height, height])
        }
        let lines = BaselineMap(Tensor(output, shape: [1, 60, 100, 5]), height: 60, width: 100).lines()
        #expect(lines.allSatisfy { $0.geometry.ascent <= 60 && $0.geometry.descent <= 60 })
    }

    @Test func nothingIsFoundOnNothing() {
        #expect(map(of: []).lines().isEmpty)
    }

    /// Descenders that look like small writing do not become lines.
    @Test func linesOnOthersAreDropped() {
        let lines = [line([SIMD2(20, 60), SIMD2(220, 60)], 20, 8), line([SIMD2(100, 66), SIMD2(112, 66)], 5, 2)]
        #expect(map(of: lines).lines().count == 1)
    }

    @Test func polylinesAreSimplified() {
        let points = (0...100).map { SIMD2(Double($0), $0 < 50 ? 0 : Double($0 - 50)) }
        #expect(BaselineMap.simplified(points, tolerance: 0.5) == [points[0], points[50], points[100]])
    }
}

@Suite struct ReadingOrderTests {
    private func line(_ x: Double, _ y: Double, _ width: Double) -> LineGeometry {
        LineGeometry(baseline: [SIMD2(x, y), SIMD2(x + width, y)], ascent: 14, descent: 6)
    }
    private func order(_ lines: [LineGeometry]) -> [Int] {
        // From any order.
        let shuffled = lines.indices.sorted { $0 * 7 % 11 < $1 * 7 % 11 }
        return ReadingOrder.sorted(shuffled) { lines[$0] }
    }

    @Test func columnsAreReadOneAfterTheOther() {
        let lines =
            (0..<4).map { line(10, 30 + 30 * Double($0), 180) } + (0..<4).map { line(230, 32 + 30 * Double($0), 170) }
        #expect(order(lines) == Array(0..<8))
    }

    @Test func aHeadingComesBeforeItsColumns() {
        let lines =
            [line(10, 30, 390)] + (0..<3).map { line(10, 70 + 30 * Double($0), 180) }
            + (0..<3).map { line(220, 70 + 30 * Double($0), 180) }
        #expect(order(lines) == Array(0..<7))
    }

    @Test func piecesOfALineAreReadFromLeftToRight() {
        #expect(order([line(10, 30, 80), line(150, 33, 80), line(10, 60, 200)]) == [0, 1, 2])
    }

    /// Columns of a page that lies at a slant.
    @Test func slantDoesNotMatter() {
        let columns =
            (0..<4).map { line(10, 30 + 30 * Double($0), 180) } + (0..<4).map { line(230, 30 + 30 * Double($0), 170) }
        let (c, s) = (cosine(0.12), sine(0.12))
        let turned = columns.map { $0.mapped { SIMD2($0.x * c - $0.y * s, $0.x * s + $0.y * c) } }
        #expect(order(turned) == Array(0..<8))
    }
}
