import DuctusImages
import DuctusTestSupport
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite struct PageTests {
    /// A page of random lines, with and without baselines, polygons, words and confidences.
    private static func page(seed: Int, hasConfidenceBesidesWords: Bool = true) -> Page {
        var random = RandomStream(seed: UInt64(seed))
        func number(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &random) }
        func box() -> Box {
            Box(x: number(0...900), y: number(0...900), width: number(1...99), height: number(1...99))
        }
        // XML keeps four decimals.
        func confidence() -> Double? { number(0...2) > 0 ? Double(number(0...10_000)) / 10_000 : nil }
        func word() -> String { ["La", "Fédération", "<&>", "\"du\"", "Laos.", "'日本'"][number(0...5)] }
        let lines = (0..<number(0...6)).map { _ in
            let words = (0..<[0, 2, 3][number(0...2)]).map { _ in
                Page.Word(text: word(), confidence: confidence(), box: box())
            }
            let polygon = Polygon((0..<number(3...8)).map { _ in .init(x: number(0...999), y: number(0...999)) })
            let hasPolygon = number(0...1) > 0
            return Page.Line(
                text: words.isEmpty
                    ? ["", word(), "\(word()) \(word())"][number(0...2)] : words.map(\.text).joined(separator: " "),
                confidence: words.isEmpty || hasConfidenceBesidesWords ? confidence() : nil,
                box: hasPolygon ? polygon.box : box(),
                baseline: (0..<[0, 2, 5][number(0...2)]).map { .init(x: 10 * $0, y: number(0...999)) },
                polygon: hasPolygon ? polygon : nil, words: words)
        }
        return Page(image: "scans/page & \(seed).png", width: 1000, height: number(1000...2000), lines: lines)
    }

    private static func readBack(_ page: Page, _ format: PageFormat) throws -> Page {
        let folder = try TemporaryFolder()
        let path = try folder.write(format.render([page]), to: "page.xml")
        let document = try #require(try format.pages(contentsOf: path))
        #expect(document.problems.isEmpty)
        return try #require(document.pages.first)
    }

    /// Without ids: the writers number the lines.
    private static func withoutIDs(_ page: Page) -> Page {
        var page = page
        for index in page.lines.indices { page.lines[index].id = nil }
        return page
    }

    @Test(arguments: 0..<40) func pagesSurvivePAGE(seed: Int) throws {
        let page = Self.page(seed: seed)
        let read = try Self.readBack(page, .page)
        #expect(Self.withoutIDs(read) == page)
        #expect(Set(read.lines.map(\.id)).count == page.lines.count)
    }

    /// ALTO has confidences of words only, so a line with words has none of its own.
    @Test(arguments: 0..<40) func pagesSurviveALTO(seed: Int) throws {
        let page = Self.page(seed: seed, hasConfidenceBesidesWords: false)
        let read = try Self.readBack(page, .alto)
        #expect(Self.withoutIDs(read) == page)
        #expect(Set(read.lines.map(\.id)).count == page.lines.count)
    }

    @Test(arguments: 0..<40) func pagesSurviveJSON(seed: Int) throws {
        var page = Self.page(seed: seed)
        for index in page.lines.indices where index.isMultiple(of: 2) { page.lines[index].id = "line \(index)" }
        if seed.isMultiple(of: 3) { (page.width, page.height) = (nil, nil) }
        #expect(try JSONDecoder().decode(Page.self, from: JSONEncoder().encode(page)) == page)
        let document = Data(try PageFormat.json.render([page]).utf8)
        #expect(try JSONDecoder().decode(Page.self, from: document) == page)
    }

    @Test(arguments: [PageFormat.alto, .page]) func linesKeepTheirIdentifiers(format: PageFormat) throws {
        func ids(_ ids: String?...) throws -> [String?] {
            let lines = ids.map { Page.Line(id: $0, text: "a", box: Box(x: 1, y: 1, width: 1, height: 1)) }
            return try Self.readBack(Page(image: "a.png", width: 9, height: 9, lines: lines), format).lines.map(\.id)
        }
        #expect(try ids("eSc_line-1.5", "_b") == ["eSc_line-1.5", "_b"])
        // Missing, repeated, invalid ones, and those of other elements.
        for second in [
            nil, "a", "", "1", "x y", "-x", ".x", "é", "word_1_1", "block_1", "region_1", "string_1_1", "page_1",
        ] {
            let read = try ids("a", second)
            #expect(read.allSatisfy { $0?.hasPrefix("line_1") == true || $0?.hasPrefix("line_2") == true })
            #expect(Set(read).count == 2)
        }
    }

    /// A reader that finds no boxes still gives texts.
    @Test(arguments: [PageFormat.alto, .page]) func linesWithoutAnAreaAreKept(format: PageFormat) throws {
        let empty = Box(x: 0, y: 0, width: 0, height: 0)
        let page = Page(image: "a.png", width: 9, height: 9, lines: [Page.Line(text: "one", box: empty)])
        #expect(try Self.withoutIDs(Self.readBack(page, format)) == page)
    }

    @Test func textIsThatOfTheLines() {
        let box = Box(x: 0, y: 0, width: 1, height: 1)
        let lines = ["one", "", "two three"].map { Page.Line(text: $0, box: box) }
        #expect(Page(image: "", lines: lines).text == "one\ntwo three")
        #expect(Page(image: "", lines: []).text == "")
    }

    @Test func theBoxOfTheLinesCoversThoseWithAnArea() {
        let boxes = [
            Box(x: 5, y: 7, width: 10, height: 4), Box(x: 0, y: 0, width: 0, height: 90),
            Box(x: 2, y: 20, width: 4, height: 5),
        ]
        let page = Page(image: "", lines: boxes.map { Page.Line(text: "", box: $0) })
        #expect(page.linesBox == Box(x: 2, y: 7, width: 13, height: 18))
        #expect(Page(image: "", lines: [Page.Line(text: "", box: boxes[1])]).linesBox == nil)
    }

    @Test func confidencesAreFromZeroToOne() throws {
        let box = Box(x: 0, y: 0, width: 1, height: 1)
        #expect([.nan, -1, 2].map { Page.Line(text: "", confidence: $0, box: box).confidence } == [0, 0, 1])
        #expect([.nan, -1, 2].map { Page.Word(text: "", confidence: $0, box: box).confidence } == [0, 0, 1])
        let json = Data(#"{"text": "", "confidence": 1e300, "box": [0, 0, 1, 1]}"#.utf8)
        #expect(try JSONDecoder().decode(Page.Line.self, from: json).confidence == 1)
        #expect(try JSONDecoder().decode(Page.Word.self, from: json).confidence == 1)
    }
}
