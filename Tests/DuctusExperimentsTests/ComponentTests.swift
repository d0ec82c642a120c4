import DuctusHandwriting
import DuctusTestSupport
import Synchronization
import Testing

/// Custom components are trained, resumed, and evaluated like those of Ductus.
@Suite struct ComponentTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let text = """
        {
            "name": "custom", "task": "stripeClassification",
            "data": { "kind": { "name": "stripes", "count": 30 } },
            "network": { "name": "scaledLinear", "scale": 2 },
            "training": {
                "epochs": 4, "batchSize": 10, "rate": 0.01, "clipNorm": null,
                "optimizer": { "name": "sign", "shrinkage": 0.001 }, "schedule": { "name": "halving", "factor": 0.25 },
                "loss": { "name": "penalized", "penalty": 0.01 }, "metrics": [{ "name": "score", "maximum": 10 }],
                "callbacks": [{ "name": "stepCounter", "offset": 100 }], "monitor": "score"
            }
        }
        """

    private func experiment(_ components: Components, changes: [String] = []) throws -> Experiment {
        try Experiment(Array(Self.text.utf8), file: "custom.json", changes: changes, components: components)
    }

    private struct Interruption: Error {}

    @Test(arguments: [false, true]) func customComponentsAreTrained(registered: Bool) throws {
        let components = registered ? CustomComponents.registered : CustomComponents.own
        let run = try Run.create(experiment(components), at: folder.file("run"))
        let history = try run.train(callbacks: [])
        try #require(history.count == 4)
        #expect(history.map { $0.validation["steps"] } == [103, 106, 109, 112])
        #expect(history.map(\.rate) == [0.01, 0.0025, 0.0025, 0.0025])
        #expect(history[3].loss < history[0].loss)
        #expect(history[3].validation["score"] == 10)
        let last = try #require(try run.last).archive
        let slot: Tensor<Float> = try last.tensor("optimizer.0.head.bias")
        #expect(slot == [12, 12, 12])
        let best = try run.best
        #expect(best.model.task == "stripeClassification")
        #expect(best.model.network.name == "scaledLinear")
        #expect((best.network as? CustomComponents.ScaledLinear)?.configuration == .init(classes: 3, scale: 2))
        #expect(try run.provenance?.data.map(\.name) == ["stripes train", "stripes test"])
    }

    @Test func customComponentsAreResumed() throws {
        let whole = try Run.create(experiment(CustomComponents.own), at: folder.file("whole"))
        let expected = try whole.train(callbacks: [])
        let run = try Run.create(experiment(CustomComponents.own), at: folder.file("run"))
        let interruption = Callback(afterBatch: { if $0.optimizer.steps == 5 { throw Interruption() } })
        #expect(throws: Interruption.self) { try run.train(callbacks: [interruption]) }
        let resumed = try Run.open(run.directory, components: CustomComponents.own)
        let history = try resumed.train(callbacks: [])
        #expect(history.map(\.loss) == expected.map(\.loss))
        #expect(history.map(\.validation) == expected.map(\.validation))
        let weights: [Tensor<Float>] = try [whole, resumed].map { try $0.best }.map { file in
            try #require(file.network as? CustomComponents.ScaledLinear).head.weight.stored
        }
        #expect(weights[0] == weights[1])
    }

    @Test func customComponentsAreEvaluated() throws {
        let components = CustomComponents.own
        let run = try Run.create(experiment(components), at: folder.file("run"))
        let history = try run.train(callbacks: [])
        var request = EvaluationRequest()
        request.weights = run.directory
        let result = try RunEvaluation.evaluate("stripeClassification", request, components: components)
        #expect(Set(result.keys) == ["samples", "loss", "score"])
        #expect(result["samples"] == 30)
        let best = try #require(history.first { $0.validation["score"] == 10 })
        #expect(result["loss"] == best.validation["loss"])
        request.split = "another"
        #expect(try RunEvaluation.evaluate("stripeClassification", request, components: components)["score"] == 10)
    }

    @Test func optionsWithoutEffectAreUsageErrors() throws {
        let components = CustomComponents.own
        try Run.create(experiment(components, changes: ["training.epochs=1"]), at: folder.file("run")).train(
            callbacks: [])
        var request = EvaluationRequest()
        #expect(throws: UsageError.self) {
            try RunEvaluation.evaluate("stripeClassification", request, components: components)
        }
        request.weights = folder.file("run")
        request.limit = 3
        #expect(throws: UsageError.self) {
            try RunEvaluation.evaluate("stripeClassification", request, components: components)
        }
        (request.limit, request.decoding) = (nil, .beam(width: 3))
        #expect(throws: UsageError.self) {
            try RunEvaluation.evaluate("stripeClassification", request, components: components)
        }
        request.decoding = .bestPath
        #expect(throws: ConfigurationError.self) {
            try RunEvaluation.evaluate("lines", request, components: components)
        }
    }

    /// Names that are nearly right, with the nearest name and all names.
    @Test(arguments: [
        ("task=stripeClasification", "task", "stripeClassification", "stripeClassification"),
        ("network=scaledLiner", "network", "scaledLinear", "mlp, lenet"),
        ("training.optimizer=signs", "optimizer", "sign", "sgd, rmsprop, adam, adamW, lion, sign"),
        ("training.schedule=halvin", "schedule", "halving", "constant, cosine, oneCycle, steps, halving"),
        (
            "training.loss=penalised", "loss", "penalized",
            "softmaxCrossEntropy, ctc, positions, teacherForcing, penalized"
        ),
        ("training.metrics=[\"scores\"]", "metric", "score", "score"),
        ("training.callbacks=[\"stepcounter\"]", "callback", "stepCounter", "stepCounter"),
        ("data.kind=stripe", "kind of data", "stripes", "mnist, emnist, stripes"),
    ])
    func unknownNamesSuggestTheNearest(change: String, kind: String, nearest: String, all: String) throws {
        let components = CustomComponents.own
        let error = try #require(throws: ConfigurationError.self) {
            try Run.create(experiment(components, changes: [change]), at: folder.file("run")).train(callbacks: [])
        }
        #expect(error.description.contains("there is no \(kind) \""), "\(error)")
        #expect(error.description.contains("(did you mean \"\(nearest)\"?)"), "\(error)")
        #expect(error.description.contains("choose one of \(all)"), "\(error)")
    }

    /// Keys of custom components are checked, too.
    @Test(arguments: [
        ("network.scales=3", "scales"), ("network.scale=100", "scale"), ("training.optimizer.shrink=1", "shrink"),
        ("training.callbacks=[{\"name\": \"stepCounter\", \"start\": 3}]", "start"), ("data.kind.size=1", "size"),
    ])
    func settingsOfCustomComponentsAreChecked(change: String, key: String) throws {
        let components = CustomComponents.own
        let error = try #require(throws: ConfigurationError.self) {
            try Run.create(experiment(components, changes: [change]), at: folder.file("run")).train(callbacks: [])
        }
        #expect(error.description.contains("\(key)\""), "\(error)")
    }
}
