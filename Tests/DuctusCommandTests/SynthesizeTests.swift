import DuctusHandwriting
import DuctusTestSupport
import Testing

@Suite struct SynthesizeTests {
    private let folder: TemporaryFolder
    private let text: String
    private let fonts: String

    init() throws {
        folder = try TemporaryFolder()
        text = folder.file("text.txt")
        try File.write(Array("the pen moves\nover the page".utf8), to: text)
        let directory = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
        fonts = "/\(directory)/Fixtures/fonts"
    }

    @Test func linesAreWritten() throws {
        let output = folder.file("lines")
        let result = try Ductus.run(
            "synthesize", "lines", "--output", output, "--count", "5", "--seed", "3", "--text", text, "--words", "2-3",
            "--split", "extra", "--fonts", fonts)
        #expect(result.status == 0)
        #expect(result.output == "\(output)\n")
        #expect(result.errors.hasPrefix("5 of 5 lines, "))
        let lines = try LineFolder(directory: output).split(named: "extra")
        try #require(lines.count == 5)
        #expect(lines.allSatisfy { (2...3).contains($0.text.split(separator: " ").count) })
        #expect(try Image(contentsOf: lines[4].imagePath).height == 64)
        let again = try Ductus.run(
            "synthesize", "lines", "--output", output, "--count", "5", "--text", text, "--fonts", fonts)
        again.expectRefusal(about: output)
    }

    @Test func skippedWordsAreReported() throws {
        try File.write(Array("the café pen Quay".utf8), to: text)
        let result = try Ductus.run(
            "synthesize", "lines", "--output", folder.file("lines"), "--count", "2", "--text", text, "--fonts", fonts)
        #expect(result.status == 0)
        #expect(
            result.errors.hasPrefix("Skipping 2 words with characters that no font has, such as “café”.\n"), "\(result)"
        )
    }

    @Test func missingFilesAreRefused() throws {
        let output = folder.file("lines")
        let noText = try Ductus.run(
            "synthesize", "lines", "--output", output, "--count", "5", "--text", folder.file("no.txt"), "--fonts", fonts
        )
        noText.expectRefusal(about: folder.file("no.txt"))
        let noFonts = try Ductus.run(
            "synthesize", "lines", "--output", output, "--count", "5", "--text", text, "--fonts", folder.path)
        noFonts.expectRefusal(about: folder.path)
        #expect(try folder.contents == ["text.txt"])
    }
}
