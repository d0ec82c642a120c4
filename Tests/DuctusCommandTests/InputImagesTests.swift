import DuctusHandwriting
import DuctusHandwritingTestSupport
import DuctusTestSupport
import Testing

/// What `ductus read` does with several inputs, of which some are not what they should be.
@Suite struct InputImagesTests {
    private let folder: TemporaryFolder
    private let model: String

    init() throws {
        folder = try TemporaryFolder()
        model = folder.file("model")
        try TinyModels.write(to: model)
        try File.createDirectory(folder.file("scans"))
        for name in ["b.png", "a.PNG"] { try TinyLines.page().image.writePNG(to: folder.file("scans/\(name)")) }
        try folder.write("notes", to: "scans/notes.txt")
    }

    private func read(_ arguments: String..., input: String = "/dev/null", output: String? = nil) throws
        -> Ductus.Result
    {
        try Ductus.Run(["read"] + arguments + ["--model", model], input: input, output: output).wait()
    }

    @Test func aDirectoryStandsForItsImages() throws {
        let result = try read(folder.file("scans"), "--format", "JSON")
        result.expectSuccess()
        let pages: [Page] = try result.output.split(separator: "\n").map {
            try JSONText(parsing: Array($0.utf8)).decoded(file: "output")
        }
        #expect(pages.map(\.image) == ["a.PNG", "b.png"].map { folder.file("scans/\($0)") })
    }

    @Test func aDirectoryWithoutImagesIsRefused() throws {
        try File.createDirectory(folder.file("empty"))
        try read(folder.file("empty")).expectRefusal(about: folder.file("empty"))
    }

    @Test func aDashIsStandardInput() throws {
        let result = try read("-", input: folder.file("scans/b.png"))
        result.expectSuccess()
        #expect(result.output == "a\na\na\n")
    }

    @Test func aBrokenImageCostsOnlyItself() throws {
        let broken = try folder.write(Array(File.readBytes(folder.file("scans/b.png")).dropLast(50)), to: "broken.png")
        let result = try read(folder.file("scans/a.PNG"), broken, folder.file("scans/b.png"))
        #expect(result.status == 1)
        #expect(result.output == "a\na\na\n\u{0C}a\na\na\n")
        #expect(result.errors.hasPrefix("ductus: \(broken): "))
        #expect(result.errors.split(separator: "\n").count == 1)
    }

    @Test func whatCanBeReadIsWrittenToTheOutput() throws {
        let output = folder.file("all.json")
        let result = try read(folder.file("scans/b.png"), folder.file("missing.png"), "--format", "json", "-o", output)
        #expect(result.status == 1)
        let page: Page = try JSONText(parsing: File.readBytes(output)).decoded(file: output)
        #expect(page.lines.count == 3)
    }

    @Test(arguments: ["--output", "--overlay", "-o"])
    func anInputIsNeverOverwritten(option: String) throws {
        let image = folder.file("scans/b.png")
        let before = try File.readBytes(image)
        let result = try read(image, option, folder.file("scans/../scans/b.png"))
        #expect(result.status == 2)
        #expect(result.errors.contains("is an input"))
        #expect(try File.readBytes(image) == before)
    }

    /// Nor one that a directory stands for, nor standard input.
    @Test func anInputInADirectoryIsNeverOverwritten() throws {
        let image = folder.file("scans/b.png")
        let before = try File.readBytes(image)
        for option in ["--output", "--overlay"] {
            let result = try read(folder.file("scans"), option, image)
            #expect(result.status == 2)
            #expect(try File.readBytes(image) == before)
        }
        #expect(try read("-", "-o", image, input: image).status == 2)
        #expect(try File.readBytes(image) == before)
    }

    @Test func aFullDiskIsReported() throws {
        guard File.exists("/dev/full") else { return }
        let result = try read(folder.file("scans/b.png"), output: "/dev/full")
        #expect(result.status == 1)
        #expect(result.errors.hasPrefix("ductus: standard output: "))
    }

    /// A page with writing on which the detector finds nothing is probably a single line.
    @Test func writingWithoutLinesIsReported() throws {
        var image = Image(width: 400, height: 300, filledWith: 250)
        for row in 100..<103 {
            for column in 150..<153 { image[column, row] = 10 }
        }
        let path = folder.file("speck.png")
        try image.writePNG(to: path)
        let result = try read(path)
        #expect(result.status == 0)
        #expect(result.output.isEmpty)
        #expect(result.errors.contains("--lines"))
    }

    @Test func anEmptyPageIsNoReasonToComplain() throws {
        let path = folder.file("empty.png")
        try Image(width: 400, height: 300, filledWith: 250).writePNG(to: path)
        let result = try read(path)
        result.expectSuccess()
        #expect(result.output.isEmpty)
    }

    @Test func commandsThatDoNotExistAreCorrected() throws {
        let result = try Ductus.run("raed", "page.png")
        #expect(result.status == 2)
        #expect(result.errors.contains("did you mean \"read\"?"))
    }

    @Test func theVersionIsPrinted() throws {
        let result = try Ductus.run("--version")
        result.expectSuccess()
        #expect(result.output == "\(Release.version)\n")
    }
}
