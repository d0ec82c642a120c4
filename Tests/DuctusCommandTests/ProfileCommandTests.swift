import DuctusHandwriting
import DuctusHandwritingTestSupport
import DuctusTestSupport
import Testing

@Suite struct ProfileCommandTests {
    private let folder: TemporaryFolder
    private let configuration: String

    init() throws {
        folder = try TemporaryFolder()
        configuration = folder.file("tiny.json")
        try TinyLines.write(to: folder.file("data"))
        try folder.write(TinyLines.experiment(directory: folder.file("data"), epochs: 1).text, to: "tiny.json")
    }

    private func profile(_ arguments: String...) throws -> [String: JSONText] {
        let result = try Ductus.run("profile", arguments + ["--json"])
        #expect(result.status == 0, "\(result)")
        return try #require(JSONText(parsing: Array(result.output.utf8)).object)
    }

    private func calls(_ profile: JSONText?) throws -> [String] {
        let lines = try #require(profile?.object?["lines"]?.array)
        return lines.map { "\($0.object?["path"]?.string ?? "") \($0.object?["operation"]?.string ?? "")" }
    }

    @Test func configurationsAreProfiledInTrainingAndInference() throws {
        let profiles = try profile(configuration, "--batches", "2")
        #expect(Set(profiles.keys) == ["training", "inference"])
        let (training, inference) = (try calls(profiles["training"]), try calls(profiles["inference"]))
        #expect(training.contains { $0.hasSuffix(" convolution2D") })
        #expect(training.contains(" ctcLoss"))
        #expect(training.contains(" optimizerStep"))
        #expect(inference.contains { $0.hasSuffix(" convolution2D") })
        #expect(!inference.contains(" ctcLoss"))
    }

    @Test func tablesNameBothProfiles() throws {
        let result = try Ductus.run("profile", configuration)
        #expect(result.status == 0, "\(result)")
        #expect(result.output.hasPrefix("training, "))
        #expect(result.output.contains("\ninference, "))
        #expect(result.output.contains("between them"))
    }

    @Test func weightsAreProfiledInInference() throws {
        let network = CRNN(.init(classes: 3))
        let path = folder.file("crnn.safetensors")
        try WeightsFile.write(network, of: ModelConfiguration(task: "lines", network: network), to: path)
        #expect(Set(try profile("--weights", path).keys) == ["inference"])
        let trace = try Ductus.run("profile", "--weights", path, "--trace")
        #expect(trace.output.contains(" → ["))
    }

    @Test func incompleteCommandsAreRefused() throws {
        #expect(try Ductus.run("profile").status == 2)
        #expect(try Ductus.run("profile", configuration, "--weights", "x").status == 2)
        #expect(try Ductus.run("profile", configuration, "--batches", "0").status == 2)
        #expect(try Ductus.run("profile", folder.file("missing.json")).status == 1)
    }
}
