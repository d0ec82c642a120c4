import DuctusModels

extension WeightsFile {
    /// Makes a weights file of PyTorch's weights for a network of the Full Stack Deep Learning text recognizer's port.
    ///
    /// ```swift
    /// try WeightsFile.convert(pytorch: "crnn-state-dict.safetensors", network: "crnn", to: "crnn.safetensors")
    /// print(try LineReader("crnn.safetensors").predict(Image(contentsOf: "line.png")).text)
    /// ```
    ///
    /// - Parameters:
    ///   - source: the `state_dict`, as a safetensors file; see ``PyTorchWeights``.
    ///   - name: `mlp`, `lenet`, `all_conv`, `lstm_ctc`, `crnn`, `fcn` or `unet`.
    ///   - changes: properties of the network's configuration that are not the port's: `window=12`.
    ///   - task: what the network is for, if not what it is made for.
    ///   - characters: what the classes stand for; not needed for detection.
    ///   - input: how images of lines became inputs when it was trained.
    ///   - path: replaced in one step if it is there.
    /// - Returns: what the source held.
    /// - Throws: `FileError`, `ArchiveError` or `ConfigurationError`, each naming the file.
    @discardableResult
    public static func convert(
        pytorch source: String, network name: String, changes: [String] = [], task: Task? = nil,
        characters: CharacterSet = .fsdl80, input: LineInput = .fsdl, to path: String
    ) throws -> PyTorchWeights.Counts {
        let weights = try PyTorchWeights(source)
        let type = NetworkRegistry.type(named: name)
        let task =
            task ?? (type is any PixelNetwork.Type ? .detection : type is any LineNetwork.Type ? .lines : .characters)
        // What differs from the defaults here.
        let port: [String: JSONText] =
            name == UNet.name ? ["filters": .number("64"), "upsampling": .string("bilinear")] : [:]
        let network = try Initialization.omitted {
            try NetworkRegistry.network(
                name, JSONText.object(port).applying(changes), classes: task == .detection ? 3 : characters.count,
                file: source)
        }
        let described = task == .detection ? nil : characters
        if let problem = problem(task, network, described, input) {
            throw ArchiveError(source, "cannot be converted: \(problem).")
        }
        let counts = try weights.load(into: network)
        try write(network, for: task, characters: described, input: input, detection: .fsdl, to: path)
        return counts
    }
}

extension CharacterSet {
    /// `fsdl-80`, `iam`, or a JSON file with `characters` and the class of the `blank`.
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
            self = try text.decoded(file: name, path: "characters")
        }
    }
}
