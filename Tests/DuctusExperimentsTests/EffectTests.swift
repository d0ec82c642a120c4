import DuctusHandwriting
import DuctusHandwritingTestSupport
import DuctusTestSupport
import Testing

/// Every key of a configuration reaches the place where it acts: another value makes another training.
@Suite struct EffectTests {
    /// Of every key, a value other than that of the experiment.
    private static let training: [String: String] = [
        "epochs": "3", "batchSize": "2", "optimizer": "sgd", "rate": "0.02", "schedule": "constant", "clipNorm": "0.01",
        "average": "0.5", "seed": "2",
    ]
    /// Keys that do not change what is learned, and keys with tests of their own.
    private static let unlearned: Set<String> = [
        "shards", "reduction", "bucketBytes", "metrics", "callbacks", "trackers", "checkpointEvery", "monitor",
        "startsFrom", "augmentation", "loss",
    ]
    private static let augmentation: [String: String] = [
        "probability": "0.5", "shear": "0.3", "stretch": "0.2", "scale": "0.2", "shift": "0.1", "contrast": "0.4",
        "mirrors": "true", "rotation": "2", "elasticity": "0.2", "smoothness": "0.3", "perspective": "0.2",
        "verticalShear": "0.02", "jitter": "0.1", "strokes": "1", "gamma": "0.5", "blots": "2", "rules": "1",
        "shading": "0.5", "blur": "2", "halving": "1", "brightness": "0.2", "noise": "0.1", "compression": "0.9",
        "neighbors": "0.5",
    ]
    private static let input: [String: String] = [
        "margin": "20", "spreadsContrast": "false", "maximumAspect": "1", "minimumAspect": "5",
        "flattensBackground": "true",
    ]
    private static let network: [String: String] = [
        "filters": "[2, 2, 3, 3, 4]", "hidden": "4", "dropout": "0.5", "recurrentLayers": "2", "normalizesAll": "true",
    ]
    private static let optimizer: [String: String] = [
        "beta1": "0.5", "beta2": "0.9", "epsilon": "0.1", "decay": "0.5", "decaysVectors": "true",
    ]

    /// A training after some changes, and its history.
    private func train(
        _ changes: [String], in folder: TemporaryFolder
    ) throws -> (run: Run, history: [EpochRecord]) {
        try TinyLines.write(to: folder.file("data"))
        let text = try TinyLines.experiment(directory: folder.file("data"), epochs: 2).text
        let own = [
            "training.optimizer={\"name\": \"adamW\", \"decaysVectors\": false}",
            "training.augmentation={\"shear\": 0.1, \"elasticity\": 0.1}",
        ]
        let run = try Run.create(
            Experiment(Array(text.utf8), file: "tiny.json", changes: own + changes), at: folder.file("run"))
        return (run, try run.train(callbacks: []))
    }

    /// A training after a change, as the weights and the moments of its end and the values of every epoch.
    private func outcome(_ change: String?) throws -> String {
        let folder = try TemporaryFolder()
        let (run, history) = try train(change.map { [$0] } ?? [], in: folder)
        let archive = try #require(try run.last).archive
        let tensors = try archive.names.sorted().map { name -> String in
            let tensor: Tensor<Float> = try archive.tensor(name)
            return "\(name) \(tensor.shape) \(tensor.scalars)"
        }
        return
            "\(ContentHash("\(tensors)")) \(history.map { "\($0.loss) \($0.validation.sorted { $0.key < $1.key })" })"
    }

    private func expectEffects(_ section: String, _ changes: [String: String]) throws {
        let before = try outcome(nil)
        #expect(try outcome(nil) == before)
        for (key, value) in changes.sorted(by: { $0.key < $1.key }) {
            #expect(try outcome("\(section).\(key)=\(value)") != before, "\(section).\(key)")
        }
    }

    private func keys(_ configuration: Any) -> Set<String> {
        Set(Mirror(reflecting: configuration).children.compactMap(\.label))
    }

    @Test func ofTraining() throws {
        try expectEffects("training", Self.training)
        #expect(keys(TrainingConfiguration()) == Set(Self.training.keys).union(Self.unlearned))
    }

    /// Not only the order, the augmentation, and the dropout.
    @Test func theSeedDrawsTheInitialWeights() throws {
        func weights(seed: Int) throws -> [Float] {
            let folder = try TemporaryFolder()
            let changes = ["training.seed=\(seed)", "training.rate=1e-12", "training.epochs=1"]
            let run = try train(changes, in: folder).run
            let archive = try #require(try run.last).archive
            return try archive.names.filter { $0.hasSuffix("weight") && !$0.contains("optimizer") }.sorted()
                .flatMap { name -> [Float] in
                    let tensor: Tensor<Float> = try archive.tensor(name)
                    return tensor.scalars
                }
        }
        let (one, two) = try (weights(seed: 1), weights(seed: 2))
        #expect(zip(one, two).contains { abs($0 - $1) > 0.01 })
        #expect(try zip(one, weights(seed: 1)).allSatisfy { $0 == $1 })
    }

    @Test func ofTheOptimizer() throws {
        try expectEffects("training.optimizer", Self.optimizer)
    }

    @Test func ofAugmentation() throws {
        try expectEffects("training.augmentation", Self.augmentation)
        // Lines are joined by spaces, which these have not.
        #expect(keys(Augmentation()) == Set(Self.augmentation.keys).union(["joining"]))
    }

    @Test func ofTheInput() throws {
        try expectEffects("input", Self.input)
        // The network asks for the height, and all lines are dark on light.
        #expect(keys(LineInput()) == Set(Self.input.keys).union(["height", "detectsPolarity"]))
    }

    @Test func ofTheNetwork() throws {
        try expectEffects("network", Self.network)
        #expect(keys(TinyLines.network) == Set(Self.network.keys).union(["classes"]))
    }

    @Test func ofTheSplits() throws {
        try expectEffects("data", ["training": "validation", "validation": "train"])
    }
}
