import DuctusData
import DuctusTestSupport
import Testing

@Suite struct PageFolderTests {
    let folder: TemporaryFolder
    /// Every pixel tells its column and its row.
    private let image = Image(
        width: 40, height: 30, channels: 1,
        pixels: (0..<1200).map { place -> UInt8 in
            let (row, column) = place.quotientAndRemainder(dividingBy: 40)
            return UInt8(100 + column + 3 * row)
        })

    init() throws { folder = try TemporaryFolder() }

    private func alto(_ lines: String, image: String = "scan.png", size: String = "WIDTH='40' HEIGHT='30'") -> String {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"><Description><MeasurementUnit>pixel</MeasurementUnit>
        <sourceImageInformation><fileName>\(image)</fileName></sourceImageInformation></Description>
        <Layout><Page \(size)><PrintSpace><TextBlock ID="b">
        \(lines)
        </TextBlock></PrintSpace></Page></Layout></alto>
        """
    }

    private func page(_ lines: String, image: String = "scan.png") -> String {
        """
        <PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2013-07-15">
        <Page imageFilename="\(image)" imageWidth="40" imageHeight="30"><TextRegion><Coords points="0,0 40,0 40,30"/>
        \(lines)
        </TextRegion></Page></PcGts>
        """
    }

    private let altoLines = """
        <TextLine ID="l1" HPOS="2" VPOS="3" WIDTH="20" HEIGHT="10" BASELINE="2 11 22 11">
        <Shape><Polygon POINTS="2,3 22,3 12,13"/></Shape>
        <String CONTENT="La"><Glyph CONTENT="L"/></String><SP/><String CONTENT="Fédé"/><HYP CONTENT="-"/></TextLine>
        <TextLine ID="l2" HPOS="2.4" VPOS="14.6" WIDTH="9" HEIGHT="8" BASELINE="20"><String CONTENT="a"/>
        <String CONTENT="b"/></TextLine>
        <TextLine ID="l3" HPOS="0" VPOS="24" WIDTH="9" HEIGHT="5"></TextLine>
        """

    @Test func altoLinesAreRead() throws {
        try folder.write(alto(altoLines), to: "a.xml")
        try folder.write("<mets/>", to: "METS.xml")
        try folder.write(page(""), to: "other.xml")
        let pages = try PageFolder(directory: folder.path, format: .alto).pages
        #expect(pages.map(\.name) == [folder.path + "/a.xml"] && !pages[0].hasImage)
        let lines = pages[0].lines
        #expect(lines.map(\.id) == ["l1", "l2", "l3"] && lines.map(\.text) == ["La Fédé-", "a b", ""])
        #expect(lines.map(\.box.x) == [2, 2, 0] && lines.map(\.box.y) == [3, 15, 24])
        #expect(lines[0].box == Box(x: 2, y: 3, width: 20, height: 10))
        #expect(lines[0].outline == Polygon([.init(x: 2, y: 3), .init(x: 22, y: 3), .init(x: 12, y: 13)]))
        #expect(lines[0].baseline == [.init(x: 2, y: 11), .init(x: 22, y: 11)] && lines[1].baseline.isEmpty)
        #expect(pages[0].text == "La Fédé-\na b" && pages[0].linesBox == Box(x: 0, y: 3, width: 22, height: 26))
    }

    @Test func pageLinesAreRead() throws {
        let lines = """
            <TextLine id="l1"><Coords points="2,3 22,3 22,13 2,13"/><Baseline points="2,11 22,12"/>
            <Word><Coords points="0,0 1,1"/><TextEquiv><Unicode>no</Unicode></TextEquiv></Word>
            <TextEquiv index="1"><Unicode>worse</Unicode></TextEquiv>
            <TextEquiv index="0"><Unicode>better &amp; best</Unicode></TextEquiv></TextLine>
            <TextLine id="l2"><Coords><Point x="1" y="2"/><Point x="5" y="9"/></Coords></TextLine>
            """
        try folder.write(page(lines), to: "page/a.xml")
        let pages = try PageFolder(directory: folder.path, format: .page).pages
        #expect(pages[0].lines.map(\.text) == ["better & best", ""])
        #expect(pages[0].lines[0].box == Box(x: 2, y: 3, width: 20, height: 10))
        #expect(pages[0].lines[0].baseline == [.init(x: 2, y: 11), .init(x: 22, y: 12)])
        #expect(pages[0].lines[1].box == Box(x: 1, y: 2, width: 4, height: 7))
    }

    @Test(arguments: [
        ("page/a.xml", "scan.png", "scan.png"), ("page/a.xml", "scan.png", "page/scan.png"),
        ("a.xml", "C:\\old\\scan.png", "scan.png"), ("a.xml", "file:///x/scan.jpg", "a.png"),
        ("set/page/a.xml", "gone.tif", "set/a.PNG"), ("a.xml", "", "a.png"),
    ])
    func imagesAreFound(file: String, named: String, place: String) throws {
        try folder.write(image.pngData(), to: place)
        try folder.write(page("", image: named), to: file)
        let pages = try PageFolder(directory: folder.path, format: .page).pages
        #expect(try pages[0].hasImage && pages[0].image() == image)
    }

    @Test func splitsAreFolders() throws {
        for name in ["train/b", "train/deep/a", "validation/c"] {
            try folder.write(alto(altoLines), to: "\(name).xml")
        }
        func names(_ split: String) throws -> [String] {
            try PageFolder(directory: folder.path, format: .alto, split: split).pages
                .map { String($0.name.dropFirst(folder.path.count + 1)) }
        }
        #expect(try names("train") == ["train/b.xml", "train/deep/a.xml"])
        #expect(try names("all") == ["train/b.xml", "train/deep/a.xml", "validation/c.xml"])
        let unknown = #expect(throws: DatasetError.self) { try names("../x") }
        #expect(unknown?.description.contains("choose one of train, validation, all") == true)
        for (directory, format) in [(folder.path, PageFolder.Format.page), (folder.path + "/none", .alto)] {
            let missing = #expect(throws: DatasetError.self) { try PageFolder(directory: directory, format: format) }
            #expect(missing?.description.contains("htr-united") == true)
        }
    }

    @Test(arguments: [
        "<TextLine HPOS='x' VPOS='1' WIDTH='2' HEIGHT='3'/>", "<TextLine HPOS='1' VPOS='1' WIDTH='2'/>", "<TextLine/>",
        "<TextLine HPOS='1' VPOS='1' WIDTH='-2' HEIGHT='3'/>", "<TextLine HPOS='1e9' VPOS='1' WIDTH='2' HEIGHT='3'/>",
        "<TextLine HPOS='nan' VPOS='1' WIDTH='2' HEIGHT='3'/>",
        "<TextLine HPOS='1' VPOS='1' WIDTH='2' HEIGHT='3'><String/></TextLine>",
        "<TextLine HPOS='1' VPOS='1' WIDTH='2' HEIGHT='3' BASELINE='1 2 3'/>",
        "<TextLine><Shape><Polygon POINTS='1,2 x,4'/></Shape></TextLine>",
        "<TextLine><Shape><Polygon/></Shape></TextLine>",
    ])
    func malformedAltoNamesFileAndLine(line: String) throws {
        try folder.write(alto(line), to: "a.xml")
        let error = #expect(throws: DatasetError.self) { try PageFolder(directory: folder.path, format: .alto) }
        #expect(error?.description.hasPrefix("\(folder.path)/a.xml, line 5: ") == true)
    }

    @Test func malformedPages() throws {
        func refusal(_ text: String, _ format: PageFolder.Format) throws -> String? {
            try folder.write(text, to: "a.xml")
            return #expect(throws: DatasetError.self) { try PageFolder(directory: folder.path, format: format) }?
                .description
        }
        #expect(
            try refusal(alto("").replacing("pixel", with: "mm10"), .alto)?.contains("line 2: lengths are in") == true)
        #expect(try refusal("<alto/>", .alto)?.contains("line 1: one page is expected, but there are 0") == true)
        #expect(try refusal("<PcGts>\n<Page/><Page/></PcGts>", .page)?.contains("but there are 2") == true)
        #expect(try refusal(page("<TextLine/>"), .page)?.contains("line 3: TextLine has no Coords") == true)
        #expect(try refusal(page("<TextLine><Coords points=''/></TextLine>"), .page)?.contains("line 3: ") == true)
    }

    @Test(arguments: [false, true])
    func linesAreCut(followsOutlines: Bool) throws {
        try folder.write(image.pngData(), to: "scan.png")
        try folder.write(alto(altoLines), to: "a.xml")
        try folder.write(alto(altoLines, image: "none.png"), to: "b.xml")
        let data = try LineDataset(
            kind: "alto", directory: folder.path, split: "all", characters: Alphabet("LaFédb- "),
            followsOutlines: followsOutlines)
        #expect(data.count == 2 && data.missingImages == 2)
        #expect(data.name(of: 1) == folder.path + "/a.xml l2")
        let (line, text) = try data.raw(0)
        #expect(text == "La Fédé-" && line.width == 20 && line.height == 10)
        let box = image.cropped(x: 2, y: 3, width: 20, height: 10)
        guard followsOutlines else {
            #expect(line == box)
            return
        }
        // Row r of the triangle (0, 0), (20, 0), (10, 10) has the pixels whose centres are in r + ½ ..< 19½ − r.
        let inside = (0..<10).flatMap { row in (0..<20).map { $0 >= row && $0 < 19 - row } }
        let ink = zip(box.pixels, inside).filter(\.1).map(\.0).sorted()
        for (index, pixel) in line.pixels.enumerated() {
            #expect(pixel == (inside[index] ? box.pixels[index] : ink[ink.count / 2]))
        }
        #expect(try data.transformed(1).labels.scalars == Alphabet("LaFédb- ").encode("a b", sample: ""))
    }

    @Test func aPageIsADetectionSample() throws {
        try folder.write(image.pngData(), to: "scan.png")
        try folder.write(alto(altoLines), to: "a.xml")
        let data = try DetectionDataset(kind: "alto", directory: folder.path, split: "all")
        let labels = try data.transformed(0).labels.scalars
        #expect(Set(labels) == [0, 1, 2])
        let sample = DetectionSample(page: image, lines: data.pages[0].lines.map(\.box))
        #expect(labels == sample.labels.map(Int32.init))
        let kind = #expect(throws: DatasetError.self) {
            try DetectionDataset(kind: "odd", directory: folder.path, split: "all")
        }
        #expect(kind?.description.contains("iam, alto, page") == true)
    }

    @Test func imagesMustFitTheirFile() throws {
        try folder.write(image.pngData(), to: "scan.png")
        try folder.write(alto(altoLines, size: "WIDTH='80' HEIGHT='60'"), to: "a.xml")
        let size = #expect(throws: DatasetError.self) {
            try LineDataset(kind: "alto", directory: folder.path, split: "all").raw(0)
        }
        #expect(size?.description.contains("80 × 60 pixels, but the image has 40 × 30") == true)
        let outside = alto(
            "<TextLine ID='l' HPOS='50' VPOS='1' WIDTH='9' HEIGHT='9'><String CONTENT='a'/></TextLine>", size: "")
        try folder.write(outside, to: "a.xml")
        for follows in [false, true] {
            let error = #expect(throws: DatasetError.self) {
                try LineDataset(kind: "alto", directory: folder.path, split: "all", followsOutlines: follows).raw(0)
            }
            #expect(error?.description.contains("a.xml: line “l” is outside") == true)
        }
    }

    @Test(.enabled(if: sharedData != nil, "DUCTUS_DATA is not set"))
    func sharedPages() throws {
        let directory = try #require(sharedData) + "/copiste"
        let pages = try PageFolder(directory: directory + "/pages", format: .alto).pages
        #expect(pages.count == 135 && pages.allSatisfy(\.hasImage))
        let lines = pages.flatMap(\.lines)
        #expect(lines.count == 2606 && lines.count { !$0.text.isEmpty } == 2602)
        let page = try #require(pages.first)
        for line in page.lines { #expect(line.outline != nil && line.baseline.count >= 2 && line.box.area > 0) }
        #expect(try page.image().width == 1000)
    }
}
