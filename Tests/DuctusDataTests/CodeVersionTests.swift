import DuctusData
import DuctusTestSupport
import Testing

/// What every transformation makes of a fixed sample. Where this fails, a transformation makes other numbers than it
/// did: raise its `codeVersion`, so that no feature store serves the old ones, and write the new fingerprint down here.
@Suite struct CodeVersionTests {
    /// Stripes and curves, dark on light.
    private let image: Image = {
        var image = Image(width: 190, height: 61, filledWith: 255)
        for y in 0..<61 {
            for x in 0..<190 { image[x, y] = UInt8((13 * y + 7 * x * x) % 251) }
        }
        return image
    }()

    /// The first digits of the hash of shapes, labels and inputs, the last to three digits.
    private func fingerprint(_ example: Example) -> String {
        let inputs = example.input.scalars.map { Int(($0 * 1000).rounded()) }
        let text = "\(example.input.shape) \(inputs) \(example.labels.shape) \(example.labels.scalars)"
        return String(ContentHash(text).description.prefix(16))
    }

    @Test func characters() {
        let pixels = Array(image.pixels.prefix(28 * 28))
        let data = CharacterDataset(CharacterImages(pixels: pixels, labels: [1], classNames: ["a", "b"]))
        let result = fingerprint(data.transform(data.raw(0), name: "sample"))
        #expect((CharacterDataset.codeVersion, result) == ("characters 1", "6400046f7715bcac"))
    }

    @Test func lines() throws {
        struct NoLines: LineSource {
            let count = 0
            func name(of index: Int) -> String { "" }
            func line(_ index: Int) -> (image: Image, text: String) { preconditionFailure("There is none.") }
        }
        let data = LineDataset(NoLines(), characters: Alphabet("abc"), labelLength: 4)
        let result = fingerprint(try data.transform((image, "cab"), name: "sample"))
        #expect((LineDataset.codeVersion, result) == ("lines 1", "58225483fa10da92"))
    }

    @Test func detection() throws {
        let folder = try pages()
        let data = try DetectionDataset(kind: "alto", directory: folder.path, split: "all")
        let result = fingerprint(
            data.transform((image, [Box(x: 10, y: 20, width: 150, height: 30)]), name: "sample"))
        #expect((DetectionDataset.codeVersion, result) == ("detection 1", "c075647837b0931c"))
    }

    @Test func paragraphs() throws {
        let folder = try pages()
        let data = try ParagraphDataset(kind: "alto", directory: folder.path, split: "all")
        let result = fingerprint(try data.transform((image, "a\nb"), name: "sample"))
        #expect((ParagraphDataset.codeVersion, result) == ("paragraphs 1", "429ede25d02fdb8c"))
    }

    /// A folder with one page, as data sets of pages want it.
    private func pages() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.write(
            """
            <alto><Description><MeasurementUnit>pixel</MeasurementUnit></Description><Layout><Page><PrintSpace><TextBlock>
            <TextLine HPOS="1" VPOS="2" WIDTH="3" HEIGHT="4"/></TextBlock></PrintSpace></Page></Layout></alto>
            """, to: "a.xml")
        return folder
    }
}
