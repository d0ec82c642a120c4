import DuctusImages
import DuctusTestSupport
import Testing

/// PAGE files of other programs.
@Suite struct PAGETests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A document with lines, the first of which begins on the third line of the file.
    private func page(_ lines: String) throws -> Page? {
        let document = """
            <PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2013-07-15">
            <Page imageFilename="scan.png" imageWidth="40" imageHeight="30"><TextRegion><Coords points="0,0 40,0 40,30"/>
            \(lines)
            </TextRegion></Page></PcGts>
            """
        return try PageFormat.page.page(contentsOf: folder.write(document, to: "a.xml"))
    }

    private func problem(_ read: () throws -> Page?) throws -> String {
        let error = try #require(throws: FileError.self) { try read() }
        #expect(error.file == folder.file("a.xml"))
        return error.reason.description
    }

    @Test func linesAreRead() throws {
        let page = try #require(
            try page(
                """
                <TextLine id="l1"><Coords points="2,3 22,3 22,13 2,13"/><Baseline points="2,11 22,12"/>
                <Word><Coords points="3,4 5,4 5,9"/><TextEquiv conf="0.5"><Unicode>no</Unicode></TextEquiv></Word>
                <TextEquiv index="1"><Unicode>worse</Unicode></TextEquiv>
                <TextEquiv index="0"><Unicode>better &amp;  best</Unicode></TextEquiv></TextLine>
                <TextLine id="l2"><Coords><Point x="1" y="2"/><Point x="5" y="9"/></Coords></TextLine>
                """))
        let lines = [
            Page.Line(
                id: "l1", text: "better & best", box: Box(x: 2, y: 3, width: 20, height: 10),
                baseline: [.init(x: 2, y: 11), .init(x: 22, y: 12)],
                words: [Page.Word(text: "no", confidence: 0.5, box: Box(x: 3, y: 4, width: 2, height: 5))]),
            Page.Line(
                id: "l2", text: "", box: Box(x: 1, y: 2, width: 4, height: 7),
                polygon: Polygon([.init(x: 1, y: 2), .init(x: 5, y: 9)])),
        ]
        #expect(page == Page(image: "scan.png", width: 40, height: 30, lines: lines))
    }

    @Test(arguments: ["<TextLine/>", "<TextLine><Coords points=''/></TextLine>", "<TextLine><Coords/></TextLine>"])
    func malformedLinesAreNumbered(line: String) throws {
        #expect(try problem { try page(line) }.hasPrefix("line 3: "))
    }

    @Test(arguments: [("<PcGts/>", 0), ("<PcGts><Page/><Page/></PcGts>", 2)])
    func onePageIsExpected(document: String, count: Int) throws {
        let path = try folder.write(document, to: "a.xml")
        #expect(
            try problem { try PageFormat.page.page(contentsOf: path) }
                == "line 1: one page is expected, but there are \(count)")
    }
}
