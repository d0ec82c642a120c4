import DuctusData
import DuctusTestSupport
import Testing

@Suite struct PageFolderTests {
    private let folder: TemporaryFolder
    /// Every pixel tells its column and its row.
    private let image = Image(
        width: 40, height: 30, channels: 1,
        pixels: (0..<1200).map { place -> UInt8 in
            let (row, column) = place.quotientAndRemainder(dividingBy: 40)
            return UInt8(100 + column + 3 * row)
        })
    /// A page with that image.
    private let page = Page(
        image: "scan.png", width: 40, height: 30,
        lines: [
            Page.Line(
                text: "La Fédé-", box: Box(x: 2, y: 3, width: 20, height: 10),
                polygon: Polygon([.init(x: 2, y: 3), .init(x: 22, y: 3), .init(x: 12, y: 13)])),
            Page.Line(text: "a b", box: Box(x: 2, y: 15, width: 9, height: 8)),
            Page.Line(text: "", box: Box(x: 0, y: 24, width: 9, height: 5)),
        ])

    init() throws { folder = try TemporaryFolder() }

    private func write(_ page: Page, _ format: PageFormat = .alto, to name: String) throws {
        try folder.write(format.render([page]), to: name)
    }

    @Test(arguments: [PageFormat.alto, .page]) func filesOfTheFormatAreRead(format: PageFormat) throws {
        try write(page, format, to: "a.xml")
        try write(page, format.name == "alto" ? .page : .alto, to: "other.xml")
        try folder.write("<mets/>", to: "METS.xml")
        try folder.write("no XML", to: "notes.txt")
        let pages = try PageFolder(directory: folder.path, format: format).pages
        #expect(pages.map(\.name) == [folder.path + "/a.xml"])
        let read = try #require(pages.first)
        #expect(!read.hasImage)
        #expect(read.lines.map(\.text) == page.lines.map(\.text))
        #expect(read.page.text == "La Fédé-\na b")
        #expect(read.page.linesBox == Box(x: 0, y: 3, width: 22, height: 26))
    }

    @Test(arguments: [
        ("page/a.xml", "scan.png", "scan.png"), ("page/a.xml", "scan.png", "page/scan.png"),
        ("a.xml", "C:\\old\\scan.png", "scan.png"), ("a.xml", "file:///x/scan.jpg", "a.png"),
        ("set/page/a.xml", "gone.tif", "set/a.PNG"), ("a.xml", "", "a.png"),
        // A relative path; folders beside and within; other extensions; the name of the XML file with a second extension.
        ("alto/a.xml", "../images/scan.png", "images/scan.png"), ("alto/a.xml", "scan.png", "images/scan.png"),
        ("set/alto/a.xml", "scan.png", "images/scan.png"), ("a.xml", "scan.png", "images/scan.png"),
        ("alto/a.xml", "scan.tif", "images/scan.png"), ("alto/a.xml", "", "images/a.png"),
        ("a.page.xml", "", "a.png"), ("alto/a.xml", "/elsewhere/scan.jpeg", "img/scan.png"),
    ])
    func imagesAreFound(file: String, named: String, place: String) throws {
        var page = page
        page.image = named
        try folder.write(image.pngData(), to: place)
        try write(page, .page, to: file)
        let read = try #require(try PageFolder(directory: folder.path, format: .page).pages.first)
        #expect(read.hasImage)
        #expect(try read.image() == image)
    }

    /// Both splits have a page 1; the image of one is not that of the other.
    @Test func otherSplitsHaveOtherImages() throws {
        for split in ["train", "validation"] { try write(page, .page, to: "\(split)/1.xml") }
        try folder.write(image.pngData(), to: "validation/scan.png")
        let pages = try PageFolder(directory: folder.path, format: .page).pages
        #expect(pages.map(\.hasImage) == [false, true])
    }

    @Test func aFileMayHaveSeveralPages() throws {
        let pages = ["x.png", "y.png"].map { name in
            var page = page
            page.image = name
            return page
        }
        try folder.write(PageFormat.alto.render(pages), to: "both.xml")
        // It is the image of no page: it has the name of the file, which has two.
        try folder.write(image.pngData(), to: "both.png")
        for name in ["x.png", "y.png"] { try folder.write(image.pngData(), to: name) }
        let read = try PageFolder(directory: folder.path, format: .alto).pages
        #expect(read.map(\.name) == ["both.xml[1]", "both.xml[2]"].map(folder.file))
        #expect(read.map(\.imagePath) == ["x.png", "y.png"].map(folder.file))
        #expect(try LineDataset(kind: "alto", directory: folder.path, split: "all").count == 4)
    }

