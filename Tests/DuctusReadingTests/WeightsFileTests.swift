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

    /// Changes the metadata of a valid file.
    private func writeReader(changing change: (inout [String: String]) -> Void) throws {
        try TinyModels.writeReader(to: path)
        var archive = try TensorArchive(contentsOf: path)
        change(&archive.metadata)
        try archive.write(to: path)
    }

    @Test func whatIsWrittenIsRead() throws {
        let network = Initialization.seeded(3) { CRNN(.init(classes: 4, filters: [1, 2, 3, 2, 2], hidden: 2)) }
        var input = LineInput()
        (input.spreadsContrast, input.maximumAspect) = (false, 30)
        let model = try LineReader.model(network, characters: TinyModels.characters, input: input)
        try WeightsFile.write(network, of: model, metrics: ["cer": 0.25, "loss": .nan], epoch: 7, to: path)
        let file = try WeightsFile(path)
        #expect(file.model == model)
        #expect(file.model.task == "lines")
        #expect(try file.recipe("characters") == TinyModels.characters)
        #expect(try file.recipe("input") == input)
        #expect(file.metrics == ["cer": 0.25])
        #expect(file.epoch == 7)
        let loaded = try #require(file.network as? CRNN)
        #expect(loaded.configuration == network.configuration)
        #expect(loaded.head.weight.name == "head.weight")
        let scalars = [loaded, network].map { $0.namedParameters.map(\.parameter.stored.scalars) }
        #expect(scalars[0] == scalars[1])
    }

    private static func models() throws -> [(any ConfigurableNetwork, ModelConfiguration)] {
        let characters = Alphabet("abc", blank: 3)
        func classifier(_ network: some ConfigurableNetwork & CharacterNetwork) throws -> (
            any ConfigurableNetwork, ModelConfiguration
        ) { (network, try CharacterPredictor.model(network, characters: characters)) }
        func detector(_ network: some ConfigurableNetwork & PixelNetwork) throws -> (
            any ConfigurableNetwork, ModelConfiguration
        ) { (network, try LineDetector.model(network)) }
        func recognizer(_ network: some ConfigurableNetwork & LineNetwork) throws -> (
            any ConfigurableNetwork, ModelConfiguration
        ) { (network, try LineReader.model(network, characters: characters, input: .fsdl)) }
        return [
            try classifier(MLP(.init(classes: 3, width: 2))),
            try classifier(LeNet(.init(classes: 3, filters: [1, 1], width: 2))),
            // The blank may be one of the classes.
            try classifier(MLP(.init(classes: 4, width: 2))),
            try classifier(LeNet(.init(classes: 4, filters: [1, 1], width: 2, keepsSize: true))),
            try detector(FCN(.init(filters: 2, blockSize: 2, dilations: [1, 1]))),
            try detector(UNet(.init(filters: 2, depth: 1, upsampling: .bilinear))),
            try recognizer(LineCNN(.init(classes: 4, filters: [1, 1], width: 2))),
            try recognizer(SlidingWindowCNN(.init(classes: 4, stride: 10, filters: [1, 1], width: 2))),
            try recognizer(LineLSTM(.init(classes: 4, filters: [1, 1], width: 2, hidden: 2))),
        ]
    }

    @Test(arguments: try models().indices) func predictorsLoadTheirNetworks(index: Int) throws {
        let (network, model) = try Self.models()[index]
        try WeightsFile.write(network, of: model, to: path)
        let file = try WeightsFile(path, for: model.task)
        #expect(file.model == model)
        #expect(file.network.parameterCount == network.parameterCount)
        #expect(throws: Never.self) {
            switch model.task {
            case CharacterPredictor.task: _ = try CharacterPredictor(path)
            case LineDetector.task: _ = try LineDetector(path)
            default: _ = try LineReader(path)
            }
        }
    }

    /// The error of opening the file.
    private func refusal(for task: String = LineReader.task) throws -> String {
        let error = try #require(throws: (any Error).self) {
            switch task {
            case CharacterPredictor.task: _ = try CharacterPredictor(path)
            case LineDetector.task: _ = try LineDetector(path)
            default: _ = try LineReader(path)
            }
        }
        #expect(isOneSentence("\(error)", about: path), "\(error)")
        return "\(error)"
    }

    @Test func otherFilesAreRefused() throws {
        #expect(try refusal().contains("no such file"))
        try File.write(Array("not weights".utf8), to: path)
        #expect(try refusal().contains("is not a safetensors file"))
        var archive = TensorArchive()
        archive.set("weight", to: Tensor<Float>.ones([3]))
        try archive.write(to: path)
        #expect(try refusal().contains("is not a Ductus weights file"))
        try TinyModels.writeReader(to: path)
        #expect(try refusal(for: LineDetector.task).contains("is for the task lines; a file for detection is required"))
        try File.write(Array(File.readBytes(path).dropLast(1)), to: path)
        #expect(try refusal().contains("is truncated"))
    }

    // MARK: Format

    @Test(arguments: ["ductus 2", "ductus 17"]) func newerFormatsAreRefused(format: String) throws {
        try writeReader { $0["format"] = format }
        let version = format.split(separator: " ")[1]
        #expect(
            try refusal().hasSuffix(
                "has format version \(version), but this version of Ductus reads up to 1; update Ductus."))
    }

    @Test(arguments: [nil, "", "ductus", "ductus x", "ductus 0", "ductus -1", "keras 1", "ductus 1 2"])
    func invalidFormatsAreRefused(format: String?) throws {
        try writeReader { $0["format"] = format }
        #expect(try refusal().contains("it has no valid format version"))
    }

    /// Files of earlier versions have the record of an epoch as metrics.
    @Test func recordsOfAnEpochAreReadAsMetrics() throws {
        let record = #"{"epoch":12,"loss":0.5,"rate":0.001,"seconds":3.5,"validation":{"accuracy":0.75,"loss":0.25}}"#
        try writeReader {
            $0["metrics"] = record
            $0["epoch"] = nil
        }
        let file = try WeightsFile(path)
        #expect(file.metrics == ["accuracy": 0.75, "loss": 0.25])
        #expect(file.epoch == 12)
    }

    @Test(arguments: [
        "characters.safetensors", LineDetector.fileName, PageReader.readerName, PageReader.detectorName,
        "open/\(PageReader.readerName)", "open/\(PageReader.detectorName)",
    ])
    func pretrainedWeightsLoad(name: String) throws {
        let file = try WeightsFile(Goldens.path("../../Sources/DuctusReading/Weights/\(name)"))
        // The reader is the mean of two runs, which was no epoch of either.
        let expected: [String: (task: String, network: String, metric: String?)] = [
            "characters.safetensors": (CharacterPredictor.task, "lenet", "accuracy"),
            LineDetector.fileName: (LineDetector.task, "unet", "accuracy"),
            PageReader.readerName: (LineReader.task, "residualCRNN", nil),
            PageReader.detectorName: (BaselineDetector.task, "unet", "loss"),
            "open/\(PageReader.readerName)": (LineReader.task, "residualCRNN", "characterAccuracy"),
            "open/\(PageReader.detectorName)": (BaselineDetector.task, "unet", "loss"),
        ]
        let (task, network, metric) = try #require(expected[name])
        #expect(file.model.task == task)
        #expect(file.model.network.name == network)
        #expect(type(of: file.network).name == network)
        if let metric {
            #expect(try #require(file.metrics[metric]) > (metric == "characterAccuracy" ? 0.8 : 0.2))
            #expect(try #require(file.epoch) > 0)
        }
        if task == LineDetector.task {
            #expect(throws: Never.self) { try file.recipe("input", as: DetectionInput.self) }
        } else if task == BaselineDetector.task {
            #expect(throws: Never.self) { try file.recipe("input", as: BaselineInput.self) }
        } else {
            #expect(try file.recipe("characters", as: Alphabet.self).count >= file.network.configuration.classes)
        }
    }

    // MARK: Inconsistent files

    @Test func weightsOfAnotherNetworkAreRefused() throws {
        try TinyModels.writeReader(to: path)
        var archive = TensorArchive()
        archive.metadata = try TensorArchive(contentsOf: path).metadata
        TinyModels.detector().save(to: &archive)
        try archive.write(to: path)
        #expect(try refusal().contains("has no tensor \"convolutions.0.weight\""))
        CRNN(.init(classes: 4, filters: [1, 1, 1, 1, 2], hidden: 1)).save(to: &archive)
        try archive.write(to: path)
        #expect(try refusal().contains("[3, 3, 1, 1]"))
    }

    /// Inconsistent metadata must not crash predictors.
    @Test(arguments: [
        ("configuration", #"{"classes": 4, "filters": [1, 1]}"#), ("configuration", #"{"classes": 0}"#),
        ("configuration", #"{"classes": 99999999999999}"#), ("configuration", #"{"classes": 4, "hidden": -1}"#),
        ("configuration", #"{"classes": 4, "depth": 3}"#), ("configuration", #"{"classes": "four"}"#),
        ("configuration", #"{"classes": 4, "dropout": 2}"#), ("configuration", "[]"), ("configuration", "{"),
        ("network", "transformer"), ("network", "mlp"), ("task", "poetry"), ("characters", #"{"characters": "abc"}"#),
        ("characters", "{"), ("characters", #"{"characters": "aba", "blank": 0}"#),
        ("characters", #"{"characters": "abcdef", "blank": 0}"#), ("characters", #"{"characters": "abc", "blank": 7}"#),
        ("input", #"{"height": 0}"#), ("input", #"{"hight": 28}"#),
        ("input", #"{"height": 32, "spreadsContrast": true, "maximumAspect": 60}"#),
        ("input", #"{"height": 28, "spreadsContrast": true, "maximumAspect": -1}"#),
        ("input", #"{"height": 28, "margin": 0, "spreadsContrast": true, "maximumAspect": 9, "minimumAspect": -1}"#),
    ])
    func inconsistentMetadataAreRefused(key: String, value: String) throws {
        try writeReader { $0[key] = value }
        _ = try refusal()
    }

    /// Recipes may not replace the metadata of the file itself.
    @Test func recipesCannotUseReservedKeys() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = try ModelConfiguration(task: "x", network: MLP(.init(classes: 3)), recipe: ["network": "y"])
        }
        let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(message.contains("the recipe has the key \"network\""))
    }

    @Test(arguments: [
        (MLP(.init(classes: 3, inputs: 36, width: 2)) as any ConfigurableNetwork, CharacterPredictor.task),
        (LeNet(.init(classes: 3, side: 12, filters: [1, 1], width: 2)), CharacterPredictor.task),
        (TinyModels.reader(), CharacterPredictor.task), (TinyModels.detector(), CharacterPredictor.task),
        (MLP(.init(classes: 4, width: 2)), LineReader.task), (TinyModels.reader(), LineDetector.task),
        (FCN(.init(classes: 4, filters: 1, dilations: [1, 1])), LineDetector.task),
    ])
    func networksForAnotherTaskAreRefused(network: any ConfigurableNetwork, task: String) throws {
        let model = try ModelConfiguration(
            task: task, network: network, recipe: ["characters": TinyModels.characters])
        try WeightsFile.write(network, of: model, to: path)
        _ = try refusal(for: task)
    }
}
