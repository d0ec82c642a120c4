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
        let several = try PageFormat.json.render([page, blank])
        #expect(try JSONDecoder().decode([Page].self, from: Data(several.utf8)) == [page, blank])
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
        #expect(try format.render([page]) == format.render([page]))
    }
}
