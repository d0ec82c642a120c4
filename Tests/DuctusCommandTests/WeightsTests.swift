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

    @Test func convertsAndShows() throws {
        try write(classes: 80)
        let converted = try Ductus.run(
            "weights", "convert", "--from", "pytorch", "--network", "mlp", "--set", "layers=0", source, path)
        #expect(converted.status == 0 && converted.output.isEmpty, "\(converted)")
        #expect(converted.errors == "62800 parameters, 0 of them redundant here; 0 numbers that are not trained.\n")
        #expect(try WeightsFile(path, for: .characters).characters == .fsdl80)
        let shown = try Ductus.run("weights", "show", path)
        #expect(shown.status == 0 && shown.errors.isEmpty)
        let rows = shown.output.split(separator: "\n")
        #expect(rows.last == "2 tensors      62800 elements", "\(shown.output)")
        #expect(rows.contains { $0.hasPrefix("head.weight ") && $0.hasSuffix(" float32 [784, 80]") })
        #expect(rows.contains { $0.hasPrefix("network ") && $0.hasSuffix(" mlp") })
        let original = try Ductus.run("weights", "show", source)
        #expect(original.output.contains("layers.0.weight  float32 [80, 784]\n"))
    }

    @Test func charactersOfAFile() throws {
        try write(classes: 3)
        let characters = folder.file("characters.json")
        try File.write(Array(#"{"characters": "xy", "blank": 2}"#.utf8), to: characters)
        let words = ["weights", "convert", "--network", "mlp", "--set", "layers=0", "--characters", characters]
        #expect(try Ductus.Run(words + ["--task", "characters", source, path]).wait().status == 0)
        #expect(try WeightsFile(path).characters?.characters == "xy")
        try File.write(Array("xy".utf8), to: characters)
        #expect(try Ductus.Run(words + [source, path]).wait().isRefusal(about: characters))
    }

    @Test func refusesWhatDoesNotFit() throws {
        try write(classes: 3)
        let words = ["weights", "convert", "--network", "mlp", "--set", "layers=0"]
        let misshapen = try Ductus.Run(words + [source, path]).wait()
        #expect(
            misshapen.isRefusal(about: source) && misshapen.errors.contains("\"layers.0.weight\" has shape [3, 784]"))
        #expect(try Ductus.Run(words + [folder.file("none"), path]).wait().isRefusal(about: folder.file("none")))
        #expect(try Ductus.Run(["weights", "show", folder.file("none")]).wait().isRefusal(about: folder.file("none")))
        #expect(!File.exists(path))
    }
}
