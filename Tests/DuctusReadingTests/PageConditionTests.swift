import DuctusHandwriting
import DuctusHandwritingTestSupport
import DuctusTestSupport
import Testing

/// The same page under another light, or with light writing on a dark background.
@Suite struct PageConditionTests {
    private static let reader = PageReader(
        detector: LineDetector(network: TinyModels.detector()),
        reader: LineReader(network: TinyModels.reader(), characters: TinyModels.characters))

    private static let conditions: [(name: String, change: @Sendable (_ pixel: UInt8, _ x: Int, _ y: Int) -> UInt8)] = [
        ("inverted", { pixel, _, _ in 255 - pixel }),
        ("darker to the right", { pixel, x, _ in UInt8(Int(pixel) * (1000 - x) / 1000) }),
        ("on gray paper", { pixel, _, _ in UInt8(Int(pixel) * 3 / 5) }),
    ]

    @Test(arguments: conditions.indices) func linesAreFoundAsOnTheCleanPage(index: Int) {
        var page = TinyLines.page().image
        let expected = Self.reader.read(page)
        for y in 0..<page.height {
            for x in 0..<page.width { page[x, y] = Self.conditions[index].change(page[x, y], x, y) }
        }
        let found = Self.reader.read(page)
        #expect(found.lines.count == expected.lines.count, "\(Self.conditions[index].name)")
        for (line, original) in zip(found.lines, expected.lines) {
            #expect(line.text == original.text)
            #expect(line.box.intersectionOverUnion(original.box) > 0.8, "\(Self.conditions[index].name)")
        }
    }
}
