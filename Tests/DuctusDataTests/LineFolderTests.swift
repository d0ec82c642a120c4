import DuctusData
import DuctusTestSupport
import Testing

@Suite struct LineFolderTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func linesAreRead() throws {
        try folder.write("train\tp1\ta.png\tLa Fédération\nvalidation\tp2\tb.png\tdu Laos.\n", to: "lines.tsv")
        try folder.write([1], to: "lines/a.png")
        let lines = try LineFolder(directory: folder.path)
        #expect(lines.splitNames == ["train", "validation"])
        let train = try lines.split(named: "train")
        #expect(train.map(\.text) == ["La Fédération"])
        #expect(train.map(\.page) == ["p1"])
        #expect(train[0].imagePath == folder.path + "/lines/a.png")
        #expect(train[0].hasImage)
        #expect(try lines.split(named: "validation").map(\.hasImage) == [false])
        let unknown = #expect(throws: DatasetError.self) { try lines.split(named: "test") }
        #expect(unknown?.description.contains("choose one of train, validation") == true)
    }

    @Test(arguments: ["a\tb\tc.png", "a\t\tc.png\tx", "a\tb\t../c.png\tx", "a\tb\t/c.png\tx", "train\tp1\ta.png\tx"])
    func malformedLinesAreNumbered(line: String) throws {
        try folder.write("split\tpage\timage\ttext\ntrain\tp1\ta.png\tx\n\(line)\n", to: "lines.tsv")
        let error = #expect(throws: DatasetError.self) { try LineFolder(directory: folder.path) }
        #expect(error?.description.hasPrefix("\(folder.path)/lines.tsv, line 3: ") == true)
    }

    private func read(_ table: [UInt8]) throws -> LineFolder {
        try folder.write(table, to: "lines.tsv")
        return try LineFolder(directory: folder.path)
    }

    @Test(arguments: [" ", "", "\u{A0}", "\u{FEFF}\u{200B} "]) func rowsWithoutTextAreLeftOut(text: String) throws {
        let lines = try read(Array("test\tp\ta.png\tx\ntest\tp\tb.png\t\(text)\n".utf8))
        #expect(lines.lines.map(\.text) == ["x"])
        #expect(lines.notes.count == 1)
        #expect(lines.notes.first?.contains("row 2") == true)
    }

    /// What spreadsheets make of tables: marks around fields, line ends, byte order marks, cells that fill rows up.
    @Test(arguments: ["\n", "\r\n"]) func spreadsheetsAreUnderstood(end: String) throws {
        let texts = ["plain", "he said \"no\"", "\"Yes\""]
        let rows = texts.enumerated().map { "test\tp\t\($0.offset).png\t\($0.element)" }
        func quoted(_ field: String) -> String { "\"" + field.replacing("\"", with: "\"\"") + "\"" }
        let all = rows.map { $0.split(separator: "\t").map { quoted(String($0)) }.joined(separator: "\t") }
        let some = zip(rows, texts).map { row, text in
            text.contains("\"") ? row.dropLast(text.count) + quoted(text) : row
        }
        for table in [rows.map { $0 + "\t\t" }, all, some] {
            let text = table.joined(separator: end) + end + "\t\t\t" + end
            let utf16: [[UInt8]] = text.utf16.map { unit in [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
            let littleEndian: [UInt8] = [0xFF, 0xFE] + utf16.joined()
            let bigEndian: [UInt8] = [0xFE, 0xFF] + utf16.flatMap { $0.reversed() }
            let marked: [UInt8] = [0xEF, 0xBB, 0xBF] + Array(text.utf8)
            for bytes in [Array(text.utf8), marked, littleEndian, bigEndian] {
                let lines = try read(bytes)
                #expect(lines.lines.map(\.text) == texts)
                #expect(lines.lines.map(\.page) == ["p", "p", "p"])
                #expect(lines.notes.count == 1)
            }
        }
    }

    /// Only the texts are enclosed, under names that are not.
    @Test func aRowOfNamesIsNoText() throws {
        let lines = try read(Array("split\tpage\timage\ttext\ntest\tp\ta.png\t\"x y\"\n".utf8))
        #expect(lines.lines.map(\.text) == ["x y"])
        let quoted = "\"split\"\t\"page\"\t\"image\"\t\"text\"\n\"test\"\t\"p\"\t\"a.png\"\t\"x\"\n"
        #expect(try read(Array(quoted.utf8)).lines.map(\.text) == ["x"])
    }

    @Test func rowsWithoutAnyTextAreAnError() throws {
        let lines = try read(Array("test\tp\ta.png\t \n".utf8))
        let error = #expect(throws: DatasetError.self) { try lines.split(named: "test") }
        #expect(error?.description.contains("lines with a text in \(folder.path)/lines.tsv") == true)
    }

    /// Direct speech is no reason to take marks away.
    @Test func marksThatBelongToTheTextAreKept() throws {
        let texts = ["\"Yes,\" he said", "\"No\"", "plain"]
        let rows = texts.enumerated().map { "test\tp\t\($0.offset).png\t\($0.element)\n" }.joined()
        let lines = try read(Array(rows.utf8))
        #expect(lines.lines.map(\.text) == texts)
        #expect(lines.notes.count == 1)
        let others = try read(Array("test\tp\ta.png\t\"Yes,\" he said\n".utf8))
        #expect(others.notes == [])
    }

    @Test func missingImagesAreAnErrorIfNoneIsLeft() throws {
        try folder.write("test\tp\ta.png\tx\n", to: "lines.tsv")
        let error = #expect(throws: DatasetError.self) {
            try LineDataset(kind: "lines", directory: folder.path, split: "test")
        }
        #expect(error?.description.hasPrefix(folder.file("lines/a.png")) == true)
    }

    @Test func aMissingFolderIsAnsweredWithItsLayout() {
        let error = #expect(throws: DatasetError.self) { try LineFolder(directory: folder.path) }
        #expect(error?.description.contains("split, page, image and text") == true)
    }

    @Test(.enabled(if: sharedData != nil, "DUCTUS_DATA is not set"))
    func aLargeFolderIsRead() throws {
        let lines = try LineFolder(directory: #require(sharedData) + "/copiste")
        #expect(lines.lines.count == 4530)
        #expect(try lines.split(named: "validation").count == 398)
    }
}
