import DuctusHandwriting
import DuctusHandwritingTestSupport
import DuctusTestSupport
import Testing

/// Reading lines whose places are known.
@Suite struct KnownLinesTests {
    @Test func everyLineIsReadWhereItIs() throws {
        let folder = try TemporaryFolder()
        try TinyModels.writeReader(to: folder.file("reader"))
        let (image, boxes) = TinyLines.page()
        let outline = Polygon([.init(x: 40, y: 60), .init(x: 460, y: 60), .init(x: 460, y: 110), .init(x: 40, y: 110)])
        let lines = [
            Page.Line(id: "outline", text: "?", box: boxes[0], baseline: [.init(x: 1, y: 2)], polygon: outline),
            Page.Line(
                id: "box", text: "?", box: boxes[1], words: [Page.Word(text: "?", box: boxes[1])]),
            Page.Line(id: "outside", text: "?", confidence: 1, box: Box(x: 900, y: 900, width: 9, height: 9)),
            Page.Line(id: "empty", text: "?", box: Box(x: 9, y: 9, width: 0, height: 0), polygon: Polygon([])),
        ]
        var reported: [String?] = []
        let read = try LineReader(folder.file("reader")).read(lines, on: image) { reported.append($0.id) }
        #expect(read.map(\.text) == ["a", "a", "", ""])
        #expect(read.map { $0.confidence != nil } == [true, true, false, false])
        #expect(read.map(\.box) == lines.map(\.box))
        #expect(read.map(\.polygon) == lines.map(\.polygon))
        #expect(read.map(\.baseline) == lines.map(\.baseline))
        // Words are those of the new text, where they are on the page.
        #expect(read.map { $0.words.map(\.text) } == [["a"], ["a"], [], []])
        for (line, known) in zip(read, [outline.box, image.region(ofLine: boxes[1])]) {
            for word in line.words { #expect(word.box.intersection(known) == word.box) }
        }
        #expect(reported == lines.map(\.id))
    }
}
