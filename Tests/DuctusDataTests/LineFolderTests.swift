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

    @Test(arguments: ["a\tb\tc.png", "a\tb\tc.png\t", "a\tb\t../c.png\tx", "a\tb\t/c.png\tx", "train\tp1\ta.png\tx"])
    func malformedLinesAreNumbered(line: String) throws {
        try folder.write("split\tpage\timage\ttext\ntrain\tp1\ta.png\tx\n\(line)\n", to: "lines.tsv")
        let error = #expect(throws: DatasetError.self) { try LineFolder(directory: folder.path) }
        #expect(error?.description.hasPrefix("\(folder.path)/lines.tsv, line 3: ") == true)
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
