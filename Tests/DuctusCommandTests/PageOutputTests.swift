import DuctusHandwriting
import DuctusHandwritingTestSupport
import DuctusTestSupport
import Testing

/// Where `ductus read` writes pages, and the lines that it reads on them.
@Suite struct PageOutputTests {
    private let folder: TemporaryFolder
    private let model: String

    init() throws {
        folder = try TemporaryFolder()
        model = folder.file("model")
        try TinyModels.write(to: model)
        for name in ["scans", "xml"] { try File.createDirectory(folder.file(name)) }
        for name in ["a.png", "b.png"] { try TinyLines.page().image.writePNG(to: folder.file("scans/\(name)")) }
    }

    private func read(_ arguments: String...) throws -> Ductus.Result {
        try Ductus.run("read", [folder.file("scans")] + arguments + ["--model", model])
    }

    @Test(arguments: [("text", "txt"), ("json", "json"), ("tsv", "tsv"), ("hocr", "hocr"), ("pdf", "pdf")])
    func aDirectoryGetsAFileForEachPage(format: String, suffix: String) throws {
        let result = try read("-o", folder.file("xml"), "--format", format)
        result.expectSuccess()
        #expect(result.output.isEmpty)
        #expect(File.names(in: folder.file("xml")) == ["a.\(suffix)", "b.\(suffix)"])
    }

    @Test(arguments: [PageFormat.alto, .page]) func xmlNamesImagesAsSeenFromIt(format: PageFormat) throws {
        try read("-o", folder.file("xml/"), "--format", format.name).expectSuccess()
        let document = try #require(try format.pages(contentsOf: folder.file("xml/b.xml")))
        #expect(document.pages.map(\.image) == ["../scans/b.png"])
        #expect(document.pages.map(\.lines.count) == [3])
        // So that it is found as ground truth.
        let kind = Choice(format.name)
        #expect(try LineDataset(kind: kind, directory: folder.file("xml"), split: "all").count == 6)
    }

    @Test func aDirectoryIsMade() throws {
        try read("-o", folder.file("new/deep/"), "--format", "alto").expectSuccess()
        #expect(File.names(in: folder.file("new/deep")) == ["a.xml", "b.xml"])
    }

    @Test func pagesOfAFileAreNumbered() throws {
        let lines = try ["one", "two"].map { _ in
            try EncodedImage(TinyLines.page().image)
        }
        let pages = ["one", "two"].map { Page(image: $0, width: 512, height: 400, lines: []) }
        let scan = folder.file("scan.pdf")
        try File.write(PageFormat.pdf.document(pages, images: lines), to: scan)
        let result = try Ductus.run("read", scan, "-o", folder.file("xml"), "--format", "page", "--model", model)
        // Pages of PDF files need pdftoppm.
        guard !result.errors.contains("not installed") else { return }
        result.expectSuccess()
        #expect(File.names(in: folder.file("xml")) == ["scan-1.xml", "scan-2.xml"])
        // Beside it, its own PDF would replace it.
        let own = try Ductus.run("read", scan, "-o", folder.path, "--format", "pdf", "--model", model)
        #expect(own.status == 2)
        #expect(own.errors.contains("is an input"))
    }

    @Test func aFileThatHoldsOnePageIsRefusedForSeveral() throws {
        let result = try read("-o", folder.file("all.xml"), "--format", "page")
        #expect(result.status == 2)
        #expect(result.errors.contains("give --output a directory"))
        #expect(!File.exists(folder.file("all.xml")))
        try read("-o", folder.file("all.xml"), "--format", "alto").expectSuccess()
        let document = try #require(try PageFormat.alto.pages(contentsOf: folder.file("all.xml")))
        #expect(document.pages.map(\.image) == ["scans/a.png", "scans/b.png"])
    }

    /// The second page of `scan.pdf` is not written over that of `scan-2.png`.
    @Test func aPageNeverReplacesThatOfAnotherImage() throws {
        let images = try (0..<2).map { _ in try EncodedImage(TinyLines.page().image) }
        let pages = (0..<2).map { _ in Page(image: "", width: 512, height: 400, lines: []) }
        try File.write(PageFormat.pdf.document(pages, images: images), to: folder.file("scan.pdf"))
        try TinyLines.page().image.writePNG(to: folder.file("scan-2.png"))
        let inputs = ["scan-2.png", "scan.pdf"].map(folder.file)
        let result = try Ductus.run("read", inputs + ["-o", folder.file("xml"), "--model", model])
        // Pages of PDF files need pdftoppm.
        guard !result.errors.contains("not installed") else { return }
        #expect(result.status == 2)
        #expect(result.errors.contains("has another page already"))
    }

    @Test func twoImagesNeverShareAFile() throws {
        try TinyLines.page().image.writePNG(to: folder.file("a.png"))
        let images = [folder.file("a.png"), folder.file("scans/a.png")]
        let result = try Ductus.run("read", images + ["-o", folder.file("xml"), "--model", model])
        #expect(result.status == 2)
        #expect(result.errors.contains("would both be written to"))
        #expect(File.names(in: folder.file("xml")).isEmpty)
    }

    @Test func aBrokenImageCostsOnlyItself() throws {
        try File.write(File.readBytes(folder.file("scans/a.png")).dropLast(50), to: folder.file("scans/a.png"))
        let result = try read("-o", folder.file("xml"), "--format", "alto")
        #expect(result.status == 1)
        #expect(File.names(in: folder.file("xml")) == ["b.xml"])
    }

    @Test func linesOfAnotherProgramAreRead() throws {
        let boxes = TinyLines.page().lines
        let lines = [2, 0].map { Page.Line(id: "l\($0)", text: "?", box: boxes[$0], baseline: [.init(x: 1, y: 2)]) }
        let page = Page(image: "other/b.png", width: 512, height: 400, lines: lines)
        let file = try folder.write(PageFormat.alto.render([page]), to: "lines.xml")
        let image = folder.file("scans/b.png")
        let result = try Ductus.run("read", image, "--segmentation", file, "--format", "json", "--model", model)
        result.expectSuccess()
        let found: Page = try JSONText(parsing: Array(result.output.utf8)).decoded(file: "output")
        #expect(found.lines.map(\.box) == [boxes[2], boxes[0]])
        #expect(found.lines.map(\.text) == ["a", "a"])
        // Its own file must not be replaced.
        let same = try Ductus.run("read", image, "--segmentation", file, "-o", file, "--model", model)
        #expect(same.status == 2)
        // The other image has no lines there.
        let both = try read("--segmentation", file)
        #expect(both.status == 1)
        #expect(both.output == "a\na\n")
        #expect(both.errors.contains("scans/a.png: there is no page for it"))
    }

    @Test func segmentationsHaveTheirSize() throws {
        let boxes = TinyLines.page().lines
        let half = boxes.map { Box(x: $0.x / 2, y: $0.y / 2, width: $0.width / 2, height: $0.height / 2) }
        let page = Page(
            image: "", width: 256, height: 200, lines: half.map { Page.Line(text: "", box: $0) })
        let file = try folder.write(PageFormat.page.render([page]), to: "lines.xml")
        let image = folder.file("scans/b.png")
        let result = try Ductus.run("read", image, "--segmentation", file, "--format", "json", "--model", model)
        let read: Page = try JSONText(parsing: Array(result.output.utf8)).decoded(file: "output")
        #expect(read.lines.map(\.box) == boxes)
    }
}
