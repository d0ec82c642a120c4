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

    @Test func writesLines() throws {
        let output = folder.file("lines")
        let result = try Ductus.run(
            "synthesize", "lines", "--output", output, "--count", "5", "--seed", "3", "--text", text, "--words", "2-3",
            "--split", "extra", "--fonts", fonts)
        #expect(result.status == 0 && result.output == "\(output)\n" && result.errors.hasPrefix("5 of 5 lines, "))
        let lines = try LineFolder(directory: output).split(named: "extra")
        #expect(lines.count == 5 && lines.allSatisfy { (2...3).contains($0.text.split(separator: " ").count) })
        #expect(try Image(contentsOf: lines[4].imagePath).height == 64)
        let again = try Ductus.run(
            "synthesize", "lines", "--output", output, "--count", "5", "--text", text, "--fonts", fonts)
        #expect(again.isRefusal(about: output), "\(again)")
    }

    @Test func wordsThatCannotBeWrittenAreCounted() throws {
        try File.write(Array("the café pen Quay".utf8), to: text)
        let result = try Ductus.run(
            "synthesize", "lines", "--output", folder.file("lines"), "--count", "2", "--text", text, "--fonts", fonts)
        #expect(result.status == 0)
        #expect(result.errors.hasPrefix("2 words are left out, which no font can write, such as “café”.\n"))
    }

    @Test func whatIsNotThereIsRefused() throws {
        let output = folder.file("lines")
        let noText = try Ductus.run(
            "synthesize", "lines", "--output", output, "--count", "5", "--text", folder.file("no.txt"), "--fonts", fonts
        )
        #expect(noText.isRefusal(about: folder.file("no.txt")), "\(noText)")
        let noFonts = try Ductus.run(
            "synthesize", "lines", "--output", output, "--count", "5", "--text", text, "--fonts", folder.path)
        #expect(noFonts.isRefusal(about: folder.path), "\(noFonts)")
        #expect(try folder.contents == ["text.txt"])
    }
}
