import DuctusImages
import DuctusTestSupport
import Testing

/// PAGE files of other programs.
@Suite struct PAGETests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// The page of a document with lines, the first of which begins on the third line of the file.
    private func page(_ lines: String) throws -> Page? {
        let document = try document(lines)
        #expect(document?.problems == [])
        return document?.pages.first
    }

    private func document(_ lines: String) throws -> PageDocument? {
        let document = """
            <PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2013-07-15">
            <Page imageFilename="scan.png" imageWidth="40" imageHeight="30"><TextRegion><Coords points="0,0 40,0 40,30"/>
            \(lines)
            </TextRegion></Page></PcGts>
            """
        return try PageFormat.page.pages(contentsOf: folder.write(document, to: "a.xml"))
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
    func aMalformedLineCostsOnlyItself(line: String) throws {
        let document = try #require(
            try document(line + "<TextLine id='good'><Coords points='1,2 3,4 5,6'/></TextLine>"))
        #expect(document.pages.first?.lines.map(\.id) == ["good"])
        #expect(document.problems.map(\.file) == [folder.file("a.xml")])
        #expect(document.problems.first?.reason.description.hasPrefix("line 3: ") == true)
    }

    @Test(arguments: ["<Baseline points='1'/>", "<Baseline/>", "<Word/>", "<Word><Coords points='1,2 3'/></Word>"])
    func aMalformedPartCostsOnlyItself(part: String) throws {
        let text = "<TextEquiv><Unicode>a</Unicode></TextEquiv>"
        let document = try #require(
            try document("<TextLine><Coords points='1,2 5,2 5,4 1,4'/>\(part)\(text)</TextLine>"))
        #expect(document.pages.first?.lines == [Page.Line(text: "a", box: Box(x: 1, y: 2, width: 4, height: 2))])
        #expect(document.problems.count == 1)
    }

    @Test func wordsStandForAMissingText() throws {
        func word(_ text: String) -> String {
            "<Word><Coords points='1,2 3,4'/><TextEquiv><Unicode>\(text)</Unicode></TextEquiv></Word>"
        }
        let page = try page("<TextLine><Coords points='1,2 3,4 5,6'/>\(word("La"))\(word("mer"))</TextLine>")
        #expect(page?.lines.map(\.text) == ["La mer"])
    }

    @Test func aPageIsExpected() throws {
        let path = try folder.write("<PcGts/>", to: "a.xml")
        let error = #expect(throws: FileError.self) { try PageFormat.page.pages(contentsOf: path) }
        #expect(error?.description.contains("line 1: there is no Page") == true)
    }

    @Test func severalPagesAreRead() throws {
        let path = try folder.write(
            "<PcGts><Page imageFilename='x.png'/><Page imageFilename='y.png'/></PcGts>", to: "a.xml")
        #expect(try PageFormat.page.pages(contentsOf: path)?.pages.map(\.image) == ["x.png", "y.png"])
    }
}
