import DuctusHandwriting
import DuctusHandwritingTestSupport
import DuctusTestSupport
import Synchronization
import Testing

@Suite struct ExperimentTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private struct Interruption: Error {}

    private func lines(epochs: Int, in directory: String) throws -> Experiment {
        try TinyLines.write(to: folder.file("data"))
        let text = TinyLines.configuration(directory: folder.file("data"), epochs: epochs)
        return Experiment(
            try ExperimentFile(Array(text.utf8), path: "tiny.json"), directory: folder.file(directory))
    }

    /// Every tensor of a run's last checkpoint: weights and optimizer.
    private func tensors(_ run: String) throws -> [String: Tensor<Float>] {
        let archive = try TensorArchive(contentsOf: folder.file("\(run)/\(Checkpoint.lastName)"))
        return try Dictionary(uniqueKeysWithValues: archive.names.map { ($0, try archive.tensor($0)) })
    }

    @Test func linesFromFolderToReader() throws {
        let history = try lines(epochs: 15, in: "run").run(callbacks: [])
        #expect(history.count == 15 && history[14].loss < 0.9 * history[0].loss, "\(history.map(\.loss))")
        #expect(Set(history[0].validation.keys) == ["loss", "characterAccuracy"])
        #expect(
            File.names(in: folder.file("run"))
                == [WeightsFile.bestName, "configuration.json", "history.json", Checkpoint.lastName])
        // A run's directory stands for its best weights.
        let file = try WeightsFile(folder.file("run"))
        #expect(
            file.characters == Alphabet(TinyLines.letters) && file.metrics?.contains("characterAccuracy") == true)
        let data = try LineDataset(kind: "lines", directory: folder.file("data"), split: "validation")
        let result = try Evaluation.lines(LineReader(folder.file("run")), on: data)
        let best = history.compactMap { $0.validation["characterAccuracy"] }.max() ?? 9
        #expect(result.lines == 2 && abs(result.characterAccuracy - best) < 1e-12)
    }

    /// Networks with windows learn the same lines. Those with a step for every character, which have room for four,
    /// need not find out where the characters are, and soon know them all.
    @Test(arguments: [
        (#""lstm_ctc", "window": 8, "stride": 4, "hidden": 8"#, "{}", 0.2),
        (#""all_conv", "characters": 4, "columns": 56, "window": 14, "stride": 14"#, #"{"margin": 0}"#, 0.9),
        (#""sliding_window", "characters": 4, "columns": 56, "window": 14, "stride": 14"#, #"{"margin": 0}"#, 0.9),
    ])
    func linesThroughWindows(network: String, input: String, accuracy: Double) throws {
        try TinyLines.write(to: folder.file("data"))
        let text = """
            {"task": "lines", "characters": "abc", "data": {"kind": "lines", "directory": "\(folder.file("data"))"},
             "network": {"filters": [3, 4], "width": 8, "dropout": 0.1, "name": \(network)}, "input": \(input),
             "training": {"epochs": 25, "batchSize": 4, "rate": 0.02}}
            """
        let experiment = Experiment(
            try ExperimentFile(Array(text.utf8), path: "windows.json"), directory: folder.file("run"))
        let history = try experiment.run(callbacks: [])
        let data = try LineDataset(kind: "lines", directory: folder.file("data"), split: "train")
        let result = try Evaluation.lines(LineReader(folder.file("run")), on: data)
        #expect(result.characterAccuracy > accuracy, "\(result.characterAccuracy), \(history.map(\.loss))")
        #expect(history[24].loss < history[0].loss / 2)
    }

    /// Networks whose steps are too few for a text, or that write too short ones, learn its beginning at most.
    @Test(arguments: [
        #""all_conv", "characters": 2, "columns": 28, "window": 14, "stride": 14, "filters": [2, 2], "width": 4"#,
        #""sliding_window", "characters": 2, "columns": 28, "window": 14, "stride": 14, "filters": [2, 2], "width": 4"#,
        #""lstm_ctc", "window": 28, "stride": 28, "filters": [2, 2], "width": 4, "hidden": 4"#,
        #""crnn", "filters": [1, 1, 1, 1, 1], "hidden": 2"#,
        #""seq2seq", "filters": [1, 1, 1, 1, 1], "hidden": 2, "width": 4, "embedding": 2, "maximumLength": 2"#,
        #""lineTransformer", "filters": [1, 1, 1, 1, 1], "width": 4, "heads": 1, "layers": 1, "maximumLength": 2"#,
    ])
    func textsThatAreTooLong(network: String) throws {
        try TinyLines.write(to: folder.file("data"))
        let text = """
            {"task": "lines", "characters": "abc", "data": {"kind": "lines", "directory": "\(folder.file("data"))"},
             "network": {"name": \(network)}, "input": {"margin": 0},
             "training": {"epochs": 2, "batchSize": 4, "augmentation": {"stretch": 0.5}}}
            """
        let experiment = Experiment(
            try ExperimentFile(Array(text.utf8), path: "short.json"), directory: folder.file("run"))
        let history = try experiment.run(callbacks: [])
        #expect(history.count == 2 && history.allSatisfy { $0.loss.isFinite })
        var reader = try LineReader(folder.file("run"))
        for decoding in [Decoding.bestPath, .beam(width: 3)] {
            reader.decoding = decoding
            let outputs = reader.predict(["abc", "abcabcabcabc", "c"].map(TinyLines.image))
            #expect(outputs.allSatisfy { 0...1 ~= $0.confidence })
            if !network.contains("crnn"), !network.contains("lstm") {
                #expect(outputs.allSatisfy { $0.text.count <= 2 }, "\(outputs)")
            }
        }
    }

    /// Networks that write go the same way as those that label columns.
    @Test(arguments: [
        (
            #"{"name": "seq2seq", "filters": [2, 2, 3, 3, 3], "hidden": 3, "width": 6, "embedding": 3}"#,
            "Seq2Seq"
        ),
        (
            #"{"name": "lineTransformer", "filters": [2, 2, 3, 3, 3], "width": 8, "heads": 2, "layers": 1, "hidden": 8}"#,
            "LineTransformer"
        ),
    ])
    func linesFromFolderToWriter(network: String, type: String) throws {
        try TinyLines.write(to: folder.file("data"))
        var text = TinyLines.configuration(directory: folder.file("data"), epochs: 15)
        text = text.replacing(
            #"{"name": "crnn", "filters": [2, 2, 3, 3, 3], "hidden": 3, "dropout": 0.1}"#, with: network)
        text = text.replacing(#""batchSize": 3"#, with: #""batchSize": 3, "smoothing": 0.05"#)
        let experiment = Experiment(
            try ExperimentFile(Array(text.utf8), path: "tiny.json"), directory: folder.file("run"))
        let history = try experiment.run(callbacks: [])
        #expect(history.count == 15 && history[14].loss < 0.9 * history[0].loss, "\(history.map(\.loss))")
        let file = try WeightsFile(folder.file("run"), for: .lines)
        #expect("\(Swift.type(of: file.network))" == type)
        let data = try LineDataset(kind: "lines", directory: folder.file("data"), split: "validation")
        var reader = try LineReader(folder.file("run"))
        let greedy = try Evaluation.lines(reader, on: data)
        #expect(greedy.lines == 2 && greedy.decoder == "best-path" && greedy.beamWidth == nil && greedy.cer >= 0)
        reader.decoding = .beam(width: 3)
        let beam = try Evaluation.lines(reader, on: data)
        #expect(beam.decoder == "beam" && beam.beamWidth == 3)
        for output in reader.predict([TinyLines.image("abc"), TinyLines.image("a")]) {
            #expect(0...1 ~= output.confidence && output.text.allSatisfy { TinyLines.letters.contains($0) })
        }
    }

    /// A writer begins with the convolutions and the LSTM of a reader, and a network with nothing in common is refused.
    @Test func startsFromWhatFits() throws {
        try lines(epochs: 1, in: "reader").run(callbacks: [])
        let reader = try TensorArchive(contentsOf: folder.file("reader/\(WeightsFile.bestName)"))
        func text(_ network: String) -> String {
            TinyLines.configuration(directory: folder.file("data"), epochs: 1)
                .replacing(#"{"name": "crnn", "filters": [2, 2, 3, 3, 3], "hidden": 3, "dropout": 0.1}"#, with: network)
                .replacing(
                    #""rate": 0.01"#, with: #""rate": 0, "startsFrom": \#(JSONText.quoted(folder.file("reader")))"#)
        }
        let writer = text(#"{"name": "seq2seq", "filters": [2, 2, 3, 3, 3], "hidden": 3, "width": 6, "embedding": 3}"#)
        try Experiment(
            ExperimentFile(Array(writer.utf8), path: "writer.json"), directory: folder.file("writer")
        ).run(callbacks: [])
        let learned = try tensors("writer")
        // With a rate of 0 nothing is learnt, so what the two share is what the reader had.
        for name in ["convolutions.0.weight", "convolutions.4.bias", "recurrent.0.forward.inputWeight"] {
            #expect(try learned["encoder.\(name)"] == reader.tensor(name), "\(name)")
        }
        try WeightsFile.write(
            UNet(.init(filters: 2, depth: 1)), for: .detection, to: folder.file("reader/\(WeightsFile.bestName)"))
        let experiment = Experiment(
            try ExperimentFile(Array(writer.utf8), path: "stranger.json"), directory: folder.file("stranger"))
        let error = #expect(throws: ConfigurationError.self) { try experiment.run(callbacks: []) }
        let message = error?.description ?? ""
        #expect(isOneSentence(message, about: "stranger.json") && message.contains("training.startsFrom"), "\(message)")
    }

    @Test(arguments: [1, 4, 5]) func resumesAsIfNothingHadHappened(batches: Int) throws {
        let undisturbed = try lines(epochs: 3, in: "undisturbed").run(callbacks: [])
        let done = Mutex(0)
        let interrupt = Callback(afterBatch: { _ in
            let reached = done.withLock {
                $0 += 1
                return $0 == batches
            }
            if reached { throw Interruption() }
        })
        #expect(throws: Interruption.self) { try lines(epochs: 3, in: "run").run(callbacks: [interrupt]) }
        let resumed = try Experiment(resuming: folder.file("run")).run(resuming: true, callbacks: [])
        #expect(try tensors("run") == tensors("undisturbed"))
        #expect(resumed.map(\.loss) == undisturbed.map(\.loss))
        #expect(resumed.map(\.validation) == undisturbed.map(\.validation))
    }

    @Test func resumingNeedsARun() throws {
        let missing = #expect(throws: FileError.self) { try Experiment(resuming: folder.file("none")) }
        #expect(missing.map { "\($0)" }?.contains("none/configuration.json") == true)
        let experiment = try lines(epochs: 1, in: "run")
        try experiment.run(callbacks: [])
        let last = folder.file("run/\(Checkpoint.lastName)")
        try File.write(Array(File.readBytes(last).dropLast(9)), to: last)
        let damaged = #expect(throws: ArchiveError.self) { try experiment.run(resuming: true, callbacks: []) }
        #expect(isOneSentence(damaged?.description ?? "", about: last))
        // What is damaged stays: nothing is written over it.
        #expect(throws: ArchiveError.self) { try Checkpoint(contentsOf: last) }
    }

    @Test func limitTakesTheFirstSamples() throws {
        var text = TinyLines.configuration(directory: folder.file("data"), epochs: 1)
        text = text.replacing("\"data\": {", with: "\"data\": {\"limit\": 4, \"validation\": \"\", ")
        _ = try lines(epochs: 1, in: "unused")
        let batches = Mutex(0)
        let watch = Callback(afterBatch: { context in batches.withLock { $0 = context.batchesPerEpoch } })
        let experiment = Experiment(
            try ExperimentFile(Array(text.utf8), path: "tiny.json"), directory: folder.file("run"))
        let history = try experiment.run(callbacks: [watch])
        #expect(batches.withLock { $0 } == 2 && history[0].validation.isEmpty)
        #expect(File.exists(folder.file("run/\(WeightsFile.bestName)")))
    }

    /// Digits as bars of different heights, in the files of MNIST.
    private func writeDigits(count: Int, prefix: String) throws {
        func big(_ number: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) } }
        let labels = (0..<count).map { UInt8($0 % 3) }
        let pixels = labels.flatMap { label in
            (0..<784).map { UInt8($0 % 28 > 8 && $0 % 28 < 16 && $0 / 28 < 6 + 8 * Int(label) ? 255 : 0) }
        }
        try File.createDirectory(folder.file("digits"))
        let images = [0, 0, 8, 3] + big(count) + big(28) + big(28) + pixels
        try File.write(images, to: folder.file("digits/\(prefix)-images-idx3-ubyte"))
        try File.write([0, 0, 8, 1] + big(count) + labels, to: folder.file("digits/\(prefix)-labels-idx1-ubyte"))
    }

    @Test(arguments: [
        #"{"name": "mlp", "width": 8, "layers": 1}"#, #"{"name": "lenet", "filters": [2, 2], "width": 8}"#,
    ])
    func charactersFromFilesToPredictor(network: String) throws {
        try writeDigits(count: 12, prefix: "train")
        try writeDigits(count: 3, prefix: "t10k")
        let text = """
            {"name": "digits", "task": "characters", "network": \(network),
             "data": {"kind": "mnist", "directory": "\(folder.file("digits"))", "validation": "test"},
             "training": {"epochs": 30, "batchSize": 6, "rate": 0.01, "patience": 30}}
            """
        let experiment = Experiment(
            try ExperimentFile(Array(text.utf8), path: "digits.json"), directory: folder.file("run"))
        let history = try experiment.run(callbacks: [])
        let predictor = try CharacterPredictor(folder.file("run"))
        let data = try CharacterDataset(kind: "mnist", directory: folder.file("digits"), split: "test")
        let result = try Evaluation.characters(predictor, on: data)
        #expect(result.samples == 3 && result.accuracy == 1 && result.top5 == 1, "\(history.map(\.loss))")
        let outputs = try predictor.predict((0..<3).map { try data.transformed($0).input })
        #expect(outputs.map(\.character) == ["0", "1", "2"])
    }
}
