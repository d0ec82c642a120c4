import DuctusImages
import DuctusTestSupport
import Testing

/// ALTO files of other programs.
@Suite struct ALTOTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// The page of a document with lines, the first of which begins on the fifth line of the file.
    private func page(_ lines: String, unit: String = "pixel") throws -> Page? {
        let document = try document(lines, unit: unit)
        #expect(document?.problems == [])
        return document?.pages.first
    }

    private func document(_ lines: String, unit: String = "pixel") throws -> PageDocument? {
        let document = """
            <?xml version="1.0" encoding="UTF-8"?>
            <alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"><Description><MeasurementUnit>\(unit)</MeasurementUnit>
            <sourceImageInformation><fileName> scan.png </fileName></sourceImageInformation></Description>
            <Layout><Page WIDTH="40" HEIGHT="30"><PrintSpace><TextBlock ID="b">
            \(lines)
            </TextBlock></PrintSpace></Page></Layout></alto>
            """
        return try PageFormat.alto.pages(contentsOf: folder.write(document, to: "a.xml"))
    }

    private func problem(_ read: () throws -> PageDocument?) throws -> String {
        let error = try #require(throws: FileError.self) { try read() }
        #expect(error.file == folder.file("a.xml"))
        return error.reason.description
    }

    @Test func linesAreRead() throws {
        let page = try #require(
            try page(
                """
                <TextLine ID="l1" HPOS="2" VPOS="3" WIDTH="20" HEIGHT="10" BASELINE="2 11 22 11">
                <Shape><Polygon POINTS="2,3 22,3 12,13"/></Shape>
                <String CONTENT="La"><Glyph CONTENT="L"/></String><SP/><String CONTENT="Fédé"/><HYP CONTENT="-"/></TextLine>
                <TextLine ID="l2" HPOS="2.4" VPOS="14.6" WIDTH="9" HEIGHT="8" BASELINE="20"><String CONTENT="a"/>
                <String CONTENT="b"/></TextLine>
                <TextLine ID="l3" HPOS="0" VPOS="24" WIDTH="9" HEIGHT="5"></TextLine>
                """))
        let triangle = Polygon([.init(x: 2, y: 3), .init(x: 22, y: 3), .init(x: 12, y: 13)])
        let lines = [
            Page.Line(
                id: "l1", text: "La Fédé-", box: Box(x: 2, y: 3, width: 20, height: 10),
                baseline: [.init(x: 2, y: 11), .init(x: 22, y: 11)], polygon: triangle),
            Page.Line(id: "l2", text: "a b", box: Box(x: 2, y: 15, width: 9, height: 8)),
            Page.Line(id: "l3", text: "", box: Box(x: 0, y: 24, width: 9, height: 5)),
        ]
        #expect(page == Page(image: "scan.png", width: 40, height: 30, lines: lines))
    }

    @Test func wordsWithPlacesAreRead() throws {
        let page = try page(
            """
            <TextLine HPOS="2" VPOS="3" WIDTH="20" HEIGHT="10"><String CONTENT="La" HPOS="2" VPOS="3" WIDTH="8" HEIGHT="9"
            WC="0.75"/><SP/><String CONTENT="mer" HPOS="12" VPOS="4" WIDTH="10" HEIGHT="8"/></TextLine>
            """)
        let words = [
            Page.Word(text: "La", confidence: 0.75, box: Box(x: 2, y: 3, width: 8, height: 9)),
            Page.Word(text: "mer", box: Box(x: 12, y: 4, width: 10, height: 8)),
        ]
        #expect(page?.lines.map(\.words) == [words])
        #expect(page?.lines.map(\.text) == ["La mer"])
    }

    @Test func aPolygonStandsForAMissingBox() throws {
        let page = try page("<TextLine><Shape><Polygon POINTS='2 3 22 3 12 13'/></Shape></TextLine>")
        #expect(page?.lines.map(\.box) == [Box(x: 2, y: 3, width: 20, height: 10)])
    }

    @Test(arguments: [
        "<TextLine HPOS='x' VPOS='1' WIDTH='2' HEIGHT='3'/>", "<TextLine HPOS='1' VPOS='1' WIDTH='2'/>", "<TextLine/>",
        "<TextLine HPOS='1' VPOS='1' WIDTH='-2' HEIGHT='3'/>", "<TextLine HPOS='1e9' VPOS='1' WIDTH='2' HEIGHT='3'/>",
        "<TextLine HPOS='nan' VPOS='1' WIDTH='2' HEIGHT='3'/>",
        "<TextLine HPOS='1' VPOS='1' WIDTH='2' HEIGHT='3'><String/></TextLine>",
        "<TextLine><Shape><Polygon POINTS='1,2 x,4'/></Shape></TextLine>",
        "<TextLine><Shape><Polygon/></Shape></TextLine>",
    ])
    func aMalformedLineCostsOnlyItself(line: String) throws {
        let good = "<TextLine ID='good' HPOS='1' VPOS='1' WIDTH='2' HEIGHT='3'><String CONTENT='a'/></TextLine>"
        let document = try #require(try document(line + good))
        #expect(document.pages.first?.lines.map(\.id) == ["good"])
        #expect(document.problems.map(\.file) == [folder.file("a.xml")])
        #expect(document.problems.first?.reason.description.hasPrefix("line 5: ") == true)
    }

    /// Without its baseline or its words, a line can still be read.
    @Test(arguments: [
        "<TextLine HPOS='1' VPOS='1' WIDTH='2' HEIGHT='3' BASELINE='1 2 3'><String CONTENT='a'/></TextLine>",
        "<TextLine HPOS='1' VPOS='1' WIDTH='2' HEIGHT='3'><String CONTENT='a' HPOS='x' VPOS='1'/></TextLine>",
        """
        <TextLine HPOS='1' VPOS='1' WIDTH='2' HEIGHT='3'><Shape><Polygon POINTS='1,2 x,4'/></Shape>
        <String CONTENT='a'/></TextLine>
        """,
    ])
    func aMalformedPartCostsOnlyItself(line: String) throws {
        let document = try #require(try document(line))
        let plain = Page.Line(text: "a", box: Box(x: 1, y: 1, width: 2, height: 3))
        #expect(document.pages.first?.lines == [plain])
        #expect(document.problems.count == 1)
    }

    @Test func wordsStandForAMissingBox() throws {
        let page = try page(
            """
            <TextLine><String CONTENT="La" HPOS="2" VPOS="3" WIDTH="8" HEIGHT="9"/><SP/>
            <String CONTENT="mer" HPOS="12" VPOS="4" WIDTH="10" HEIGHT="12"/></TextLine>
            """)
        #expect(page?.lines.map(\.box) == [Box(x: 2, y: 3, width: 20, height: 13)])
    }

    @Test func otherUnitsAreRefused() throws {
        #expect(
            try problem { try document("", unit: "mm10") } == "line 2: lengths are in “mm10”; only pixels are supported"
        )
    }

    @Test func aPageIsExpected() throws {
        let path = try folder.write("<alto/>", to: "a.xml")
        #expect(try problem { try PageFormat.alto.pages(contentsOf: path) } == "line 1: there is no Page")
    }

    @Test func severalPagesAreRead() throws {
        let line = Page.Line(text: "a", box: Box(x: 1, y: 2, width: 3, height: 4))
        let pages = ["x.png", "y.png"].map { Page(image: $0, width: 9, height: 9, lines: [line]) }
        let path = try folder.write(PageFormat.alto.render(pages), to: "a.xml")
        let read = try #require(try PageFormat.alto.pages(contentsOf: path))
        #expect(read.pages.map(\.image) == ["x.png", "y.png"])
        #expect(read.pages.map { $0.lines.map(\.text) } == [["a"], ["a"]])
    }

    /// The name of one image is not that of every page.
    @Test func pagesWithoutNamesHaveNone() throws {
        let document = """
            <alto><Description><sourceImageInformation><fileName>book.pdf</fileName></sourceImageInformation></Description>
            <Layout><Page/><Page/></Layout></alto>
            """
        let path = try folder.write(document, to: "a.xml")
        #expect(try PageFormat.alto.pages(contentsOf: path)?.pages.map(\.image) == ["", ""])
    }

    @Test func otherDocumentsArePassedOver() throws {
        for document in ["<mets/>", "<PcGts><Page/></PcGts>"] {
            #expect(try PageFormat.alto.pages(contentsOf: folder.write(document, to: "a.xml")) == nil)
        }
    }
}
