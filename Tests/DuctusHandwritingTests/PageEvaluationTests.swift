import DuctusHandwriting
import DuctusHandwritingTestSupport
import DuctusTestSupport
import Testing

/// Whole pages are evaluated while a line detector or line reader is trained.
@Suite struct PageEvaluationTests {
    private let folder: TemporaryFolder
    private let data: String

    init() throws {
        folder = try TemporaryFolder()
        data = folder.file("data")
        try TinyPages.write(to: data)
        try TinyModels.write(to: folder.file("model"))
    }

    private var evaluation: PageEvaluation {
        var evaluation = PageEvaluation()
        evaluation.model = folder.file("model")
        return evaluation
    }

    private func lines(epochs: Int, evaluation: PageEvaluation?, hidden: Int = 4) throws -> Experiment {
        var task = LineRecognition()
        (task.data.directory, task.characters) = (data, TinyLines.letters)
        var training = TrainingConfiguration()
        (training.epochs, training.batchSize, training.rate) = (epochs, 3, 0.02)
        training.callbacks = evaluation.map { [Choice($0)] } ?? []
        return try Experiment(
            name: "tiny", task: task, network: CRNN.self,
            .init(classes: 4, filters: [2, 2, 3, 3, 3], hidden: hidden), training: training)
    }

    private func train(_ experiment: Experiment, at name: String = "run") throws -> [EpochRecord] {
        try Run.create(experiment, at: folder.file(name)).train(callbacks: [])
    }

    private var pages: DetectionDataset {
        get throws { try DetectionDataset(kind: "iam", directory: data, split: "validation") }
    }

    /// The pretrained detector with a trained reader.
    private func pageReader(_ weights: String) throws -> PageReader {
        var reader = try PageReader(directory: folder.file("model"))
        reader.reader = try LineReader(weights)
        return reader
    }

    @Test func recordsTheErrorRatesOfEveryEpoch() throws {
        var experiment = try lines(epochs: 30, evaluation: evaluation, hidden: 8)
        experiment.training.monitor = "pageCER"
        let history = try train(experiment)
        let rates = history.compactMap { $0.validation["pageCER"] }
        try #require(rates.count == 30)
        #expect(Set(history[0].validation.keys).isSuperset(of: ["pageWER", "characterAccuracy"]))
        #expect(Set(rates).count > 1, "\(rates)")
        let lowest = try #require(rates.min())
        let best = try Evaluation.pages(pageReader(folder.file("run")), on: pages)
        #expect(best.pages == 2)
        #expect(abs(best.cer - lowest) < 1e-12)
        let run = try Run.open(folder.file("run"))
        #expect(try run.history == history)
        // The first of equally good epochs is the best.
        #expect(try run.best.epoch == #require(rates.firstIndex(of: lowest)) + 1)
        #expect(try run.best.metrics["pageCER"] == lowest)
    }

    /// Evaluation does not affect training.
    @Test func pagesAreEvaluatedAtIntervals() throws {
        let plain = try train(lines(epochs: 7, evaluation: nil), at: "plain")
        var every = evaluation
        (every.every, every.limit) = (3, 1)
        let history = try train(lines(epochs: 7, evaluation: every))
        #expect(history.map { $0.validation["pageCER"] != nil } == [true, false, true, false, false, true, true])
        #expect(history.map(\.loss) == plain.map(\.loss))
        #expect(plain.allSatisfy { $0.validation["pageCER"] == nil })
        let last = try #require(history.last?.validation["pageCER"])
        let expected = try Evaluation.pages(
            pageReader(folder.file("run/\(Checkpoint.lastName)")), on: pages, limit: 1)
        #expect(expected.pages == 1)
        #expect(abs(expected.cer - last) < 1e-12)
        #expect(try Run.open(folder.file("run")).train(callbacks: []) == history)
    }

