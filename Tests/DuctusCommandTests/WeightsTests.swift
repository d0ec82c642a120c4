import DuctusHandwriting
import DuctusTestSupport
import Testing

@Suite struct WeightsTests {
    private let folder: TemporaryFolder
    private let source: String
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        (source, path) = (folder.file("state_dict.safetensors"), folder.file("weights.safetensors"))
    }

    /// A linear classifier with PyTorch's names.
    private func write(classes: Int) throws {
        var archive = TensorArchive()
        archive.set("layers.0.weight", to: Tensor<Float>.sample([classes, 784]))
        archive.set("layers.0.bias", to: Tensor<Float>.sample([classes]))
        try archive.write(to: source)
    }

    @Test func weightsAreConverted() throws {
        try write(classes: 80)
        let converted = try Ductus.run(
            "weights", "convert", "--from", "pytorch", "--network", "mlp", "--set", "layers=0", source, path)
        #expect(converted.status == 0, "\(converted)")
        #expect(converted.output.isEmpty)
        #expect(converted.errors == "Converted 62800 parameters, 0 of them redundant, and 0 buffer elements.\n")
        let file = try WeightsFile(path, for: CharacterPredictor.task)
        #expect(try file.recipe("characters", as: Alphabet.self) == .fsdl80)
    }

    @Test func weightsAreShown() throws {
        let (network, characters) = (MLP(.init(classes: 80, layers: 0)), Alphabet.fsdl80)
        try WeightsFile.write(network, of: CharacterPredictor.model(network, characters: characters), to: path)
        let shown = try Ductus.run("weights", "show", path)
        shown.expectSuccess()
        let rows = shown.output.split(separator: "\n")
        #expect(rows.last == "2 tensors      62800 elements", "\(shown.output)")
        #expect(rows.first { $0.hasPrefix("head.weight ") }?.hasSuffix(" float32 [784, 80]") == true)
        #expect(rows.first { $0.hasPrefix("network ") }?.hasSuffix(" mlp") == true)
        try write(classes: 80)
        let original = try Ductus.run("weights", "show", source)
        #expect(original.output.contains("layers.0.weight  float32 [80, 784]\n"))
    }

    @Test func halfPrecisionHalvesTheFile() throws {
        let network = MLP(.init(classes: 80, layers: 0))
        let model = try CharacterPredictor.model(network, characters: .fsdl80)
        try WeightsFile.write(network, of: model, metrics: ["accuracy": 0.5], epoch: 3, to: path)
        let half = folder.file("half.safetensors")
        try Ductus.run("weights", "export", path, "--precision", "float16", "-o", half).expectSuccess()
        #expect(try #require(File.size(half)) < #require(File.size(path)) / 2 + 2000)
        let read = try WeightsFile(half)
        #expect(read.model == model)
        #expect(read.metrics == ["accuracy": 0.5])
        #expect(read.epoch == 3)
        let weights = try [path, half].map { try TensorArchive(contentsOf: $0).tensor("head.weight", as: Float.self) }
        #expect(zip(weights[0].scalars, weights[1].scalars).allSatisfy { abs($0 - $1) <= max(abs($0), 0x1p-14) / 2048 })
    }

    @Test func severalBecomeTheirMean() throws {
        let networks = [MLP(.init(classes: 80, layers: 0)), MLP(.init(classes: 80, layers: 0))]
        let paths = [folder.file("a.safetensors"), folder.file("b.safetensors")]
        for (network, path) in zip(networks, paths) {
            let model = try CharacterPredictor.model(network, characters: .fsdl80)
            try WeightsFile.write(network, of: model, metrics: ["accuracy": 0.5], epoch: 3, to: path)
        }
        try Ductus.run("weights", "export", paths[0], paths[1], "-o", path).expectSuccess()
        let weights = try (paths + [path]).map {
            try TensorArchive(contentsOf: $0).tensor("head.weight", as: Float.self)
        }
        #expect(weights[2] == (weights[0] + weights[1]) / 2)
        // The mean was never evaluated.
        #expect(try WeightsFile(path).metrics.isEmpty)
        #expect(try WeightsFile(path).epoch == nil)
    }

    @Test func weightsOfDifferentModelsHaveNoMean() throws {
        let network = MLP(.init(classes: 80, layers: 0))
        try WeightsFile.write(network, of: CharacterPredictor.model(network, characters: .fsdl80), to: path)
        let other = folder.file("other.safetensors")
        let larger = MLP(.init(classes: 80, layers: 1))
        try WeightsFile.write(larger, of: CharacterPredictor.model(larger, characters: .fsdl80), to: other)
        try Ductus.run("weights", "export", path, other, "-o", folder.file("mean.safetensors"))
            .expectRefusal(about: other)
    }

    @Test func charactersMayComeFromAFile() throws {
        try write(classes: 3)
        let characters = folder.file("characters.json")
        try File.write(Array(#"{"characters": "xy", "blank": 2}"#.utf8), to: characters)
        let words = ["weights", "convert", "--network", "mlp", "--set", "layers=0", "--characters", characters]
        #expect(try Ductus.Run(words + [source, path]).wait().status == 0)
        #expect(try WeightsFile(path).recipe("characters", as: Alphabet.self).characters == "xy")
        try File.write(Array("xy".utf8), to: characters)
        try Ductus.Run(words + [source, path]).wait().expectRefusal(about: characters)
    }

    @Test func weightsOfOtherShapesAreRefused() throws {
        try write(classes: 3)
        let words = ["weights", "convert", "--network", "mlp", "--set", "layers=0"]
        let misshapen = try Ductus.Run(words + [source, path]).wait()
        misshapen.expectRefusal(about: source)
        #expect(misshapen.errors.contains("\"layers.0.weight\" has shape [3, 784]"))
        #expect(!File.exists(path))
    }

    @Test func missingFilesAreRefused() throws {
        let none = folder.file("none")
        try Ductus.run("weights", "convert", "--network", "mlp", none, path).expectRefusal(about: none)
        try Ductus.run("weights", "show", none).expectRefusal(about: none)
        #expect(!File.exists(path))
    }
}
