import DuctusHandwriting
import DuctusHandwritingTestSupport
import DuctusTestSupport
import Testing

/// Paragraph recognizers, from files to pages.
@Suite struct ParagraphRecognitionTests {
    private let folder: TemporaryFolder
    private let data: String

    init() throws {
        folder = try TemporaryFolder()
        data = folder.file("data")
        try TinyPages.write(to: data)
    }

    private static let network = ParagraphTransformer.Configuration(
        classes: 5, height: 64, filters: [4, 4, 6, 8], blocks: 1, width: 16, layers: 1, heads: 2, hidden: 16,
        dropout: 0,
        maximumLength: 12)

    private func experiment(
        _ task: ParagraphRecognition, network: ParagraphTransformer.Configuration = network, epochs: Int,
        pages: PageEvaluation
    ) throws -> Experiment {
        var training = TrainingConfiguration()
        (training.epochs, training.batchSize, training.rate) = (epochs, 4, 0.01)
        training.callbacks = [Choice(pages)]
        return try Experiment(
            name: "tiny", task: task, network: ParagraphTransformer.self, network, training: training)
    }

    private func pages(every interval: Int, split: String? = nil) -> PageEvaluation {
        var pages = PageEvaluation()
        (pages.every, pages.split) = (interval, split)
        return pages
    }

    private func train(_ experiment: Experiment) throws -> [EpochRecord] {
        try Run.create(experiment, at: folder.file("run")).train(callbacks: [])
    }

    /// The recognizer with the weights of the last epoch.
    private func recognizer() throws -> any PageRecognizer {
        try pageRecognizer(folder.file("run/\(Checkpoint.lastName)"))
    }

    @Test func recognizersRecognizeWhatValidationMeasured() throws {
        let task = TinyPages.paragraphs(directory: data)
        let history = try train(experiment(task, epochs: 12, pages: pages(every: 2)))
        try #require(history.count == 12)
        #expect(history[11].loss < 0.8 * history[0].loss, "\(history.map(\.loss))")
        #expect(Set(history[1].validation.keys) == ["loss", "characterAccuracy", "pageCER", "pageWER"])
        let file = try WeightsFile(folder.file("run"), for: WholePageReader.task)
        #expect(try file.recipe("input", as: ParagraphInput.self) == task.input)
        #expect(try file.recipe("characters", as: Alphabet.self) == Alphabet("abc\n"))
        var reader = try recognizer()
        let pages = try DetectionDataset(kind: "iam", directory: data, split: "validation")
        let greedy = try Evaluation.pages(reader, on: pages)
        #expect(greedy.pages == 2)
        #expect(history[11].validation["pageCER"] == greedy.cer)
        #expect(greedy.decoder == "best-path")
        reader.decoding = .beam(width: 3)
        let beam = try Evaluation.pages(reader, on: pages)
        #expect(beam.decoder == "beam")
        #expect(beam.beamWidth == 3)
    }

    @Test func linesHaveTheBoxOfTheParagraph() throws {
        _ = try train(experiment(TinyPages.paragraphs(directory: data), epochs: 2, pages: pages(every: 2)))
        for texts in [["ab"], ["abc", "cab", "b"]] {
            let (image, boxes) = TinyPages.page(texts)
            let page = try recognizer().read(image.rgb(), name: "x")
            #expect(page.image == "x")
            #expect(page.width == image.width)
            #expect(page.height == image.height)
            let paragraph = boxes.dropFirst().reduce(boxes[0]) { $0.union($1) }
            for line in page.lines {
                #expect((0...1).contains(try #require(line.confidence)))
                #expect(line.box.intersectionOverUnion(paragraph) > 0.7)
                #expect(!line.text.isEmpty)
                #expect(line.text.allSatisfy { TinyLines.letters.contains($0) })
            }
        }
    }

    /// The network overfits a few paragraphs and recognizes them on whole pages.
    @Test func overfits() throws {
        var task = TinyPages.paragraphs(directory: data)
        (task.data.validation, task.data.paragraphs.count) = ("train", 0)
        var network = Self.network
        network.layers = 2
        var experiment = try experiment(task, network: network, epochs: 150, pages: pages(every: 150, split: "train"))
        (experiment.training.schedule, experiment.training.monitor) = ("constant", "loss")
        let history = try train(experiment)
        #expect(history[149].loss < 0.1, "\(history.map(\.loss))")
        let pages = try DetectionDataset(kind: "iam", directory: data, split: "train")
        #expect(try Evaluation.pages(recognizer(), on: pages).cer < 0.1)
    }

    /// Without real paragraphs, validation uses synthesized ones, too.
    @Test func synthesizedParagraphsSuffice() throws {
        var task = TinyPages.paragraphs(directory: data)
        task.data.paragraphs = ParagraphSynthesis()
        (task.data.paragraphs.count, task.data.paragraphs.validationCount) = (6, 3)
        (task.data.paragraphs.includesPages, task.data.paragraphs.maximumLines) = (false, 1)
        let history = try train(experiment(task, epochs: 1, pages: pages(every: 1)))
        #expect(try #require(history[0].validation["loss"]) > 0)
    }

    @Test(arguments: [
        ("network={\"name\": \"crnn\"}", "the network crnn is not a text generator"),
        ("network.height=96", "key \"input.height\""), ("input.height=32", "key \"input.height\""),
        ("input.scale=0", "input.scale"), ("data.paragraphs.minimumLines=3", "data.paragraphs.minimumLines"),
        ("data.paragraphs.maximumLines=0", "data.paragraphs.m"), ("data.paragraphs.count=-1", "paragraphs.count"),
        ("data.limit=3", "data.limit"), ("characters=ab", "“c”"), ("data.kind=lines", "iam, alto, page"),
        ("data.paragraphs.maximumLength=1", "no page has a line"), ("input.width=3", "no page has a line"),
        ("training.callbacks=[{\"name\": \"pages\", \"split\": \"none\"}]", "train, validation"),
    ])
    func invalidExperimentsAreRefused(change: String, message: String) throws {
        let text = try experiment(TinyPages.paragraphs(directory: data), epochs: 1, pages: pages(every: 1)).text
        let error = try #require(throws: (any Error).self) {
            try train(Experiment(Array(text.utf8), file: "tiny.json", changes: [change]))
        }
        #expect("\(error)".contains(message), "\(error)")
        #expect(!"\(error)".contains("\n"))
    }
}
