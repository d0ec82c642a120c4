import DuctusHandwriting
import DuctusTestSupport
import Testing

/// Known lines that do not lie straight, read with the weights that ship.
@Suite struct SlantedLinesTests {
    @Test func theyAreStraightenedAlongTheirBaselines() throws {
        let root = File.directory(of: File.directory(of: File.directory(of: #filePath)))
        var random = RandomStream(seed: 1)
        let turned = try #require(PageCondition.named("rotated-5"))
        let page = turned.apply(try Image(contentsOf: "\(root)/Examples/SamplePage/sample.png"), using: &random)
        let pages = try PageReader.pretrained()
        let found = pages.read(page)
        let known = pages.reader.read(found.lines, on: page)
        var errors = TextMetrics()
        errors.add(known.map(\.text).joined(separator: "\n"), reference: found.text)
        #expect(errors.cer < 0.03, "\(known.map(\.text)) instead of \(found.text)")
        // Words lie along the baseline too.
        for (line, other) in zip(known, found.lines) where line.text == other.text {
            for (word, original) in zip(line.words, other.words) {
                #expect(word.box.intersectionOverUnion(original.box) > 0.5, "\(word.text)")
            }
        }
    }
}
