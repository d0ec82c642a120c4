import DuctusHandwriting
import DuctusTestSupport
import Testing

/// Configurations in the old format mean the same as their counterparts in the current one.
@Suite struct MigrationTests {
    private static func fixture(_ name: String) throws -> [UInt8] {
        try File.readBytes(Goldens.path("experiments/\(name).json"))
    }

    /// What an experiment means: its choices with their defaults, and all other values.
    private func meaning(of experiment: Experiment) throws -> [String: String] {
        var members = try #require(JSONText(parsing: Array(experiment.text.utf8)).object)
        var (data, training) = (
            try #require(members["data"]?.object), try #require(members["training"]?.object)
        )
        let kind = try #require(data["kind"].flatMap { Choice($0) })
        var result = ["kind": "\(try Registries.dataKinds.kind(kind, with: "data", as: (any DataKind).self))"]
        let registries = [
            "optimizer": Registries.optimizers, "schedule": Registries.schedules, "loss": Registries.losses,
            "callbacks": Registries.callbacks,
        ]
        for (key, registry) in registries {
            let choices = (training[key]?.array ?? [training[key] ?? .null]).compactMap { Choice($0) }
            result[key] = try choices.map {
                "\(try registry.component($0, file: "test", key: key, as: (any Component).self))"
            }.joined(separator: ", ")
            training[key] = nil
        }
        data["kind"] = nil
        (members["data"], members["training"]) = (.object(data), .object(training))
        result["rest"] = JSONText.object(members).text
        return result
    }

    @Test(arguments: ["characters", "lines", "detection", "paragraphs"], ["old", "run"])
    func oldFilesMeanTheSameAsNewOnes(task: String, kind: String) throws {
        let old = try Experiment(Self.fixture("\(task).\(kind)"), file: "old.json")
        let new = try Experiment(Self.fixture("\(task).new"), file: "new.json")
        #expect(try meaning(of: old) == meaning(of: new))
    }

    @Test(arguments: ["characters", "lines", "detection", "paragraphs"])
    func newFilesAreNotChanged(task: String) throws {
        let new = try JSONText(parsing: Self.fixture("\(task).new"))
        #expect(new.migrated == new)
        let complete = try JSONText(parsing: Array(Experiment(Self.fixture("\(task).new"), file: "new.json").text.utf8))
        #expect(complete.migrated == complete)
    }

    /// All keys of the old format, including those without effect and those with the values `0` and `""`.
    @Test(arguments: ["characters", "lines", "detection", "paragraphs"])
    func filesOfOldRunsLoseWhatHasNoEffect(task: String) throws {
        let migrated = try #require(JSONText(parsing: Self.fixture("\(task).run")).migrated.object)
        let expected: [String: Set<String>] = [
            "characters": ["data", "name", "network", "task", "training"],
            "lines": ["characters", "data", "input", "name", "network", "task", "training"],
            "detection": ["data", "input", "name", "network", "task", "training"],
            "paragraphs": ["characters", "data", "input", "name", "network", "task", "training"],
        ]
        #expect(Set(migrated.keys) == expected[task])
    }

    /// Hyperparameters of components that were not chosen had no effect in files of runs, but are errors in files that
    /// were written by hand.
    @Test func hyperparametersOfOtherComponentsAreRefused() throws {
        let error = try #require(throws: ConfigurationError.self) {
            try Experiment(Array(#"{"network": "crnn", "training": {"momentum": 0.5}}"#.utf8), file: "old.json")
        }
        #expect(error.description.contains("key \"training.optimizer.momentum\" is not known"))
    }

    static let examples = File.names(in: Goldens.path("../../Examples/Experiments")).filter { $0.hasSuffix(".json") }

    @Test func examplesExist() { #expect(Self.examples.count >= 12) }

    @Test(arguments: examples) func everyExampleLoads(name: String) throws {
        let path = Goldens.path("../../Examples/Experiments/\(name)")
        let experiment = try Experiment(contentsOf: path)
        #expect(!experiment.name.isEmpty)
        let network = try Preparation(experiment).network(classes: 5)
        #expect(type(of: network).name == experiment.network.name)
    }
}
