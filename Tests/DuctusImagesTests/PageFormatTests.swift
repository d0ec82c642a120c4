import DuctusImages
import DuctusTestSupport
import Foundation
import Testing

private let page = Page(
    image: "letters/a \"b\" & c.png", width: 1000, height: 800,
    lines: [
        Page.Line(
            text: "Fish & <chips>\u{0} \"é\"", confidence: 0.98765, box: Box(x: 10, y: 20, width: 300, height: 40)),
        Page.Line(text: "two\u{B}\u{FFFF}", confidence: 1, box: Box(x: 12, y: 70, width: 290, height: 35)),
    ])
/// A page with all that is known of lines.
private let detailed = Page(
    image: "a.png", width: 1000, height: 800,
    lines: [
        Page.Line(
            text: "La mer", confidence: 0.5, box: Box(x: 10, y: 20, width: 300, height: 40),
            baseline: [.init(x: 10, y: 50), .init(x: 110, y: 52), .init(x: 310, y: 56)],
            polygon: Polygon([.init(x: 10, y: 20), .init(x: 310, y: 20), .init(x: 310, y: 60)]),
            words: [
                Page.Word(text: "La", confidence: 0.25, box: Box(x: 10, y: 20, width: 90, height: 40)),
                Page.Word(text: "mer", confidence: 1, box: Box(x: 120, y: 30, width: 190, height: 30)),
            ])
    ])
private let blank = Page(image: "blank.png", width: 10, height: 20, lines: [])

@Suite struct PageFormatTests {
    @Test func textIsLinesAndFormFeeds() throws {
        let line = Page.Line(text: "one", confidence: 1, box: Box(x: 0, y: 0, width: 1, height: 1))
        let reading = Page(image: "a", width: 1, height: 1, lines: [line, line])
        #expect(try PageFormat.text.render([reading]) == "one\none\n")
        #expect(try PageFormat.text.render([reading, reading]) == "one\none\n\u{0C}one\none\n")
        #expect(try PageFormat.text.render([]) == "")
    }

    @Test func jsonHasTheKeysOfTheContract() throws {
        let json = try PageFormat.json.render([page])
        let object = try #require(JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        #expect(Set(object.keys) == ["image", "width", "height", "lines"])
        let lines = try #require(object["lines"] as? [[String: Any]])
        #expect(Set(lines[0].keys) == ["text", "confidence", "box"])
        #expect(lines[0]["box"] as? [Int] == [10, 20, 300, 40])
        #expect(try JSONDecoder().decode(Page.self, from: Data(json.utf8)) == page)
        // One object a line.
        let several = try PageFormat.json.render([page, blank]).split(separator: "\n")
        #expect(try several.map { try JSONDecoder().decode(Page.self, from: Data($0.utf8)) } == [page, blank])
    }

    @Test func tsvHasTwelveColumns() throws {
        let rows = try PageFormat.tsv.render([page, blank]).split(separator: "\n")
            .map { $0.split(separator: "\t", omittingEmptySubsequences: false) }
        #expect(rows.allSatisfy { $0.count == 12 })
        #expect(rows.dropFirst().map { $0[0] } == ["1", "2", "3", "4", "4", "1"])
        #expect(rows[4][4...10] == ["1", "0", "10", "20", "300", "40", "98.765"])
        #expect(rows[2][6...10] == ["10", "20", "300", "85", "-1"])
    }

    @Test func tsvCellsStayInTheirCells() throws {
        var page = page
        page.lines[0] = Page.Line(text: "a\tb\nc", confidence: 1, box: page.lines[0].box)
        let table = try PageFormat.tsv.render([page])
        #expect(table.contains("\ta b c\n"))
    }

