import DuctusHandwriting
import DuctusHandwritingTestSupport
import DuctusTestSupport
import Testing

@Suite struct WeightsFileTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("weights.safetensors")
    }

    private func writeReader() throws {
        try WeightsFile.write(TinyModels.reader(), for: .lines, characters: TinyModels.characters, to: path)
    }

    @Test func roundTrip() throws {
        let network = Initialization.seeded(3) { CRNN(.init(classes: 4, filters: [1, 2, 3, 2, 2], hidden: 2)) }
        var input = LineInput()
        (input.spreadsContrast, input.maximumAspect) = (false, 30)
        try WeightsFile.write(
            network, for: .lines, characters: TinyModels.characters, input: input, metrics: ["cer": 0.25], to: path)
        let file = try WeightsFile(path)
        #expect(file.task == .lines && file.characters == TinyModels.characters && file.input == input)
        #expect(file.metrics == #"{"cer": 0.25}"#)
        let loaded = try #require(file.network as? CRNN)
        #expect(loaded.configuration == network.configuration && loaded.head.weight.name == "head.weight")
        #expect(
            loaded.namedParameters.map(\.parameter.stored.scalars)
                == network.namedParameters.map(\.parameter.stored.scalars))
    }

    @Test(arguments: [
        (MLP(.init(classes: 3, width: 2)) as any ConfigurableNetwork, WeightsFile.Task.characters),
        (LeNet(.init(classes: 3, filters: [1, 1], width: 2)), .characters),
        (FCN(.init(filters: 2, blockSize: 2, dilations: [1, 1])), .detection),
        (UNet(.init(filters: 2, depth: 1, upsampling: .bilinear)), .detection),
        // The blank may be one of the classes.
        (MLP(.init(classes: 4, width: 2)), .characters),
        (LeNet(.init(classes: 4, filters: [1, 1], width: 2, keepsSize: true)), .characters),
        (LineCNN(.init(classes: 4, filters: [1, 1], width: 2)), .lines),
        (SlidingWindowCNN(.init(classes: 4, stride: 10, filters: [1, 1], width: 2)), .lines),
        (LineLSTM(.init(classes: 4, filters: [1, 1], width: 2, hidden: 2)), .lines),
    ])
    func everyNetwork(network: any ConfigurableNetwork, task: WeightsFile.Task) throws {
        try WeightsFile.write(
            network, for: task, characters: Alphabet("abc", blank: 3), input: .fsdl, to: path)
        let file = try WeightsFile(path, for: task)
        #expect(file.task == task && file.input == (task == .lines ? .fsdl : LineInput()))
        #expect(file.network.parameterCount == network.parameterCount)
    }

    /// What opening the file for lines says.
    private func refusal(for task: WeightsFile.Task = .lines) -> String? {
        let error = #expect(throws: (any Error).self) { try WeightsFile(path, for: task) }
        let message = error.map { "\($0)" } ?? ""
        #expect(isOneSentence(message, about: path), "\(message)")
        return message
    }

    @Test func otherFilesAreRefused() throws {
        #expect(refusal()?.contains("no such file") == true)
        try File.write(Array("not weights".utf8), to: path)
        #expect(refusal()?.contains("is not a safetensors file") == true)
        var archive = TensorArchive()
        archive.set("weight", to: Tensor<Float>.ones([3]))
        try archive.write(to: path)
        #expect(refusal()?.contains("names no network") == true)
        try writeReader()
        #expect(refusal(for: .detection)?.contains("holds a network for lines; detection is needed") == true)
        try File.write(Array(File.readBytes(path).dropLast(1)), to: path)
        #expect(refusal()?.contains("is truncated") == true)
    }

    /// A file whose notes and tensors belong to different networks.
    @Test func weightsOfAnotherNetworkAreRefused() throws {
        try writeReader()
        var archive = TensorArchive()
        archive.metadata = try TensorArchive(contentsOf: path).metadata
        TinyModels.detector().save(to: &archive)
        try archive.write(to: path)
        #expect(refusal()?.contains("has no tensor \"convolutions.0.weight\"") == true)
        CRNN(.init(classes: 4, filters: [1, 1, 1, 1, 2], hidden: 1)).save(to: &archive)
        try archive.write(to: path)
        #expect(refusal()?.contains("this network needs [3, 3, 1, 1]") == true)
    }

    /// Notes that lie must not crash whoever reads with the file.
    @Test(arguments: [
        ("configuration", #"{"classes": 4, "filters": [1, 1]}"#), ("configuration", #"{"classes": 0}"#),
        ("configuration", #"{"classes": 99999999999999}"#), ("configuration", #"{"classes": 4, "hidden": -1}"#),
        ("configuration", #"{"classes": 4, "depth": 3}"#), ("configuration", #"{"classes": "four"}"#),
        ("configuration", #"{"classes": 4, "dropout": 2}"#), ("configuration", "[]"), ("configuration", "{"),
        ("network", "transformer"), ("network", "mlp"), ("task", "poetry"), ("characters", #"{"characters": "abc"}"#),
        ("characters", #"{"characters": "aba", "blank": 0}"#), ("characters", #"{"characters": "abcdef", "blank": 0}"#),
        ("characters", #"{"characters": "abc", "blank": 7}"#), ("input", #"{"height": 0}"#),
        ("input", #"{"height": 32, "spreadsContrast": true, "maximumAspect": 60}"#),
        ("input", #"{"height": 28, "spreadsContrast": true, "maximumAspect": -1}"#),
        ("input", #"{"height": 28, "margin": 0, "spreadsContrast": true, "maximumAspect": 9, "minimumAspect": -1}"#),
    ])
    func notesThatLie(key: String, value: String) throws {
        try writeReader()
        var archive = try TensorArchive(contentsOf: path)
        archive.metadata[key] = value
        try archive.write(to: path)
        _ = refusal()
    }

    /// A network that is not made for the task it is said to do.
    @Test(arguments: [
        (MLP(.init(classes: 3, inputs: 36, width: 2)) as any ConfigurableNetwork, WeightsFile.Task.characters),
        (LeNet(.init(classes: 3, side: 12, filters: [1, 1], width: 2)), .characters),
        (TinyModels.reader(), .characters), (TinyModels.detector(), .characters),
        (MLP(.init(classes: 4, width: 2)), .lines), (TinyModels.reader(), .detection),
        (FCN(.init(classes: 4, filters: 1, dilations: [1, 1])), .detection),
    ])
    func networksOfAnotherTask(network: any ConfigurableNetwork, task: WeightsFile.Task) throws {
        try WeightsFile.write(network, for: task, characters: TinyModels.characters, to: path)
        _ = refusal(for: task)
    }
}