    @Test func earlyStoppingMonitorsPages() throws {
        var experiment = try lines(epochs: 30, evaluation: evaluation)
        var stopping = EarlyStopping()
        stopping.patience = 2
        (experiment.training.rate, experiment.training.monitor) = (0, "pageCER")
        experiment.training.callbacks.append(Choice(stopping))
        let rates = try train(experiment).compactMap { $0.validation["pageCER"] }
        let best = try #require(rates.firstIndex(of: rates.min() ?? 9))
        #expect(rates.count < 30)
        #expect(rates.count == best + 3, "\(rates)")
    }

    @Test func detectorsAreEvaluatedOnPages() throws {
        var task = LineDetection()
        (task.data.directory, task.input.flattensPaper) = (data, false)
        var evaluation = evaluation
        (evaluation.every, evaluation.split) = (2, "train")
        evaluation.model = folder.file("model/\(PageReader.readerName)")
        var training = TrainingConfiguration()
        (training.epochs, training.batchSize, training.callbacks) = (2, 2, [Choice(evaluation)])
        let history = try train(
            Experiment(
                name: "tiny", task: task, network: FCN.self, .init(filters: 2, blockSize: 8, dilations: [1, 1]),
                training: training))
        var reader = try PageReader(directory: folder.file("model"))
        reader.detector = try LineDetector(folder.file("run/\(Checkpoint.lastName)"))
        let train = try DetectionDataset(kind: "iam", directory: data, split: "train")
        #expect(history.map { $0.validation["pageCER"] != nil } == [true, true])
        #expect(try Evaluation.pages(reader, on: train).cer == history[1].validation["pageCER"])
        #expect(try WeightsFile(folder.file("run")).recipe("input", as: DetectionInput.self) == .fsdl)
    }

    @Test(arguments: [
        ("training.monitor=pageCEr", "choose one of characterAccuracy, loss, pageCER, pageWER"),
        ("training.monitor=accuracy", "choose one of characterAccuracy, loss"),
        (#"training.callbacks=[{"name": "pages", "every": 0}]"#, "every"),
        (#"training.callbacks=[{"name": "pages", "limit": -1}]"#, "limit"),
        (#"training.callbacks=[{"name": "pages", "split": "none"}]"#, "train, validation"),
        (#"training.callbacks=[{"name": "pages", "kind": "lines"}]"#, "iam, alto, page"),
        (#"training.callbacks=[{"name": "pages", "directory": "$DUCTUS_NOT_SET"}]"#, "NOT_SET"),
        (#"training.callbacks=[{"name": "pages", "model": "/nowhere"}]"#, "/nowhere"),
        ("training.callbacks=2", "training.callbacks"), ("training.startsFrom=/nowhere", "/nowhere"),
    ])
    func invalidExperimentsAreRefused(change: String, message: String) throws {
        let text = try lines(epochs: 1, evaluation: evaluation).text
        let error = try #require(throws: (any Error).self) {
            try train(Experiment(Array(text.utf8), file: "tiny.json", changes: [change]))
        }
        #expect("\(error)".contains(message), "\(error)")
        #expect(!"\(error)".contains("\n"))
    }

    @Test func tasksWithoutPagesAreRefused() throws {
        var task = CharacterRecognition()
        task.data.directory = data
        let training = TrainingConfiguration()
        let experiment = try Experiment(
            name: "digits", task: task, network: MLP.self, .init(classes: 3), training: training)
        let network = MLP(.init(classes: 3))
        let samples = ExampleCache(examples: [], names: [], expectation: Expectation(shape: [28, 28, 1], classes: 3))
        let plan = try TrainingPlan(
            network, for: task, loss: .softmaxCrossEntropy, metrics: [.accuracy],
            training: BatchLoader(samples, batchSize: 1, shuffles: false))
        let context = CallbackContext(
            experiment: experiment, plan: plan, monitor: Monitor(name: "accuracy", higherIsBetter: true), directory: "")
        let error = try #require(throws: ConfigurationError.self) { try evaluation.callback(for: context) }
        #expect(error.description.contains("not for characters"))
    }
}
