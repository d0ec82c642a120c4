import DuctusHandwriting
import DuctusTestSupport
import Testing

/// Character classifiers, from MNIST files to a predictor.
@Suite struct CharacterRecognitionTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try writeDigits(count: 12, prefix: "train")
        try writeDigits(count: 3, prefix: "t10k")
    }

    /// Bars of different heights in the format of MNIST.
    private func writeDigits(count: Int, prefix: String) throws {
        func bigEndian(_ number: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) } }
        let labels = (0..<count).map { UInt8($0 % 3) }
        let pixels = labels.flatMap { label in
            (0..<784).map { index -> UInt8 in
                (9..<16).contains(index % 28) && index / 28 < 6 + 8 * Int(label) ? 255 : 0
            }
        }
        let sizes = bigEndian(count) + bigEndian(28) + bigEndian(28)
        try folder.write([0, 0, 8, 3] + sizes + pixels, to: "digits/\(prefix)-images-idx3-ubyte")
        try folder.write([0, 0, 8, 1] + bigEndian(count) + labels, to: "digits/\(prefix)-labels-idx1-ubyte")
    }

    static func networks() throws -> [Choice] {
        [
            try Choice(MLP.self, .init(classes: 10, width: 8, layers: 1)),
            try Choice(LeNet.self, .init(classes: 10, filters: [2, 2], width: 8)),
        ]
    }

    @Test(arguments: try networks().indices) func classifiersLearn(index: Int) throws {
        var task = CharacterRecognition()
        task.data.directory = folder.file("digits")
        var training = TrainingConfiguration()
        (training.epochs, training.batchSize, training.rate) = (30, 6, 0.01)
        var patience = EarlyStopping()
        patience.patience = 30
        training.callbacks = [Choice(patience)]
        var experiment = try Experiment(
            name: "digits", task: task, network: MLP.self, .init(classes: 10), training: training)
        experiment.network = try Self.networks()[index]
        let run = try Run.create(experiment, at: folder.file("run"))
        let history = try run.train(callbacks: [])
        let predictor = try CharacterPredictor(run.directory)
        let data = try CharacterDataset(kind: "mnist", directory: folder.file("digits"), split: "test")
        let result = try Evaluation.characters(predictor, on: data)
        #expect(result.samples == 3)
        #expect(result.accuracy == 1, "\(history.map(\.loss))")
        #expect(result.top5 == 1)
        let outputs = try predictor.predict((0..<3).map { try data.transformed($0).input })
        #expect(outputs.map(\.character) == ["0", "1", "2"])
    }

    @Test func dataWithOtherClassesAreRefused() throws {
        let data = try CharacterDataset(kind: "mnist", directory: folder.file("digits"), split: "test")
        let predictor = CharacterPredictor(
            network: MLP(.init(classes: 3, width: 2)), characters: Alphabet("abc", blank: 3))
        #expect(throws: DatasetError.self) { try Evaluation.characters(predictor, on: data) }
    }
}
