import DuctusData
import DuctusSynthesis
import DuctusTestSupport
import Testing

@Suite struct FontLinesTests {
    private func lines(count: Int = 24, seed: UInt64 = 1, text: String = TestFont.text) throws -> FontLines {
        try FontLines(
            [TestFont.tally(), TestFont.joined()], text: text, words: 2...4, count: count, height: 32, seed: seed)
    }

    @Test func linesAreImagesWithTheirTexts() throws {
        let lines = try lines()
        for index in 0..<lines.count {
            let (image, text) = try lines.line(index)
            #expect(image.height == 32)
            #expect(image.channels == 1)
            #expect(image.width > 32)
            #expect((2...4).contains(text.split(separator: " ").count))
            #expect(!text.contains("  "))
            #expect(lines.fonts.contains { $0.missingCharacters(in: text).isEmpty })
            let paper = image.pixels.sorted()[image.pixels.count * 7 / 10]
            #expect((0.01...0.4).contains(image.inkShare), "\(text)")
            #expect(paper > 190, "\(text)")
        }
    }

    @Test func linesDependOnlyOnSeedAndIndex() throws {
        let whole = try lines()
        let fewer = try lines(count: 5)
        for index in [4, 0, 3] {
            #expect(try whole.line(index) == fewer.line(index))
            #expect(try whole.line(index) != whole.line(index + 5))
            #expect(try whole.line(index) != lines(seed: 2).line(index))
        }
    }

    @Test func everyCharacterIsWrittenSometimes() throws {
        let font = try TestFont.tally()
        let wording = try #require(Wording(["the", "pen"], for: font))
        var random = RandomStream(seed: 1)
        var seen: Set<Unicode.Scalar> = []
        for _ in 0..<3000 { seen.formUnion(wording.text(of: 2...9, using: &random).unicodeScalars) }
        let others = font.characters.filter { !$0.properties.isLowercase }
        #expect(others.isSubset(of: seen), "\(others.subtracting(seen))")
        #expect(others.count > 40)
        #expect(seen.isSubset(of: font.characters.union([" "])))
    }

    @Test func wordsAreConsecutive() throws {
        let words = TestFont.text.split(separator: " ").map(String.init)
        let wording = try #require(Wording(words, for: TestFont.tally()))
        var random = RandomStream(seed: 1)
        let spans = (0..<200).count { _ in
            " \(TestFont.text) ".contains(" \(wording.text(of: 2...3, using: &random)) ")
        }
        #expect((130...190).contains(spans), "\(spans) of 200 are as they stand in the text")
    }

    @Test func unwritableWordsAreSkipped() throws {
        let lines = try lines(text: "Quo vadis & pen Quo")
        #expect(lines.skippedWords == ["Quo", "&"])
        for index in 0..<lines.count {
            let text = try lines.line(index).text
            #expect(!text.contains("Q"))
            #expect(!text.contains("&"))
        }
        #expect(throws: SynthesisError.unwritable(fonts: 2)) { try self.lines(text: "Q & *") }
        #expect(throws: SynthesisError.unwritable(fonts: 2)) { try self.lines(text: "") }
    }

    @Test func foldersDoNotDependOnThreads() throws {
        var contents: [[[UInt8]]] = []
        for threads in [1, 2, 5] {
            let folder = try TemporaryFolder()
            let path = folder.file("a/b")
            try onThreads(threads) { try lines().write(to: path) }
            let names = File.names(in: "\(path)/lines").map { "lines/\($0)" } + ["lines.tsv"]
            #expect(names.count == 25)
            contents.append(try names.map { Array($0.utf8) + (try File.readBytes("\(path)/\($0)")) })
        }
        #expect(contents[0] == contents[1])
        #expect(contents[0] == contents[2])
    }

    @Test func foldersRoundTrip() throws {
        let folder = try TemporaryFolder()
        let lines = try lines(count: 9)
        var reported: [Int] = []
        try lines.write(to: folder.path, split: "extra") { reported.append($0) }
        #expect(reported == [9])
        #expect(try folder.contents == ["lines", "lines.tsv"])
        let read = try LineFolder(directory: folder.path)
        #expect(read.splitNames == ["extra"])
        #expect(read.lines.count == 9)
        for (index, line) in read.lines.enumerated() {
            let (image, text) = try lines.line(index)
            #expect(try Image(contentsOf: line.imagePath) == image)
            #expect(line.text == text)
        }
        let data = try LineDataset(kind: "lines", directory: folder.path, split: "extra")
        #expect(try (0..<9).allSatisfy { try data.transformed($0).labels.count == lines.line($0).text.count })
        #expect(throws: SynthesisError.occupied(folder: folder.path)) { try lines.write(to: folder.path) }
    }

    @Test func interruptedWritesCanBeRestarted() throws {
        let folder = try TemporaryFolder()
        let lines = try lines(count: 3)
        try File.createDirectory(folder.file("lines"))
        try File.write([1, 2, 3], to: folder.file("lines/synthetic-1-000001.png"))
        try lines.write(to: folder.path)
        #expect(try Image(contentsOf: folder.file("lines/synthetic-1-000001.png")) == lines.line(1).image)
    }

    @Test func foldersThatCannotBeCreatedThrow() throws {
        let folder = try TemporaryFolder()
        try File.write([1], to: folder.file("file"))
        #expect(throws: FileError.self) { try lines(count: 1).write(to: folder.file("file/lines")) }
    }
}
