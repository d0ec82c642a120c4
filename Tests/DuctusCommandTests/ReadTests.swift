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
        #expect(result.status == 0 && result.output == "a\na\na\n" && result.errors.isEmpty, "\(result)")
        let line = try read("--lines", "--threads", "1", "--decoder", "best-path")
        #expect(line.status == 0 && line.output == "a\n")
        let searched = try read("--decoder", "beam", "--beam-width", "3")
        #expect(searched.status == 0 && searched.output == result.output, "\(searched)")
        let named = try Ductus.run("read", image, environment: ["DUCTUS_MODEL": model])
        #expect(named.output == result.output)
        let several = try Ductus.run("read", image, image, "--model", model)
        #expect(several.output == "a\na\na\n\u{0C}a\na\na\n")
    }

    @Test(arguments: [
        ("json", "\"text\":\"a\""), ("tsv", "level\tpage_num\t"), ("hocr", "ocr_line"), ("alto", "<TextLine"),
        ("page", "<TextLine"),
    ])
    func formats(format: String, mark: String) throws {
        try TinyLines.page().image.writePNG(to: image)
        let result = try read("--format", format)
        #expect(result.status == 0 && result.output.contains(mark), "\(result)")
        let file = folder.file("result")
        let written = try read("--format", format, "--output", file)
        #expect(written.status == 0 && written.output.isEmpty)
        #expect(try String(decoding: File.readBytes(file), as: UTF8.self).contains(mark))
    }

    @Test func jsonHoldsWhatIsPromised() throws {
        let (page, boxes) = TinyLines.page()
        try page.writePNG(to: image)
        let reading = try JSONText(parsing: Array(read("--format", "json").output.utf8))
            .decoded(as: Page.self, file: "output")
        #expect(reading.image == image && reading.width == page.width && reading.height == page.height)
        #expect(reading.lines.map(\.text) == ["a", "a", "a"])
        for (line, box) in zip(reading.lines, boxes) { #expect(line.box.intersectionOverUnion(box) > 0.85) }
    }

    @Test func overlayIsAPictureOfTheSameSize() throws {
        let page = TinyLines.page().image
        try page.writePNG(to: image)
        let overlay = folder.file("overlay.png")
        #expect(try read("--overlay", overlay).status == 0)
        let picture = try Image(contentsOf: overlay)
        #expect(picture.width == page.width && picture.height == page.height && picture != page.rgb())
    }

    @Test(arguments: [(1, 1), (600, 400), (1, 3000)]) func blankPages(width: Int, height: Int) throws {
        try Image(width: width, height: height, filledWith: 255).writePNG(to: image)
        let result = try read()
        #expect(result.status == 0 && result.output.isEmpty && result.errors.isEmpty, "\(result)")
        #expect(try read("--format", "json").output.contains("\"lines\":[]"))
    }

    /// Fifty megapixels, gray and in colour, within a gigabyte.
    @Test(arguments: [1, 3]) func aHugePage(channels: Int) throws {
        try Image(width: 10_000, height: 5_000, channels: channels, filledWith: 255).writePNG(to: image)
        let result = try read()
        #expect(result.status == 0 && result.output.isEmpty, "\(result)")
        #expect(result.peakMemory < 1 << 30, "\(result.peakMemory >> 20) MB")
    }

    /// A small file that announces a picture too large for any memory.
    @Test func aPageTooLargeToRead() throws {
        var bytes = try TinyLines.page().image.pngData()
        bytes.replaceSubrange(16..<24, with: [0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF])
        try File.write(bytes, to: image)
        let result = try read()
        #expect(result.isRefusal(about: image) && result.peakMemory < 1 << 28, "\(result)")
    }

    /// Files that are no images, by what they hold; none is there to be read.
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

    @Test(arguments: broken.indices) func filesThatAreNoImages(index: Int) throws {
        try File.write(Self.broken[index].bytes(TinyLines.page().image.pngData()), to: image)
        let result = try read()
        #expect(result.isRefusal(about: image), "\(Self.broken[index].name): \(result)")
    }

    @Test func pathsThatLeadNowhere() throws {
        #expect(try read().isRefusal(about: image))
        let directory = try Ductus.run("read", folder.path, "--model", model)
        #expect(directory.isRefusal(about: folder.path), "\(directory)")
        try TinyLines.page().image.writePNG(to: image)
        let output = folder.file("none/result.txt")
        #expect(try read("--output", output).isRefusal(about: output))
    }

    @Test func modelsThatAreNone() throws {
        try TinyLines.page().image.writePNG(to: image)
        let (detector, reader) = ("\(model)/\(PageReader.detectorName)", "\(model)/\(PageReader.readerName)")
        let sound = try File.readBytes(reader)
        // Each in the other's place, truncated, not weights, a network of another kind.
        try File.write(File.readBytes(detector), to: reader)
        #expect(try read().isRefusal(about: reader))
        try File.write(sound, to: detector)
        #expect(try read().isRefusal(about: detector))
        try WeightsFile.write(TinyModels.detector(), for: .detection, to: detector)
        for bytes in [[], Array(sound.prefix(100)), sound.dropLast(1), Array("{}".utf8)] {
            try File.write(Array(bytes), to: reader)
            let result = try read()
            #expect(result.isRefusal(about: reader), "\(result)")
        }
        try WeightsFile.write(
            MLP(.init(classes: 4, width: 2)), for: .lines, characters: TinyModels.characters, to: reader)
        #expect(try read().isRefusal(about: reader))
        let missing = folder.file("nowhere")
        let result = try Ductus.run("read", image, "--model", missing)
        #expect(result.isRefusal(about: "\(missing)/\(PageReader.detectorName)"), "\(result)")
    }
}
