import DuctusHandwriting
import DuctusHandwritingTestSupport
import DuctusTestSupport
import Testing

/// Line recognizers, from a directory of lines to a reader.
@Suite struct LineRecognitionTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try TinyLines.write(to: folder.file("data"))
    }

    private func data(_ split: String) throws -> LineDataset {
        try LineDataset(kind: "lines", directory: folder.file("data"), split: split)
    }

    @Test func readersRecognizeWhatValidationMeasured() throws {
        let experiment = try TinyLines.experiment(directory: folder.file("data"), epochs: 15)
        let run = try Run.create(experiment, at: folder.file("run"))
        let history = try run.train(callbacks: [])
        try #require(history.count == 15)
        #expect(history[14].loss < 0.9 * history[0].loss, "\(history.map(\.loss))")
        #expect(Set(history[0].validation.keys) == ["loss", "characterAccuracy"])
        // The directory of a run can be used like a weights file.
        let file = try WeightsFile(run.directory, for: LineReader.task)
        #expect(try file.recipe("characters", as: Alphabet.self) == Alphabet(TinyLines.letters))
        let result = try Evaluation.lines(LineReader(run.directory), on: data("validation"))
        let best = try #require(history.compactMap { $0.validation["characterAccuracy"] }.max())
        #expect(result.lines == 2)
        #expect(abs(result.characterAccuracy - best) < 1e-12)
        #expect(file.metrics["characterAccuracy"] == best)
    }

    /// All characters that are missing are named at once, of all splits, with the keys to set.
    @Test func unknownCharactersAreNamedAtOnce() throws {
        try folder.write(
            "train\tp\tab.png\tab\ntrain\tp\tba.png\té€\nvalidation\tp\tacb.png\t£a\n", to: "data/lines.tsv")
        let experiment = try TinyLines.experiment(directory: folder.file("data"), epochs: 1)
        let error = #expect(throws: ConfigurationError.self) {
            try Run.create(experiment, at: folder.file("run")).train(callbacks: [])
        }
        let message = try #require(error?.description)
        for part in [
            "“é” (U+00E9)", "“€” (U+20AC)", "“£” (U+00A3)", "2 of 3", "\"characters\"", "\"unknownCharacters\"",
        ] {
            #expect(message.contains(part), "\(message)")
        }
    }

    /// One character in the place of a blank would be as wrong as a whole line.
    @Test func blankReferencesAreNotMeasured() throws {
        struct Lines: LineSource {
            let texts: [String]
            var count: Int { texts.count }
            func name(of index: Int) -> String { "line \(index)" }
            func line(_ index: Int) -> (image: Image, text: String) { (TinyLines.image("a"), texts[index]) }
        }
        let path = folder.file("reader.safetensors")
        try TinyModels.writeReader(to: path)
        let result = try Evaluation.lines(LineReader(path), on: LineDataset(Lines(texts: ["a", " ", "", "b"])))
        #expect(result.lines == 2)
        #expect(result.cer == 0.5)
        #expect(result.characterAccuracy == 0.5)
        #expect(throws: DatasetError.empty("lines with a text")) {
            try Evaluation.lines(LineReader(path), on: LineDataset(Lines(texts: [" "])))
        }
    }

    /// A network of the experiments below.
    struct Case: Sendable, CustomTestStringConvertible {
        let network: Choice
        var margin = LineInput().margin
        /// The character accuracy that training exceeds.
        var accuracy = 0.0
        var testDescription: String { network.name }
    }

    private func experiment(_ network: Case, epochs: Int) throws -> Experiment {
        var task = TinyLines.task(directory: folder.file("data"))
        task.input.margin = network.margin
        var experiment = try TinyLines.experiment(task, epochs: epochs)
        (experiment.network, experiment.training.batchSize, experiment.training.rate) = (network.network, 4, 0.02)
        experiment.training.augmentation = nil
        return experiment
    }

    static func windows() throws -> [Case] {
        let positions = LineCNN.Configuration(
            classes: 4, characters: 4, columns: 56, window: 14, stride: 14, filters: [3, 4], width: 8, dropout: 0.1)
        return [
            Case(
                network: try Choice(
                    LineLSTM.self,
                    .init(classes: 4, window: 8, stride: 4, filters: [3, 4], width: 8, hidden: 8, dropout: 0.1)),
                accuracy: 0.2),
            // With one character per step, the alignment need not be learned.
            Case(network: try Choice(LineCNN.self, positions), margin: 0, accuracy: 0.9),
            Case(network: try Choice(SlidingWindowCNN.self, positions), margin: 0, accuracy: 0.9),
        ]
    }

    @Test(arguments: try windows()) func networksWithWindowsLearn(network: Case) throws {
        let run = try Run.create(experiment(network, epochs: 25), at: folder.file("run"))
        let history = try run.train(callbacks: [])
        let result = try Evaluation.lines(LineReader(run.directory), on: data("train"))
        #expect(result.characterAccuracy > network.accuracy, "\(history.map(\.loss))")
        #expect(history[24].loss < history[0].loss / 2)
    }

    /// Networks with fewer steps, or a smaller maximum length, than the texts have characters.
    static func short() throws -> [Case] {
        let positions = LineCNN.Configuration(
            classes: 4, characters: 2, columns: 28, window: 14, stride: 14, filters: [2, 2], width: 4)
        let filters = [1, 1, 1, 1, 1]
        return [
            Case(network: try Choice(LineCNN.self, positions), margin: 0),
            Case(network: try Choice(SlidingWindowCNN.self, positions), margin: 0),
            Case(
                network: try Choice(
                    LineLSTM.self, .init(classes: 4, window: 28, stride: 28, filters: [2, 2], width: 4, hidden: 4)),
                margin: 0),
            Case(network: try Choice(CRNN.self, .init(classes: 4, filters: filters, hidden: 2)), margin: 0),
            Case(
                network: try Choice(
                    Seq2Seq.self,
                    .init(classes: 4, filters: filters, hidden: 2, width: 4, embedding: 2, maximumLength: 2)),
                margin: 0),
            Case(
                network: try Choice(
                    LineTransformer.self,
                    .init(classes: 4, filters: filters, width: 4, layers: 1, heads: 1, maximumLength: 2)),
                margin: 0),
        ]
    }

    @Test(arguments: try short()) func textsThatAreTooLongAreTruncatedOrSkipped(network: Case) throws {
        let run = try Run.create(experiment(network, epochs: 2), at: folder.file("run"))
        let history = try run.train(callbacks: [])
        #expect(history.count == 2)
        #expect(history.allSatisfy { !$0.loss.isNaN })
        var reader = try LineReader(run.directory)
        for decoding in [Decoding.bestPath, .beam(width: 3)] {
            reader.decoding = decoding
            let outputs = reader.predict(["abc", "abcabcabcabc", "c"].map(TinyLines.image))
            #expect(outputs.allSatisfy { (0...1).contains($0.confidence) })
            if !["crnn", "lstm_ctc"].contains(network.network.name) {
                #expect(outputs.allSatisfy { $0.text.count <= 2 }, "\(outputs)")
            }
        }
    }

    static func generators() throws -> [Case] {
        [
            Case(
                network: try Choice(
                    Seq2Seq.self, .init(classes: 4, filters: [2, 2, 3, 3, 3], hidden: 3, width: 6, embedding: 3))),
            Case(
                network: try Choice(
                    LineTransformer.self,
                    .init(classes: 4, filters: [2, 2, 3, 3, 3], width: 8, layers: 1, heads: 2, hidden: 8))),
        ]
    }

    @Test(arguments: try generators()) func autoregressiveNetworksLearn(network: Case) throws {
        var experiment = try TinyLines.experiment(directory: folder.file("data"), epochs: 15)
        var loss = TeacherForcingLoss()
        loss.smoothing = 0.05
        (experiment.network, experiment.training.loss) = (network.network, Choice(loss))
        let run = try Run.create(experiment, at: folder.file("run"))
        let history = try run.train(callbacks: [])
        #expect(history[14].loss < 0.9 * history[0].loss, "\(history.map(\.loss))")
        #expect(try WeightsFile(run.directory, for: LineReader.task).network is any TextGenerator)
        var reader = try LineReader(run.directory)
        let greedy = try Evaluation.lines(reader, on: data("validation"))
        #expect(greedy.lines == 2)
        #expect(greedy.decoder == "best-path")
        #expect(greedy.beamWidth == nil)
        #expect(greedy.cer >= 0)
        reader.decoding = .beam(width: 3)
        let beam = try Evaluation.lines(reader, on: data("validation"))
        #expect(beam.decoder == "beam")
        #expect(beam.beamWidth == 3)
        for output in reader.predict([TinyLines.image("abc"), TinyLines.image("a")]) {
            #expect((0...1).contains(output.confidence))
            #expect(output.text.allSatisfy { TinyLines.letters.contains($0) })
        }
    }
}