    @Test func wordsAreRowsOfTheTable() throws {
        let rows = try PageFormat.tsv.render([detailed]).split(separator: "\n").suffix(3)
        #expect(
            Array(rows) == [
                "4\t1\t1\t1\t1\t0\t10\t20\t300\t40\t-1\t", "5\t1\t1\t1\t1\t1\t10\t20\t90\t40\t25.0\tLa",
                "5\t1\t1\t1\t1\t2\t120\t30\t190\t30\t100.0\tmer",
            ])
    }

    @Test func hocrHasWordsAndBaselines() throws {
        let document = try PageFormat.hocr.render([detailed])
        #expect(document.contains(#"class="ocrx_word" id="word_1_1_1" title="bbox 10 20 100 60; x_wconf 25">La<"#))
        #expect(document.contains(#"class="ocrx_word" id="word_1_1_2" title="bbox 120 30 310 60; x_wconf 100">mer<"#))
        // y = 0.02 x − 10 from the lower left corner of the box.
        #expect(document.contains(#"title="bbox 10 20 310 60; baseline 0.02 -10.0""#))
        #expect(document.contains("Ductus \(Release.version)"))
    }

    @Test func altoHasWordsAndBaselines() throws {
        let document = try PageFormat.alto.render([detailed])
        #expect(document.contains(#"BASELINE="10,50 110,52 310,56""#))
        #expect(document.contains(#"<Polygon POINTS="10,20 310,20 310,60"/>"#))
        #expect(document.contains(#"HPOS="120" VPOS="30" WIDTH="190" HEIGHT="30" WC="1.0" CONTENT="mer"/>"#))
        #expect(document.contains("<softwareVersion>\(Release.version)</softwareVersion>"))
    }

    @Test func pageHasWordsAndBaselines() throws {
        let document = try PageFormat.page.render([detailed])
        #expect(document.contains(#"<Baseline points="10,50 110,52 310,56"/>"#))
        #expect(document.contains(#"<Coords points="120,30 310,30 310,60 120,60"/>"#))
        #expect(document.contains(#"<TextEquiv conf="0.25">"#))
        #expect(document.contains("<Creator>Ductus \(Release.version)</Creator>"))
    }

    @Test(arguments: [PageFormat.hocr, .alto, .page])
    func xmlIsEscapedAndFreeOfForbiddenCharacters(format: PageFormat) throws {
        let document = try format.render([page])
        #expect(document.contains("Fish &amp; &lt;chips&gt; &quot;é&quot;"))
        #expect(!document.unicodeScalars.contains { $0 == "\u{0}" || $0 == "\u{B}" || $0 == "\u{FFFF}" })
        #expect(document.hasSuffix(">\n"))
    }

    @Test func hocrGivesBoxesAsCorners() throws {
        let document = try PageFormat.hocr.render([page, blank])
        #expect(document.contains(#"class="ocr_line" id="line_1_1" title="bbox 10 20 310 60; x_wconf 99""#))
        #expect(document.contains("bbox 0 0 10 20; ppageno 1"))
        #expect(document.contains("image &quot;letters/a 'b' &amp; c.png&quot;"))
    }

    @Test func altoHoldsSeveralPages() throws {
        let document = try PageFormat.alto.render([page, blank])
        #expect(document.contains(#"<Page ID="page_2" PHYSICAL_IMG_NR="2" WIDTH="10" HEIGHT="20">"#))
        #expect(document.contains(#"HPOS="10" VPOS="20" WIDTH="300" HEIGHT="40" WC="0.9877" CONTENT="Fish "#))
        #expect(document.contains("<fileIdentifier>blank.png</fileIdentifier>"))
        #expect(try PageFormat.alto.render([blank]).contains("<fileName>blank.png</fileName>"))
        #expect(throws: PageFormatError.noPages("alto")) { try PageFormat.alto.render([]) }
    }

    @Test func pageHoldsOnePage() throws {
        let document = try PageFormat.page.render([page], created: Date(timeIntervalSince1970: 86_400))
        #expect(document.contains("<Created>1970-01-02T00:00:00Z</Created>"))
        #expect(document.contains(#"<Coords points="10,20 310,20 310,60 10,60"/>"#))
        #expect(throws: PageFormatError.severalPages("page", images: [page.image, "blank.png"])) {
            try PageFormat.page.render([page, blank])
        }
        let error = PageFormatError.severalPages("page", images: ["a.png", "b.png"])
        #expect(error.description.contains("2 were given (a.png, b.png)"))
    }

    @Test(arguments: Registries.pageFormats.all)
    func theSamePageGivesTheSameDocument(format: PageFormat) throws {
        let image = try EncodedImage(Image(width: 3, height: 2, filledWith: 9))
        func document() throws -> [UInt8] { try format.document([page], images: [image]) }
        #expect(try document() == document())
    }

    /// An image has the path that leads to it from the directory of the document.
    @Test(arguments: [
        ("scans/p.png", "xml/p.xml", "../scans/p.png"), ("p.png", "p.xml", "p.png"),
        ("p.png", "a/b/p.xml", "../../p.png"),
        ("a/p.png", "p.xml", "a/p.png"), ("a/../p.png", "p.xml", "p.png"), ("a/p.png", "a/p.xml", "p.png"),
    ])
    func imagesAreNamedFromTheDocument(image: String, file: String, expected: String) throws {
        let folder = try TemporaryFolder()
        for name in ["scans", "xml", "a/b"] { try File.createDirectory(folder.file(name)) }
        let page = Page(image: folder.file(image), lines: [])
        #expect(page.linked(from: folder.file(file)).image == expected)
    }

    @Test func symbolicLinksDoNotMislead() throws {
        let folder = try TemporaryFolder()
        try File.createDirectory(folder.file("far/away/xml"))
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("xml"), withDestinationPath: folder.file("far/away/xml"))
        let page = Page(image: folder.file("p.png"), lines: [])
        #expect(page.linked(from: folder.file("xml/p.xml")).image == "../../../p.png")
    }
}
