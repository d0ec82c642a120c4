extension WeightsFile {
    /// Converts weights of the PyTorch port of the Full Stack Deep Learning text recognizer to a weights file.
    ///
    /// ```swift
    /// try WeightsFile.convert(pytorch: "crnn-state-dict.safetensors", network: "crnn", to: "crnn.safetensors")
    /// print(try LineReader("crnn.safetensors").predict(Image(contentsOf: "line.png")).text)
    /// ```
    ///
    /// - Parameters:
    ///   - source: the `state_dict` as a safetensors file; see ``PyTorchWeights``.
    ///   - name: a network of the port, such as `crnn`.
    ///   - changes: properties of the network's configuration that differ from the port's, such as `window=12`.
    ///   - characters: the alphabet of the classes; ignored for line detection.
    ///   - input: the preprocessing of lines that the network was trained with.
    ///   - path: the path of the weights file, which is replaced atomically if it exists.
    /// - Returns: the numbers of values in the source.
    /// - Throws: `FileError`, `ArchiveError` or `ConfigurationError`, each naming the file.
    @discardableResult
    public static func convert(
        pytorch source: String, network name: String, changes: [String] = [],
        characters: Alphabet = .fsdl80, input: LineInput = .fsdl, to path: String
    ) throws -> PyTorchWeights.Counts {
        let weights = try PyTorchWeights(source)
        let isDetector = try Registries.networks.value(named: name, file: source) is any PixelNetwork.Type
        let settings = try JSONText.object(PyTorchWeights.settings(of: name)).applying(changes).object ?? [:]
        let network = try Initialization.omitted {
            try Registries.networks.network(
                Choice(name, settings: settings), classes: isDetector ? LineDetector.classes : characters.count,
                file: source)
        }
        let model = try model(network, characters: characters, input: input, source: source)
        let counts = try weights.load(into: network)
        try write(network, of: model, to: path)
        return counts
    }

    /// The model configuration of a network of the port.
    private static func model(
        _ network: any ConfigurableNetwork, characters: Alphabet, input: LineInput, source: String
    ) throws -> ModelConfiguration {
        let classes = network.configuration.classes
        let (model, problem): (ModelConfiguration?, String?) =
            switch network {
            case let network as any ConfigurableNetwork & PixelNetwork:
                (try LineDetector.model(network, input: .fsdl), nil)
            case let network as any ConfigurableNetwork & LineNetwork:
                (
                    try LineReader.model(network, characters: characters, input: input),
                    LineReader.problem(network, classes: classes, characters: characters, input: input)
                )
            case let network as any ConfigurableNetwork & CharacterNetwork:
                (
                    try CharacterPredictor.model(network, characters: characters),
                    CharacterPredictor.problem(network, classes: classes, characters: characters)
                )
            default: (nil, "the network is neither a recognizer nor a detector")
            }
        guard let model, problem == nil else {
            throw ArchiveError(source, "cannot be converted: \(problem ?? "").")
        }
        return model
    }
}

extension Alphabet {
    /// The alphabet named `fsdl-80` or `iam`, or that of a JSON file with `characters` and the class of the `blank`.
    ///
    /// - Throws: `FileError`, `ArchiveError` or `ConfigurationError`, naming the file.
    public init(named name: String) throws {
        switch name {
        case "fsdl-80": self = .fsdl80
        case "iam": self = .iam
        default:
            let bytes = try File.readBytes(name, maximumBytes: 1 << 20)
            guard let text = try? JSONText(parsing: bytes) else {
                throw ConfigurationError(name, "must be JSON, such as {\"characters\": \"abc\", \"blank\": 3}")
            }
            self = try text.decoded(file: name, key: "characters")
        }
    }
}