    @Test func severalPagesDoNotShareAnImage() throws {
        let pages = PageDocument(pages: [page, page]).pages.map { Page(image: "", lines: $0.lines) }
        try folder.write(PageFormat.alto.render(pages), to: "both.xml")
        try folder.write(image.pngData(), to: "both.png")
        #expect(try PageFolder(directory: folder.path, format: .alto).pages.map(\.hasImage) == [false, false])
    }

    @Test func aFileOfImagesHasAPageForEach() throws {
        var second = page
        second.image = "scan.tif[2]"
        try write(second, to: "a.xml")
        try folder.write([], to: "scan.tif")
        let read = try #require(try PageFolder(directory: folder.path, format: .alto).pages.first)
        #expect(read.imagePath == folder.file("scan.tif"))
        #expect(read.imagePage == 1)
    }

    @Test func whatIsMalformedCostsOnlyItself() throws {
        let bad = "<TextLine ID='bad' HPOS='x'/>"
        let good = try PageFormat.alto.render([page])
        let path = try folder.write(good.replacing("</TextBlock>", with: "\(bad)</TextBlock>"), to: "a.xml")
        let cut = try folder.write(String(good.prefix(300)), to: "b.xml")
        let pages = try PageFolder(directory: folder.path, format: .alto)
        #expect(pages.pages.map(\.lines.count) == [3])
        #expect(pages.problems.map(\.file) == [path, cut])
    }

    @Test func splitsAreFolders() throws {
        for name in ["train/b", "train/deep/a", "validation/c"] { try write(page, to: "\(name).xml") }
        func names(_ split: String) throws -> [String] {
            try PageFolder(directory: folder.path, format: .alto, split: split).pages
                .map { String($0.name.dropFirst(folder.path.count + 1)) }
        }
        #expect(try names("train") == ["train/b.xml", "train/deep/a.xml"])
        #expect(try names("all") == ["train/b.xml", "train/deep/a.xml", "validation/c.xml"])
        let unknown = #expect(throws: DatasetError.self) { try names("../x") }
        #expect(unknown?.description.contains("choose one of train, validation, all") == true)
    }

    @Test func foldersWithoutPagesAreAnsweredWithASource() throws {
        try write(page, to: "a.xml")
        for (directory, format) in [(folder.path, PageFormat.page), (folder.path + "/none", .alto)] {
            let missing = #expect(throws: DatasetError.self) { try PageFolder(directory: directory, format: format) }
            #expect(missing?.description.contains("htr-united") == true)
        }
    }

    @Test func malformedFilesAreNamedWithTheirLine() throws {
        let path = try folder.write("<alto>\n<Layout/></alto>", to: "deep/a.xml")
        let error = #expect(throws: DatasetError.self) { try PageFolder(directory: folder.path, format: .alto) }
        #expect(error?.description.hasPrefix("\(path), line 1: ") == true)
        try folder.write("<alto", to: "deep/a.xml")
        let cut = #expect(throws: DatasetError.self) { try PageFolder(directory: folder.path, format: .alto) }
        #expect(cut?.description.hasPrefix("\(path), line 1: ") == true)
    }

    @Test func linesAreCutAsBoxes() throws {
        try folder.write(image.pngData(), to: "scan.png")
        try write(page, to: "a.xml")
        var elsewhere = page
        elsewhere.image = "none.png"
        try write(elsewhere, to: "b.xml")
        let characters = Alphabet("LaFédb- ")
        let data = try LineDataset(kind: "alto", directory: folder.path, split: "all", characters: characters)
        #expect(data.count == 2)
        #expect(data.missingImages == 2)
        #expect(data.name(of: 1) == folder.path + "/a.xml line_1_2")
        let (line, text) = try data.raw(0)
        #expect(text == "La Fédé-")
        #expect(line == image.cropped(x: 2, y: 3, width: 20, height: 10))
        #expect(try data.transformed(1).labels.scalars == characters.encode("a b", sample: ""))
    }

    @Test func linesAreCutAlongTheirOutlines() throws {
        try folder.write(image.pngData(), to: "scan.png")
        try write(page, to: "a.xml")
        var kind = ALTOData()
        kind.followsOutlines = true
        let data = try LineDataset(kind: Choice(kind), directory: folder.path, split: "all")
        let line = try data.raw(0).image
        let box = image.cropped(x: 2, y: 3, width: 20, height: 10)
        try #require(line.width == box.width)
        try #require(line.height == box.height)
        // Row r of the triangle (0, 0), (20, 0), (10, 10) has the pixels whose centers are in r + ½ ..< 19½ − r.
        let inside = (0..<10).flatMap { row in (0..<20).map { (row..<max(row, 19 - row)).contains($0) } }
        let ink = zip(box.pixels, inside).filter(\.1).map(\.0).sorted()
        for (index, pixel) in line.pixels.enumerated() {
            #expect(pixel == (inside[index] ? box.pixels[index] : ink[ink.count / 2]))
        }
        // A line without an outline is its box.
        #expect(try data.raw(1).image == image.cropped(x: 2, y: 15, width: 9, height: 8))
    }

