import DuctusData
import DuctusTestSupport
import Testing

/// Fingerprints of a fixed sample after every transformation. Where one differs, the transformation has changed: raise
/// its `codeVersion`, so that no feature store serves old features, and update the fingerprint here.
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

    @Test func charactersHaveNotChanged() {
        let pixels = Array(image.pixels.prefix(28 * 28))
        let data = CharacterDataset(CharacterImages(pixels: pixels, labels: [1], classNames: ["a", "b"]))
        let result = fingerprint(data.transform(data.raw(0), name: "sample"))
        #expect(CharacterDataset.codeVersion == "characters 1")
        #expect(result == "6400046f7715bcac")
    }

    @Test func linesHaveNotChanged() throws {
        struct NoLines: LineSource {
            let count = 0
            func name(of index: Int) -> String { "" }
            func line(_ index: Int) -> (image: Image, text: String) { preconditionFailure("There is none.") }
        }
        let data = LineDataset(NoLines(), characters: Alphabet("abc"), labelLength: 4)
        let result = fingerprint(try data.transform((image, "cab"), name: "sample"))
        #expect(LineDataset.codeVersion == "lines 1")
        #expect(result == "58225483fa10da92")
    }

    @Test func detectionHasNotChanged() throws {
        let folder = try pages()
        let data = try DetectionDataset(kind: "alto", directory: folder.path, split: "all")
        let result = fingerprint(
            data.transform((image, [Box(x: 10, y: 20, width: 150, height: 30)]), name: "sample"))
        #expect(DetectionDataset.codeVersion == "detection 1")
        #expect(result == "c075647837b0931c")
    }

    @Test func paragraphsHaveNotChanged() throws {
        let folder = try pages()
        let data = try ParagraphDataset(kind: "alto", directory: folder.path, split: "all")
        let result = fingerprint(try data.transform((image, "a\nb"), name: "sample"))
        #expect(ParagraphDataset.codeVersion == "paragraphs 1")
        #expect(result == "429ede25d02fdb8c")
    }

    /// A folder with one page, as data sets of pages need it.
    private func pages() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let page = Page(image: "a.png", lines: [Page.Line(text: "", box: Box(x: 1, y: 2, width: 3, height: 4))])
        try folder.write(PageFormat.alto.render([page]), to: "a.xml")
        return folder
    }
}
