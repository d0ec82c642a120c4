import DuctusData
import DuctusTestSupport
import Testing

/// Pages whose lines are black rectangles, so that ink shows where labels must be.
private struct Bars: Dataset {
    let count = 3
    let expectation = Expectation(shape: [256, 256, 1], classes: 3)
    func name(of index: Int) -> String { "page \(index)" }
    func raw(_ index: Int) -> (page: Image, lines: [Box]) {
        let lines = (0..<4 + index).map { Box(x: 40 + 7 * $0, y: 90 + 61 * $0, width: 400 - 13 * index, height: 43) }
        let width = 600
        var pixels = [UInt8](repeating: 255, count: width * 700)
        for line in lines {
            for row in line.y..<line.maxY { for x in line.x..<line.maxX { pixels[row * width + x] = 0 } }
        }
        return (Image(width: width, height: 700, channels: 1, pixels: pixels), lines)
    }
    func transform(_ raw: (page: Image, lines: [Box]), name: String) -> Example {
        DetectionSample(page: raw.page, lines: raw.lines).example()
    }
}

@Suite struct VariedPagesTests {
    @Test func theFirstViewIsThePageItself() throws {
        let pages = VariedPages(Bars(), views: 2)
        #expect(pages.count == 6)
        #expect((0..<6).map(pages.name(of:)) == (0..<6).map { "page \($0 % 3)" })
        for index in 0..<3 {
            let (view, usual) = (try pages.transformed(index), try Bars().transformed(index))
            #expect(view.input == usual.input)
            #expect(view.labels == usual.labels)
        }
    }

    /// The ink of a view lies where its labels are: the two have moved together, and neither is blurred.
    @Test func labelsMatchTheInk() throws {
        let pages = VariedPages(Bars(), views: 20, seed: 3)
        var areas: Set<Int> = []
        for index in 3..<pages.count {
            let example = try pages.transformed(index)
            let labels = example.labels.scalars
            // At a corner, a quarter of a pixel's ink may be all that lies in a box with its center.
            for (ink, label) in zip(example.input.scalars, labels) where ink < 0.2 || ink > 0.75 {
                #expect((ink > 0.5) == (label > 0))
            }
            // Lines are whole: nothing was cut off.
            #expect(example.input.scalars.count { 0.1...0.9 ~= $0 } < 4_000)
            areas.insert(labels.count { $0 > 0 })
            let (_, lines) = Bars().raw(index % 3)
            let rows = (0..<256).map { row in labels[row * 256..<(row + 1) * 256].max() ?? 0 }
            let runs = zip([0] + rows, rows).filter { $0 != $1 && $1 > 0 }.map(\.1)
            #expect(runs == lines.indices.map { Int32($0 % 2 + 1) })
        }
        #expect(areas.count > 20)
    }

    @Test func viewsFollowFromTheSeed() throws {
        func inputs(_ seed: UInt64) throws -> [Tensor<Float>] {
            let pages = VariedPages(Bars(), views: 3, seed: seed)
            return try (3..<9).map { try pages.transformed($0).input }
        }
        #expect(try inputs(5) == inputs(5))
        #expect(try zip(inputs(5), inputs(6)).allSatisfy { $0 != $1 })
    }
}