    @Test func aPageIsADetectionSample() throws {
        try folder.write(image.pngData(), to: "scan.png")
        try write(page, to: "a.xml")
        let data = try DetectionDataset(kind: "alto", directory: folder.path, split: "all")
        let labels = try data.transformed(0).labels.scalars
        #expect(Set(labels) == [0, 1, 2])
        let sample = DetectionSample(page: image, lines: page.lines.map(\.box))
        #expect(labels == sample.labels.map(Int32.init))
    }

    /// Images that were rounded to another size, or scanned at another resolution.
    @Test(arguments: [(41, 31), (40, 30), (39, 30), (80, 60), (121, 91), (20, 15)])
    func linesAreScaledToTheImage(width: Int, height: Int) throws {
        try folder.write(image.pngData(), to: "scan.png")
        func scaled(_ box: Box) -> Box {
            let (x, y) = (Double(width) / 40, Double(height) / 30)
            func number(_ value: Int, _ factor: Double) -> Int { Int((Double(value) * factor).rounded()) }
            let (left, top) = (number(box.x, x), number(box.y, y))
            return Box(
                x: left, y: top, width: number(box.maxX, x) - left, height: number(box.maxY, y) - top)
        }
        var other = page
        (other.width, other.height) = (width, height)
        other.lines = page.lines.map { Page.Line(text: $0.text, box: scaled($0.box)) }
        try write(other, to: "a.xml")
        let lines = try LineDataset(kind: "alto", directory: folder.path, split: "all")
        let boxes = try DetectionDataset(kind: "alto", directory: folder.path, split: "all").raw(0).lines
        for index in 0..<2 {
            let (box, line) = (page.lines[index].box, try lines.raw(index).image)
            #expect(abs(line.width - box.width) <= 2)
            #expect(abs(line.height - box.height) <= 2)
            #expect(boxes[index].intersectionOverUnion(box) > 0.7)
        }
    }

    @Test func missingImagesAreAnErrorIfNoneIsLeft() throws {
        try write(page, to: "a.xml")
        let error = #expect(throws: DatasetError.self) {
            try LineDataset(kind: "alto", directory: folder.path, split: "all")
        }
        #expect(error?.description.hasPrefix(folder.file("scan.png")) == true)
    }

    @Test func linesWithoutVisibleTextAreLeftOut() throws {
        try folder.write(image.pngData(), to: "scan.png")
        var blank = page
        blank.lines[0].text = "\u{A0}\u{200B}"
        try write(blank, to: "a.xml")
        let data = try LineDataset(kind: "alto", directory: folder.path, split: "all")
        #expect(try (0..<data.count).map { try data.source.text(of: $0) } == ["a b"])
    }

    @Test func imagesMustHaveTheSizeOfTheirFile() throws {
        try folder.write(image.pngData(), to: "scan.png")
        var large = page
        (large.width, large.height) = (80, 70)
        try write(large, to: "a.xml")
        let error = #expect(throws: DatasetError.self) {
            try LineDataset(kind: "alto", directory: folder.path, split: "all").raw(0)
        }
        #expect(error?.description.contains("80 × 70 pixels, but the image has 40 × 30") == true)
    }

    @Test(arguments: [false, true]) func linesOutsideTheImageAreNamed(followsOutlines: Bool) throws {
        try folder.write(image.pngData(), to: "scan.png")
        var outside = page
        outside.lines = [Page.Line(text: "a", box: Box(x: 50, y: 1, width: 9, height: 9))]
        try write(outside, to: "a.xml")
        var kind = ALTOData()
        kind.followsOutlines = followsOutlines
        let error = #expect(throws: DatasetError.self) {
            try LineDataset(kind: Choice(kind), directory: folder.path, split: "all").raw(0)
        }
        #expect(error?.description.contains("a.xml: line “line_1_1” is outside") == true)
    }

    @Test(.enabled(if: sharedData != nil, "DUCTUS_DATA is not set"))
    func aLargeFolderIsRead() throws {
        let directory = try #require(sharedData) + "/copiste"
        let pages = try PageFolder(directory: directory + "/pages", format: .alto).pages
        #expect(pages.count == 135)
        #expect(pages.allSatisfy { $0.hasImage })
        let lines = pages.flatMap(\.lines)
        #expect(lines.count == 2606)
        #expect(lines.count { !$0.text.isEmpty } == 2602)
        let page = try #require(pages.first)
        for line in page.lines {
            #expect(line.polygon != nil)
            #expect(line.baseline.count >= 2)
            #expect(line.box.area > 0)
        }
        #expect(try page.image().width == 1000)
    }
}
