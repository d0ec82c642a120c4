import DuctusHandwriting
import DuctusHandwritingTestSupport
import DuctusTestSupport
import Testing

@Suite struct ReadTests {
    private let folder: TemporaryFolder
    private let model: String
    private let image: String

    init() throws {
        folder = try TemporaryFolder()
        (model, image) = (folder.file("model"), folder.file("page.png"))
        try TinyModels.write(to: model)
    }

    private func read(_ arguments: String...) throws -> Ductus.Result {
        try Ductus.Run(["read", image, "--model", model] + arguments).wait()
    }

    @Test func printsTheLines() throws {
        try TinyLines.page().image.writePNG(to: image)
        let result = try read()
        result.expectSuccess()
        #expect(result.output == "a\na\na\n")
        let beam = try read("--decoder", "beam", "--beam-width", "3")
        beam.expectSuccess()
        #expect(beam.output == result.output)
        let named = try Ductus.run("read", image, environment: ["DUCTUS_MODEL": model])
        #expect(named.output == result.output)
    }

    @Test func readsWithTheOpenWeights() throws {
        let root = File.directory(of: File.directory(of: File.directory(of: #filePath)))
        let result = try Ductus.run("read", "\(root)/Examples/SamplePage/sample.png", "--model", "open")
        result.expectSuccess()
        #expect(result.output.split(separator: "\n").count == 7)
        #expect(result.output.contains("house"))
    }

    @Test func anImageCanBeASingleLine() throws {
        try TinyLines.page().image.writePNG(to: image)
        let result = try read("--lines", "--threads", "1", "--decoder", "best-path")
        result.expectSuccess()
        #expect(result.output == "a\n")
    }

    @Test func pagesAreSeparatedByFormFeeds() throws {
        try TinyLines.page().image.writePNG(to: image)
        let result = try Ductus.run("read", image, image, "--model", model)
        #expect(result.output == "a\na\na\n\u{0C}a\na\na\n")
    }

    @Test(arguments: [
        ("json", "\"text\":\"a\""), ("tsv", "level\tpage_num\t"), ("hocr", "ocr_line"), ("alto", "<TextLine"),
        ("page", "<TextLine"),
    ])
    func everyFormatIsWritten(format: String, mark: String) throws {
        try TinyLines.page().image.writePNG(to: image)
        let result = try read("--format", format)
        result.expectSuccess()
        #expect(result.output.contains(mark))
        let file = folder.file("result")
        let written = try read("--format", format, "--output", file)
        written.expectSuccess()
        #expect(written.output.isEmpty)
        #expect(try String(decoding: File.readBytes(file), as: UTF8.self).contains(mark))
    }

    @Test func jsonIsAPage() throws {
        let (page, boxes) = TinyLines.page()
        try page.writePNG(to: image)
        let reading = try JSONText(parsing: Array(read("--format", "json").output.utf8))
            .decoded(as: Page.self, file: "output")
        #expect(reading.image == image)
        #expect(reading.width == page.width)
        #expect(reading.height == page.height)
        #expect(reading.lines.map(\.text) == ["a", "a", "a"])
        for (line, box) in zip(reading.lines, boxes) { #expect(line.box.intersectionOverUnion(box) > 0.85) }
    }

    @Test func theOverlayHasTheSizeOfTheImage() throws {
        let page = TinyLines.page().image
        try page.writePNG(to: image)
        let overlay = folder.file("overlay.png")
        #expect(try read("--overlay", overlay).status == 0)
        let picture = try Image(contentsOf: overlay)
        #expect(picture.width == page.width)
        #expect(picture.height == page.height)
        #expect(picture != page.rgb())
    }

    @Test(arguments: [(1, 1), (600, 400), (1, 3000)]) func blankPagesHaveNoLines(width: Int, height: Int) throws {
        try Image(width: width, height: height, filledWith: 255).writePNG(to: image)
        let result = try read()
        result.expectSuccess()
        #expect(result.output.isEmpty)
        #expect(try read("--format", "json").output.contains("\"lines\":[]"))
    }

    /// 50 megapixels, grayscale and color, in a gigabyte.
    @Test(arguments: [1, 3]) func hugePagesTakeLittleMemory(channels: Int) throws {
        try Image(width: 10_000, height: 5_000, channels: channels, filledWith: 255).writePNG(to: image)
        let result = try read()
        result.expectSuccess()
        #expect(result.output.isEmpty)
        #expect(result.peakMemory < 1 << 30, "\(result.peakMemory >> 20) MB")
    }

    /// A small file whose header announces an image that is too large for any memory.
    @Test func imagesThatAreTooLargeAreRefused() throws {
        var bytes = try TinyLines.page().image.pngData()
        bytes.replaceSubrange(16..<24, with: [0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF])
        try File.write(bytes, to: image)
        let result = try read()
        result.expectRefusal(about: image)
        #expect(result.peakMemory < 1 << 28)
    }

    /// Invalid images.
    static let broken: [(name: String, bytes: @Sendable ([UInt8]) -> [UInt8])] = [
        ("empty", { _ in [] }), ("text", { _ in Array("Dear Sir, …".utf8) }),
        ("PNG signature", { Array($0.prefix(8)) }), ("PNG header", { Array($0.prefix(33)) }),
        ("half a PNG", { Array($0.prefix($0.count / 2)) }), ("PNG without its end", { Array($0.dropLast(14)) }),
        ("damaged PNG", { $0.prefix(60) + $0.dropFirst(60).map { $0 ^ 0x55 } }),
        ("JPEG signature", { _ in [0xFF, 0xD8, 0xFF] }),
        (
            "JPEG header",
            { _ in [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, 0x4A, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0] }
        ),
        (
            "JPEG frame without scans",
            { _ in [0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8, 0, 16, 0, 16, 1, 1, 0x11, 0, 0xFF, 0xD9] }
        ),
    ]

    @Test(arguments: broken.indices) func invalidImagesAreRefused(index: Int) throws {
        try File.write(Self.broken[index].bytes(TinyLines.page().image.pngData()), to: image)
        let result = try read()
        result.expectRefusal(about: image)
    }

    @Test func invalidPathsAreRefused() throws {
        try read().expectRefusal(about: image)
        let directory = try Ductus.run("read", folder.path, "--model", model)
        directory.expectRefusal(about: folder.path)
        try TinyLines.page().image.writePNG(to: image)
        let output = folder.file("none/result.txt")
        try read("--output", output).expectRefusal(about: output)
    }

    @Test func invalidWeightsAreRefused() throws {
        try TinyLines.page().image.writePNG(to: image)
        let (detector, reader) = ("\(model)/\(LineDetector.fileName)", "\(model)/\(PageReader.readerName)")
        let intact = try File.readBytes(reader)
        // The other network, truncated files, other files, and a network of another type.
        try File.write(File.readBytes(detector), to: reader)
        try read().expectRefusal(about: reader)
        try File.write(intact, to: detector)
        try read().expectRefusal(about: detector)
        try TinyModels.writeDetector(to: detector)
        for bytes in [[], Array(intact.prefix(100)), intact.dropLast(1), Array("{}".utf8)] {
            try File.write(Array(bytes), to: reader)
            try read().expectRefusal(about: reader)
        }
        let network = MLP(.init(classes: 4, width: 2))
        let model = try ModelConfiguration(
            task: LineReader.task, network: network, recipe: ["characters": TinyModels.characters])
        try WeightsFile.write(network, of: model, to: reader)
        try read().expectRefusal(about: reader)
        let missing = folder.file("nowhere")
        let result = try Ductus.run("read", image, "--model", missing)
        result.expectRefusal(about: "\(missing)/\(PageReader.detectorName)")
    }
}
