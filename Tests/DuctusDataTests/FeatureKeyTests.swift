import DuctusData
import DuctusTestSupport
import Testing

/// A change of something that features depend on.
struct PageChange: CustomStringConvertible, Sendable {
    let description: String
    let change: @Sendable (inout Page, inout Image) -> Void

    init(_ description: String, _ change: @escaping @Sendable (inout Page, inout Image) -> Void) {
        (self.description, self.change) = (description, change)
    }

    static let pixel = PageChange("a pixel") { $1[3, 4] = 77 }
    static let box = PageChange("the box of a line") { page, _ in page.lines[1].box.height += 1 }
    static let outline = PageChange("the outline of a line") { page, _ in
        page.lines[0].polygon?.points[2].y -= 1
    }
    static let text = PageChange("the text of a line") { page, _ in page.lines[1].text = "a c" }
    static let size = PageChange("the size to which places refer") { page, _ in page.width = 80 }
    static let line = PageChange("the number of lines") { page, _ in page.lines.removeLast() }
}

/// Whatever features depend on makes another key, so that no store serves stale ones.
@Suite struct FeatureKeyTests {
    private static let image = Image(
        width: 40, height: 30, channels: 1, pixels: (0..<1200).map { place -> UInt8 in UInt8(100 + place % 40) })
    private static let page = Page(
        image: "scan.png", width: 40, height: 30,
        lines: [
            Page.Line(
                text: "The", box: Box(x: 2, y: 3, width: 20, height: 10),
                polygon: Polygon([.init(x: 2, y: 3), .init(x: 22, y: 3), .init(x: 22, y: 13), .init(x: 2, y: 13)])),
            Page.Line(text: "a b", box: Box(x: 2, y: 15, width: 9, height: 8)),
        ])

    /// The version of the data of a page in a folder of its own.
    private func version(
        after change: PageChange?, _ version: (_ directory: String) throws -> ContentHash
    ) throws -> ContentHash {
        var (page, image) = (Self.page, Self.image)
        change?.change(&page, &image)
        let folder = try TemporaryFolder()
        try folder.write(PageFormat.page.render([page]), to: "a.xml")
        try folder.write(image.pngData(), to: "scan.png")
        return try version(folder.path)
    }

    private func expectOther(
        after change: PageChange, _ version: (_ directory: String) throws -> ContentHash
    ) throws {
        let before = try self.version(after: nil, version)
        // Where the files are does not matter.
        #expect(try self.version(after: nil, version) == before)
        #expect(try self.version(after: change, version) != before)
    }

    @Test(arguments: [PageChange.pixel, .box, .text, .size, .line]) func linesOfPages(change: PageChange) throws {
        try expectOther(after: change) {
            try LineDataset(kind: "page", directory: $0, split: "all").dataVersion()
        }
    }

    @Test(arguments: [PageChange.pixel, .box, .outline, .text, .size, .line])
    func linesWithinOutlines(change: PageChange) throws {
        var kind = PAGEData()
        kind.followsOutlines = true
        try expectOther(after: change) {
            try LineDataset(kind: Choice(kind), directory: $0, split: "all").dataVersion()
        }
    }

    @Test(arguments: [PageChange.pixel, .box, .size, .line]) func linesToDetect(change: PageChange) throws {
        try expectOther(after: change) {
            try DetectionDataset(kind: "page", directory: $0, split: "all").dataVersion()
        }
        try expectOther(after: change) {
            try VariedPages(DetectionDataset(kind: "page", directory: $0, split: "all"), views: 3).dataVersion()
        }
    }

    @Test(arguments: [PageChange.pixel, .box, .text, .size, .line]) func paragraphs(change: PageChange) throws {
        try expectOther(after: change) {
            try ParagraphDataset(kind: "page", directory: $0, split: "all").dataVersion()
        }
    }

    @Test func linesOfAFolder() throws {
        func version(_ text: String, _ image: Image) throws -> ContentHash {
            let folder = try TemporaryFolder()
            try folder.write("train\tp\tl.png\t\(text)\n", to: "lines.tsv")
            try folder.write(image.pngData(), to: "lines/l.png")
            return try LineDataset(kind: "lines", directory: folder.path, split: "train").dataVersion()
        }
        let before = try version("a b", Self.image)
        #expect(try version("a b", Self.image) == before)
        #expect(try version("a c", Self.image) != before)
        var image = Self.image
        image[3, 4] = 77
        #expect(try version("a b", image) != before)
    }

    @Test func characters() throws {
        func version(_ label: Int, _ pixel: UInt8) throws -> ContentHash {
            let pixels = [pixel] + Self.image.pixels.prefix(28 * 28 - 1)
            return try CharacterDataset(
                CharacterImages(pixels: pixels, labels: [label], classNames: ["a", "b"])
            ).dataVersion()
        }
        #expect(try version(1, 5) == version(1, 5))
        #expect(try version(0, 5) != version(1, 5))
        #expect(try version(1, 6) != version(1, 5))
    }

    @Test func settings() throws {
        struct NoLines: LineSource {
            let count = 0
            func name(of index: Int) -> String { "" }
            func line(_ index: Int) -> (image: Image, text: String) { preconditionFailure("There is none.") }
        }
        func text(_ data: some FeatureSource) throws -> String { try JSONText(encoding: data.settings).text }
        func input(_ change: (inout LineInput) -> Void) -> LineInput {
            var input = LineInput()
            change(&input)
            return input
        }
        let inputs = [
            input { $0.height = 64 }, input { $0.margin = 3 }, input { $0.spreadsContrast = false },
            input { $0.maximumAspect = 20 }, input { $0.minimumAspect = 2 }, input { $0.flattensBackground = true },
            input { $0.detectsPolarity = true },
        ]
        let lines =
            try inputs.map { try text(LineDataset(NoLines(), input: $0)) } + [
                text(LineDataset(NoLines())), text(LineDataset(NoLines(), characters: Alphabet("ab"))),
                text(LineDataset(NoLines(), labelLength: 7)),
            ]
        #expect(Set(lines).count == lines.count)
    }
}
