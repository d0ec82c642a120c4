import DuctusHandwriting
import DuctusHandwritingTestSupport
import DuctusTestSupport
import Testing

/// Whole pages are read during trainings of one half, or of a network that does both.
@Suite struct PageEvaluationTests {
    private let folder: TemporaryFolder
    private let data: String

    init() throws {
        folder = try TemporaryFolder()
        data = folder.file("data")
        try TinyPages.write(to: data)
        try TinyModels.write(to: folder.file("model"))
    }

    private func run(_ text: String, in name: String = "run", resuming: Bool = false) throws -> [EpochRecord] {
        let experiment = Experiment(
            try ExperimentFile(Array(text.utf8), path: "tiny.json"), directory: folder.file(name))
        return try experiment.run(resuming: resuming, callbacks: [])
    }

    private func lines(epochs: Int, _ training: String = "", monitor: String = "") -> String {
        """
        {"name": "tiny", "task": "lines", "characters": "abc", "data": {"kind": "iam", "directory": "\(data)"},
         "network": {"name": "crnn", "filters": [2, 2, 3, 3, 3], "hidden": 4},
         "training": {"epochs": \(epochs), "batchSize": 3, "rate": 0.02, "monitor": "\(monitor)",
                      "pages": {"every": 1, "model": "\(folder.file("model"))" \(training)}}}
        """
    }

    private var pages: DetectionDataset {
        get throws { try DetectionDataset(kind: "iam", directory: data, split: "validation") }
    }

    private func pageRecognizer(_ weights: String) throws -> any PageRecognizer {
        var reader = try PageReader(directory: folder.file("model"))
        reader.reader = try LineReader(weights)
        return reader
    }

    /// The record of an epoch holds what is measured with its weights afterwards.
    @Test func recordsWhatTheWeightsOfTheEpochRead() throws {
        let history = try run(lines(epochs: 30, monitor: "pageCER").replacing(#""hidden": 4"#, with: #""hidden": 8"#))
        let rates = history.compactMap { $0.validation["pageCER"] }
        #expect(rates.count == 30 && Set(history[0].validation.keys).isSuperset(of: ["pageWER", "characterAccuracy"]))
        #expect(Set(rates).count > 1, "\(rates)")
        let best = try Evaluation.pages(pageRecognizer(folder.file("run")), on: pages)
        #expect(best.pages == 2 && abs(best.cer - (rates.min() ?? 9)) < 1e-12)
        let file = try JSONText(parsing: File.readBytes(folder.file("run/history.json")))
            .decoded(as: [EpochRecord].self, file: "history")
        #expect(file == history)
        // The first epoch that was as good is the best.
        let metrics = try #require(WeightsFile(folder.file("run")).metrics)
        let record = try JSONText(parsing: Array(metrics.utf8)).decoded(as: EpochRecord.self, file: "metrics")
        #expect(record.epoch == 1 + (rates.firstIndex(of: rates.min() ?? 9) ?? 9))
    }

    /// Reading pages changes nothing in the training itself, and goes on after an interruption.
    @Test func everyOtherEpoch() throws {
        let plain = try run(lines(epochs: 7, #", "every": 0"#).replacing(#""every": 1, "#, with: ""), in: "plain")
        let history = try run(lines(epochs: 7, #", "every": 3, "limit": 1"#).replacing(#""every": 1, "#, with: ""))
        #expect(history.map { $0.validation["pageCER"] != nil } == [true, false, true, false, false, true, true])
        #expect(history.map(\.loss) == plain.map(\.loss))
        #expect(plain.allSatisfy { $0.validation["pageCER"] == nil })
        let last = try #require(history.last?.validation["pageCER"])
        let checkpoint = folder.file("run/\(Checkpoint.lastName)")
        let expected = try Evaluation.pages(pageRecognizer(checkpoint), on: pages, limit: 1)
        #expect(expected.pages == 1 && abs(expected.cer - last) < 1e-12)
        #expect(try run(lines(epochs: 7), resuming: true).map(\.validation) == history.map(\.validation))
    }

    @Test func earlyStoppingWatchesPages() throws {
        var text = lines(epochs: 30, monitor: "pageCER")
        text = text.replacing(#""rate": 0.02"#, with: #""rate": 0, "patience": 2"#)
        let history = try run(text)
        let rates = history.compactMap { $0.validation["pageCER"] }
        let best = try #require(rates.firstIndex(of: rates.min() ?? 9))
        #expect(history.count < 30 && history.count == best + 3, "\(rates)")
    }

    @Test func detectorsInTraining() throws {
        let text = """
            {"name": "tiny", "task": "detection", "data": {"kind": "iam", "directory": "\(data)"},
             "network": {"name": "fcn", "filters": 2, "blockSize": 8, "dilations": [1, 1]},
             "detection": {"flattensPaper": false},
             "training": {"epochs": 2, "batchSize": 2, "pages": {
                "every": 2, "split": "train", "model": "\(folder.file("model"))/\(PageReader.readerName)"}}}
            """
        let history = try run(text)
        var reader = try PageReader(directory: folder.file("model"))
        reader.detector = try LineDetector(folder.file("run/\(Checkpoint.lastName)"))
        let train = try DetectionDataset(kind: "iam", directory: data, split: "train")
        #expect(history.map { $0.validation["pageCER"] != nil } == [true, true])
        #expect(try Evaluation.pages(reader, on: train).cer == history[1].validation["pageCER"])
        #expect(try WeightsFile(folder.file("run")).detection == .fsdl)
    }

    @Test(arguments: [
        ("training.monitor=pageCEr", "choose characterAccuracy, loss, pageCER, pageWER"),
        ("training.monitor=accuracy", "choose characterAccuracy, loss"), ("training.pages.every=-1", "pages.every"),
        ("training.pages.limit=-1", "pages.limit"), ("training.pages.split=none", "train, validation"),
        ("training.pages.kind=lines", "iam, alto, page"), ("training.pages.directory=$DUCTUS_NOT_SET", "NOT_SET"),
        ("training.pages.model=/nowhere", "/nowhere"), ("training.pages=2", "training.pages"),
        ("training.startsFrom=/nowhere", "/nowhere"),
    ])
    func mistakes(change: String, message: String) throws {
        let error = #expect(throws: (any Error).self) {
            let file = try ExperimentFile(Array(lines(epochs: 1).utf8), path: "tiny.json", changes: [change])
            try Experiment(file, directory: folder.file("run")).run(callbacks: [])
        }
        let description = error.map { "\($0)" } ?? ""
        #expect(description.contains(message) && !description.contains("\n"), "\(description)")
    }

    /// One run goes on where another stopped, if their characters are the same.
    @Test func aTrainingStartsFromAnother() throws {
        let first = try run(lines(epochs: 4), in: "first")
        let text = lines(epochs: 1).replacing(
            #""rate": 0.02"#, with: #""rate": 0, "startsFrom": "\#(folder.file("first/last.safetensors"))""#)
        let second = try run(text, in: "second")
        #expect(second[0].validation["pageCER"] == first[3].validation["pageCER"])
        #expect(second[0].validation["characterAccuracy"] == first[3].validation["characterAccuracy"])
        // The same numbers would stand for other characters.
        let error = #expect(throws: ConfigurationError.self) {
            try run(text.replacing(#""abc""#, with: #""cba""#), in: "third")
        }
        #expect(error?.description.contains("training.startsFrom") == true)
    }
}
