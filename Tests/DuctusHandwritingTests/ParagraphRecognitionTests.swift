import DuctusHandwriting
import DuctusHandwritingTestSupport
import DuctusTestSupport
import Testing

/// Networks that read whole paragraphs, from files to pages.
@Suite struct WholeParagraphTests {
    private let folder: TemporaryFolder
    private let data: String

    init() throws {
        folder = try TemporaryFolder()
        data = folder.file("data")
        try TinyPages.write(to: data)
    }

    private func configuration(
        epochs: Int, paragraphs: String = #"{"count": 12, "maximumLines": 2}"#, training: String = ""
    ) -> String {
        """
        {"name": "tiny", "task": "paragraphs", "characters": "abc", "data": {"kind": "iam", "directory": "\(data)",
            "paragraphs": \(paragraphs)},
         "paragraph": {"height": 64, "width": 64, "scale": 0.5},
         "network": {"name": "paragraphTransformer", "height": 64, "filters": [4, 4, 6, 8], "blocks": 1, "width": 16,
            "layers": 1, "heads": 2, "hidden": 16, "dropout": 0, "maximumLength": 12},
         "training": {"epochs": \(epochs), "batchSize": 4, "rate": 0.01, "pages": {"every": 2}\(training)}}
        """
    }

    private func run(_ text: String, in name: String = "run", changes: [String] = []) throws -> [EpochRecord] {
        let file = try ExperimentFile(Array(text.utf8), path: "tiny.json", changes: changes)
        return try Experiment(file, directory: folder.file(name)).run(callbacks: [])
    }

    @Test func fromFilesToPages() throws {
        let history = try run(configuration(epochs: 12))
        #expect(history.count == 12 && history[11].loss < 0.8 * history[0].loss, "\(history.map(\.loss))")
        #expect(Set(history[1].validation.keys) == ["loss", "characterAccuracy", "pageCER", "pageWER"])
        let file = try WeightsFile(folder.file("run"), for: .paragraphs)
        #expect(file.paragraph == ParagraphInput(height: 64, width: 64, scale: 0.5))
        #expect(file.characters == Alphabet("abc\n"))
        let reader = try pageRecognizer(folder.file("run/\(Checkpoint.lastName)"))
        let pages = try DetectionDataset(kind: "iam", directory: data, split: "validation")
        let result = try Evaluation.pages(reader, on: pages)
        #expect(result.pages == 2 && result.cer == history[11].validation["pageCER"] && result.decoder == "best-path")
        var beam = reader
        beam.decoding = .beam(width: 3)
        let searched = try Evaluation.pages(beam, on: pages)
        #expect(searched.decoder == "beam" && searched.beamWidth == 3)
        for texts in [["ab"], ["abc", "cab", "b"]] {
            let (image, boxes) = TinyPages.page(texts)
            let reading = reader.read(image.rgb(), name: "x")
            #expect(reading.image == "x" && reading.width == image.width && reading.height == image.height)
            let paragraph = boxes.dropFirst().reduce(boxes[0]) { $0.union($1) }
            for line in reading.lines {
                #expect(0...1 ~= line.confidence && line.box.intersectionOverUnion(paragraph) > 0.7)
                #expect(!line.text.isEmpty && line.text.allSatisfy { TinyLines.letters.contains($0) })
            }
        }
    }

    /// A network learns the lines of a few paragraphs by heart, and reads them from whole pages without being told
    /// where they are.
    @Test func learnsParagraphsByHeart() throws {
        let text = configuration(
            epochs: 150, paragraphs: #"{"count": 0}"#,
            training: #", "schedule": "constant", "monitor": "loss""#
        ).replacing(#""every": 2"#, with: #""every": 150, "split": "train""#)
            .replacing(#""layers": 1"#, with: #""layers": 2"#)
        let history = try run(text, changes: ["data.validation=train"])
        #expect(history[149].loss < 0.1, "\(history.map(\.loss))")
        let pages = try DetectionDataset(kind: "iam", directory: data, split: "train")
        let result = try Evaluation.pages(pageRecognizer(folder.file("run/\(Checkpoint.lastName)")), on: pages)
        #expect(result.cer < 0.1, "\(result)")
    }

    /// Where every line is made up, validation is with lines of the other split.
    @Test func madeUpParagraphsAlone() throws {
        let history = try run(
            configuration(
                epochs: 1,
                paragraphs: #"{"count": 6, "includesPages": false, "validationCount": 3, "maximumLines": 1}"#))
        #expect(history[0].validation["loss"].map { $0 > 0 } == true)
    }

    @Test(arguments: [(1, 1), (40, 900), (900, 40)]) func aBlankPageHasNoLines(width: Int, height: Int) {
        let network = ParagraphTransformer(
            .init(
                classes: 5, height: 64, filters: [1, 1, 1, 1], blocks: 1, width: 4, layers: 1, heads: 1, hidden: 2,
                maximumLength: 3))
        let reader = WholePageReader(
            network: network, characters: Alphabet("abc\n"), input: .init(height: 64, width: 64, scale: 1))
        let page = reader.read(Image(width: width, height: height, filledWith: 255), name: "blank")
        #expect(page == Page(image: "blank", width: width, height: height, lines: []))
    }

    @Test(arguments: [
        ("network={\"name\": \"crnn\"}", "writes no paragraphs"), ("network.height=96", "key \"paragraph.height\""),
        ("paragraph.height=32", "key \"paragraph.height\""), ("paragraph.scale=0", "paragraph.scale"),
        ("data.paragraphs.minimumLines=3", "data.paragraphs.minimumLines"),
        ("data.paragraphs.maximumLines=0", "data.paragraphs.m"), ("data.paragraphs.count=-1", "paragraphs.count"),
        ("data.limit=3", "data.limit"), ("characters=ab", "“c”"), ("data.kind=lines", "iam, alto, page"),
        ("data.paragraphs.maximumLength=1", "no page has a line"), ("paragraph.width=3", "no page has a line"),
        ("training.pages.split=none", "train, validation"),
    ])
    func mistakes(change: String, message: String) throws {
        let error = #expect(throws: (any Error).self) { try run(configuration(epochs: 1), changes: [change]) }
        let description = error.map { "\($0)" } ?? ""
        #expect(description.contains(message) && !description.contains("\n"), "\(description)")
    }

    /// What a path names is what reads.
    @Test func pageReaders() throws {
        try TinyModels.write(to: folder.file("model"))
        #expect(try pageRecognizer(folder.file("model")) is PageReader)
        let digits = folder.file("digits.safetensors")
        try WeightsFile.write(
            MLP(.init(classes: 4, width: 2)), for: .characters, characters: TinyModels.characters, to: digits)
        let error = #expect(throws: ArchiveError.self) { try pageRecognizer(digits) }
        #expect(isOneSentence(error?.description ?? "", about: digits))
        let lines = #expect(throws: ArchiveError.self) {
            try WholePageReader("\(folder.file("model"))/\(PageReader.readerName)")
        }
        #expect(lines?.description.contains("paragraphs is needed") == true)
    }
}
