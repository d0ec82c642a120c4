import DuctusHandwriting
import DuctusTestSupport
import Testing

/// Networks of the PyTorch port, small and with the port's names (`Tests/Fixtures/pytorch_port.py`).
@Suite struct PyTorchWeightsTests {
    private let folder: TemporaryFolder
    private let source: String
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        (source, path) = (folder.file("state_dict.safetensors"), folder.file("weights.safetensors"))
    }

    static func cases() throws -> [GoldenCase] { try Goldens.cases("pytorch_port") }

    private static func golden(_ name: String) throws -> GoldenCase {
        try #require(cases().first { $0.name == name })
    }

    /// Seven classes: six characters and the blank.
    private static let characters = Alphabet("abcdef", blank: 6)

    /// The `state_dict` of a case.
    private func parameters(of golden: GoldenCase) throws -> TensorArchive {
        var archive = TensorArchive()
        let names = Set(try #require(golden.attributes["shapes"]?.object).keys)
        let all = try TensorArchive(contentsOf: Goldens.path("pytorch_port.safetensors"))
        for name in all.names where name.hasPrefix("\(golden.name)/") {
            let key = String(name.dropFirst(golden.name.count + 1))
            if ["input", "output"].contains(key) { continue }
            if all.elementType(of: name) == .int64 {
                // A counter of batches; tensors here have at most 32 bits.
                archive.set(key, to: Tensor<Int32>(3))
            } else {
                archive.set(key, to: try all.tensor(name, as: Float.self))
            }
        }
        // The fixture's names are those of the port's own size, but for networks of fewer blocks.
        #expect(Set(archive.names).isSubset(of: names.union(["layers.2.weight", "layers.2.bias"])))
        return archive
    }

    private func changes(_ golden: GoldenCase) throws -> [String] {
        try #require(golden.attributes["network"]?.object).filter { $0.key != "classes" }
            .map { "\($0.key)=\($0.value.text)" }
    }

    private func convert(_ golden: GoldenCase, _ archive: TensorArchive) throws -> PyTorchWeights.Counts {
        try archive.write(to: source)
        return try WeightsFile.convert(
            pytorch: source, network: golden.name, changes: changes(golden), characters: Self.characters, to: path)
    }

    /// The converted weights file is read back.
    @Test(arguments: try cases()) func outputsAgreeWithPyTorch(golden: GoldenCase) throws {
        _ = try convert(golden, parameters(of: golden))
        let file = try WeightsFile(path)
        if file.model.task == LineDetector.task {
            #expect(throws: ArchiveError.self) { try file.recipe("characters", as: Alphabet.self) }
        } else {
            #expect(try file.recipe("characters", as: Alphabet.self) == Self.characters)
        }
        if file.model.task == LineReader.task { #expect(try file.recipe("input", as: LineInput.self) == .fsdl) }
        let logits = file.network(try golden.tensor("input").expandingShape(at: 3))
        let output =
            switch golden.text("activation") {
            case "softmax": logits.softmax()
            case "logSoftmax": logits.logSoftmax()
            default: logits
            }
        #expect(try disagreement(of: output, with: golden.tensor("output"), tolerance: 1e-5) == nil)
    }

    /// At their original sizes, the networks have as many values as the originals.
    @Test(arguments: [
        ("mlp", 143_824, 0, 0), ("lenet", 1_208_912, 0, 0), ("all_conv", 639_568, 0, 0), ("lstm_ctc", 652_880, 512, 0),
        ("crnn", 802_256, 1024, 257), ("fcn", 41_747, 0, 0), ("unet", 13_394_307, 3968, 2 * 3968 + 18),
    ])
    func countsAreThoseOfTheOriginals(name: String, parameters: Int, redundant: Int, buffers: Int) throws {
        var archive = TensorArchive()
        for (key, shape) in try #require(Self.golden(name).attributes["shapes"]?.object) {
            let extents = try #require(shape.array).compactMap(\.count)
            archive.set(key, to: Tensor<Float>.zeros(Shape(extents)))
        }
        try archive.write(to: source)
        let counts = try WeightsFile.convert(pytorch: source, network: name, to: path)
        #expect(counts.parameters == parameters)
        #expect(counts.redundant == redundant)
        #expect(counts.buffers == buffers)
        #expect(try WeightsFile(path).network.parameterCount == parameters - redundant)
    }

    /// The error of converting a damaged file.
    private func refusal(_ name: String, _ damage: (inout TensorArchive) throws -> Void) throws -> String {
        let golden = try Self.golden(name)
        var archive = try parameters(of: golden)
        try damage(&archive)
        let error = try #require(throws: ArchiveError.self) { try convert(golden, archive) }
        #expect(isOneSentence(error.description, about: source), "\(error)")
        #expect(!File.exists(path))
        return error.problem
    }

    private func without(_ key: String, _ archive: TensorArchive) throws -> TensorArchive {
        var rest = TensorArchive()
        for name in archive.names where name != key { rest.set(name, to: try archive.tensor(name, as: Float.self)) }
        return rest
    }

    @Test func damagedFilesAreRefused() throws {
        #expect(
            try refusal("mlp") { $0 = try without("layers.3.bias", $0) }.contains("has no tensor \"layers.3.bias\""))
        #expect(
            try refusal("lstm_ctc") { $0.set("lstm.bias_hh_l0", to: Tensor<Float>.zeros([15])) }
                == "tensor \"lstm.bias_hh_l0\" has shape [15]; the network needs [16].")
        // Transposed, with the same number of elements.
        #expect(
            try refusal("lenet") { $0.set("mlp_layer.0.weight", to: Tensor<Float>.zeros([432, 4])) }
                == "tensor \"mlp_layer.0.weight\" has shape [432, 4]; the network needs [4, 432].")
        #expect(
            try refusal("fcn") { $0.set("layers.3.weight", to: Tensor<Float>.zeros([1])) }
                == "contains \"layers.3.weight\", which the network fcn does not have.")
        #expect(
            try refusal("all_conv") {
                $0.set("l4.weight", to: Tensor<Float>.zeros([1]))
                $0.set("l5.weight", to: Tensor<Float>.zeros([1]))
            } == "contains \"l4.weight\" and 1 more, which the network all_conv does not have.")
        #expect(
            try refusal("crnn") { $0.set("cnn.0.bias", to: Tensor<Int32>([0, 16_777_217])) }
                == "tensor \"cnn.0.bias\" holds 16777217, which Float cannot represent; read it as a type that can.")
    }

    @Test func theBatchCounterMayBeMissing() throws {
        let golden = try Self.golden("crnn")
        var archive = TensorArchive()
        let whole = try parameters(of: golden)
        for name in whole.names where !name.hasSuffix("tracked") {
            archive.set(name, to: try whole.tensor(name, as: Float.self))
        }
        #expect(try convert(golden, archive).buffers == 8)
    }

    @Test func invalidNetworksAreRefused() throws {
        let golden = try Self.golden("mlp")
        try parameters(of: golden).write(to: source)
        func refusal(_ name: String, _ changes: [String] = []) throws -> String {
            let error = try #require(throws: (any Error).self) {
                try WeightsFile.convert(pytorch: source, network: name, changes: changes, to: path)
            }
            return "\(error)"
        }
        #expect(try refusal("transformer").contains("there is no network \"transformer\""))
        #expect(try refusal("sliding_window").contains("the PyTorch port has no network sliding_window"))
        #expect(try refusal("mlp", ["window=3"]).contains("key \"network.window\" is not known"))
        #expect(try refusal("mlp", ["width"]).contains("must be KEY=VALUE"))
        #expect(try refusal("mlp", ["inputs=100"]).contains("takes images of 100 pixels"))
        #expect(try refusal("crnn", ["normalizesAll=true"]).contains("has no tensor \"cnn.0.weight\""))
    }

    /// The port has a single normalization.
    @Test func layersThatThePortLacksAreRefused() throws {
        let golden = try Self.golden("crnn")
        try parameters(of: golden).write(to: source)
        let error = try #require(throws: ArchiveError.self) {
            try WeightsFile.convert(
                pytorch: source, network: "crnn", changes: changes(golden) + ["normalizesAll=true"],
                characters: Self.characters, to: path)
        }
        #expect(error.problem.contains("has no tensor for normalizations.0.scale of the network crnn"))
    }

    @Test func alphabetsAreFoundByNameOrFile() throws {
        #expect(try Alphabet(named: "fsdl-80") == .fsdl80)
        #expect(try Alphabet(named: "iam") == .iam)
        let file = folder.file("characters.json")
        try File.write(Array(#"{"characters": "abcdef", "blank": 6}"#.utf8), to: file)
        #expect(try Alphabet(named: file) == Self.characters)
        for text in ["abc", #"{"characters": "abc"}"#, #"{"characters": "aa", "blank": 0}"#] {
            try File.write(Array(text.utf8), to: file)
            let error = try #require(throws: ConfigurationError.self) { try Alphabet(named: file) }
            #expect(isOneSentence(error.description, about: file))
        }
    }
}
