import DuctusImages
import DuctusTestSupport
import Foundation
import Testing

/// PDFs, as the programs of poppler see them.
@Suite(.enabled(if: isInstalled("pdftotext"), "pdftotext (poppler-utils) is not installed"))
struct PDFTests {
    private static let image = Image(
        width: 600, height: 300, channels: 3,
        pixels: (0..<540_000).map { (index: Int) -> UInt8 in UInt8(index / 7 % 256) })

    private func text(_ pages: [Page], _ options: String...) throws -> String {
        let images = try pages.map { _ in try EncodedImage(Self.image) }
        let document = try PageFormat.pdf.document(pages, images: images)
        let text = try SystemProgram.run(["pdftotext"] + options + ["-", "-"], input: document, maximumBytes: 1 << 20)
        return String(decoding: text, as: UTF8.self)
    }

    private func page(_ lines: [Page.Line]) -> Page { Page(image: "a.png", width: 600, height: 300, lines: lines) }

    /// Words on their boxes, among them low and high ones, in a line whose text is in many scripts.
    private let words = [
        Page.Word(text: "Été,", box: Box(x: 20, y: 40, width: 100, height: 50)),
        Page.Word(text: "—", box: Box(x: 140, y: 68, width: 30, height: 4)),
        Page.Word(text: "Ωμέγα", box: Box(x: 190, y: 44, width: 110, height: 40)),
        Page.Word(text: "日本", box: Box(x: 320, y: 42, width: 70, height: 44)),
        Page.Word(text: "ſtreet…", box: Box(x: 410, y: 50, width: 90, height: 30)),
    ]

    private var line: Page.Line {
        Page.Line(
            text: words.map(\.text).joined(separator: " "), box: Box(x: 20, y: 40, width: 480, height: 50), words: words
        )
    }

    @Test func theTextIsFound() throws {
        let second = Page.Line(text: "a second (line) \\ of text", box: Box(x: 20, y: 120, width: 300, height: 40))
        let found = try text([page([line, second])])
        #expect(found.split(separator: "\n").filter { $0 != "\u{0C}" }.map(String.init) == [line.text, second.text])
    }

    @Test func wordsAreAtTheirPlaces() throws {
        let found = try text([page([line])], "-bbox")
        let number = /xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)</
        let places = found.matches(of: number)
        try #require(places.count == words.count)
        for (place, word) in zip(places, words) {
            // Points, of which there are 72 per inch of 300 pixels.
            let (left, right) = (Double(place.1) ?? 0, Double(place.3) ?? 0)
            #expect(String(place.5) == word.text)
            #expect(abs(left / 0.24 - Double(word.box.x)) < 1)
            #expect(abs(right / 0.24 - Double(word.box.maxX)) < 1)
            #expect(abs((Double(place.2) ?? 0) / 0.24 - 40) < 2)
            #expect(abs((Double(place.4) ?? 0) / 0.24 - 90) < 2)
        }
    }

    /// A font has 256 characters at most.
    @Test func manyCharactersNeedSeveralFonts() throws {
        let scalars = (0x4E00..<0x4E00 + 600).compactMap { Unicode.Scalar($0) }
        let lines = stride(from: 0, to: 600, by: 20).map { start in
            Page.Line(
                text: String(String.UnicodeScalarView(scalars[start..<(start + 20)])),
                box: Box(x: 10, y: start / 2, width: 500, height: 8))
        }
        let found = try text([page(lines)])
        #expect(found.filter { !$0.isWhitespace } == lines.map(\.text).joined())
    }

    @Test func everyPageHasItsText() throws {
        let pages = ["one", "two"].map { page([Page.Line(text: $0, box: line.box)]) } + [page([])]
        #expect(
            try text(pages).split(separator: "\u{0C}", omittingEmptySubsequences: false)
                .map { $0.trimmingCharacters(in: .whitespacesAndNewlines) } == ["one", "two", "", ""])
    }

    @Test(arguments: [1, 3]) func theImageIsKept(channels: Int) throws {
        let image = channels == 1 ? Self.image.grayscale() : Self.image
        let document = try PageFormat.pdf.document([page([line])], images: [EncodedImage(image)])
        let folder = try TemporaryFolder()
        _ = try SystemProgram.run(["pdfimages", "-png", "-", folder.file("a")], input: document, maximumBytes: 1000)
        let isSame = try Image(contentsOf: folder.file("a-000.png")).rgb() == image.rgb()
        #expect(isSame)
        // Rendered at its resolution, the page has the size of the image.
        let rendered = try ImageFile(decoding: document, name: "a.pdf").page(0).image
        #expect(rendered.width == 600)
        #expect(rendered.height == 300)
    }

    /// A JPEG is embedded as it is, so that nothing is lost and the PDF is not larger.
    @Test func aJPEGIsKept() throws {
        let file = try ImageFile(decoding: JPEGSamples.gray, name: "gray.jpg").page(0)
        let document = try PageFormat.pdf.document(
            [Page(image: "", lines: [])], images: [EncodedImage(file)])
        #expect(Data(document).range(of: Data(JPEGSamples.gray)) != nil)
        let rendered = try ImageFile(decoding: document, name: "a.pdf").page(0).image
        #expect(rendered.width == file.image.width)
    }

    @Test func imagesAreRequired() {
        #expect(throws: PageFormatError.needsImages("pdf")) { try PageFormat.pdf.render([page([])]) }
        #expect(throws: PageFormatError.needsImages("pdf")) { try PageFormat.pdf.document([page([])]) }
        #expect(throws: PageFormatError.noPages("pdf")) { try PageFormat.pdf.document([]) }
    }

    @Test func theDateIsRecorded() throws {
        let document = try PageFormat.pdf.document(
            [page([])], images: [EncodedImage(Self.image)], created: Date(timeIntervalSince1970: 86_400))
        #expect(Data(document).range(of: Data("/CreationDate (D:19700102000000Z)".utf8)) != nil)
    }
}

private func isInstalled(_ program: String) -> Bool {
    (File.environment("PATH") ?? "").split(separator: ":").contains { File.exists("\($0)/\(program)") }
}
