import DuctusModels

/// A network with its weights and everything a predictor needs: one safetensors file.
///
/// ```swift
/// try WeightsFile.write(
///     model.network, for: .characters, characters: CharacterSet("0123456789", blank: 10), to: "digits.safetensors")
/// let file = try WeightsFile("digits.safetensors")
/// print(file.network.configuration, file.characters?.characters ?? "")
/// ```
public struct WeightsFile: Sendable {
    /// What a network is for.
    public enum Task: String, Sendable, Codable, CaseIterable {
        /// Naming single characters; a `CharacterNetwork`.
        case characters
        /// Reading lines; a `LineNetwork`.
        case lines
        /// Finding the lines on pages; a `PixelNetwork`.
        case detection
        /// Reading whole paragraphs; a `TextGenerator`.
        case paragraphs
    }

    /// The file that was read, also where a directory was given.
    public let path: String
    /// What the network is for, as the file says.
    public let task: Task
    /// The network with its weights.
    public let network: any ConfigurableNetwork
    /// What the classes of a character or line network stand for.
    public let characters: CharacterSet?
    /// How images of lines become the network's input; without meaning for other tasks.
    public let input: LineInput
    /// How pages become a detector's input; without meaning for other tasks.
    public let detection: DetectionInput
    /// How images of paragraphs become the network's input; without meaning for other tasks.
    public let paragraph: ParagraphInput
    /// Validation results when the weights were saved, as JSON.
    public let metrics: String?

    /// Reads a weights file, or the best weights of a run's directory. A file for another `task` is an error.
    /// - Throws: `ArchiveError` or `ConfigurationError` naming file and key.
    public init(_ path: String, for task: Task? = nil) throws {
        let path = File.isDirectory(path) ? "\(path)/\(Checkpoint.bestName)" : path
        let archive = try TensorArchive(contentsOf: path)
        let notes = archive.metadata
        guard let kind = notes["task"].flatMap(Task.init(rawValue:)), let name = notes["network"],
            let fields = notes["configuration"].flatMap({ try? JSONText(parsing: Array($0.utf8)) })
        else { throw ArchiveError(path, "is not a weights file of Ductus: it names no network.") }
        if let task, task != kind {
            throw ArchiveError(path, "holds a network for \(kind.rawValue); \(task.rawValue) is needed.")
        }
        self.path = path
        self.task = kind
        network = try Initialization.omitted { try NetworkRegistry.network(name, fields, classes: 2, file: path) }
        network.nameParameters()
        func note<Value: Decodable>(_ key: String, for task: Task? = nil) throws -> Value? {
            guard task == nil || task == kind, let text = notes[key] else { return nil }
            return try JSONText(parsing: Array(text.utf8)).decoded(file: path, path: key)
        }
        characters = try note("characters")
        input = try note("input", for: .lines) ?? LineInput()
        detection = try note("input", for: .detection) ?? DetectionInput()
        paragraph = try note("input", for: .paragraphs) ?? ParagraphInput()
        metrics = notes["metrics"]
        if let problem = Self.problem(kind, network, characters, input, paragraph) {
            throw ArchiveError(path, "does not fit together: \(problem).")
        }
        try network.load(from: archive)
    }

    /// Why a network cannot do a task, if it cannot.
    static func problem(
        _ task: Task, _ network: any ConfigurableNetwork, _ characters: CharacterSet?, _ input: LineInput,
        _ paragraph: ParagraphInput = ParagraphInput()
    ) -> String? {
        let classes = network.configuration.classes
        let name = type(of: network).name
        switch task {
        case .characters:
            guard let network = network as? any CharacterNetwork else { return "\(name) names no characters" }
            guard network.pixels == CharacterImages.side * CharacterImages.side else {
                return "the network takes images of \(network.pixels) pixels, not of 28 × 28"
            }
            // Nothing is left blank here: the blank of the set stands behind the classes, unless it has a class that
            // nothing belongs to.
            guard let characters,
                characters.count == classes || characters.count == classes + 1 && characters.blank == classes
            else {
                return "classes and character set differ in number"
            }
        case .lines:
            guard let network = network as? any LineNetwork else { return "\(name) reads no lines" }
            guard network.height == input.height, 1...1000 ~= input.maximumAspect, 0...1000 ~= input.margin,
                0...1000 ~= input.minimumAspect
            else {
                return "the network takes lines of height \(network.height), the input recipe makes \(input.height)"
            }
            guard characters?.count == classes else { return "classes and character set differ in number" }
        case .detection:
            guard network is any PixelNetwork, classes == 3 else {
                return "\(name) with \(classes) classes finds no lines"
            }
        case .paragraphs:
            guard let network = network as? any TextGenerator else { return "\(name) writes no paragraphs" }
            guard network.height == paragraph.height else {
                return "the network takes images of height \(network.height), the input recipe makes "
                    + "\(paragraph.height)"
            }
            guard max(network.minimumWidth, 1)...8192 ~= paragraph.width, paragraph.scale > 0, paragraph.scale <= 8
            else { return "no image is \(paragraph.width) columns wide, at the scale \(paragraph.scale)" }
            guard characters?.count == classes else { return "classes and character set differ in number" }
        }
        return nil
    }

    /// Writes a network so that predictors, `ductus evaluate --weights` and `ductus read --model` can use it.
    ///
    /// - Parameters:
    ///   - network: one that can do the task.
    ///   - task: what it is for.
    ///   - characters: what the classes stand for; not needed for detection.
    ///   - input: how images of lines became inputs when it was trained.
    ///   - detection: how maps of pages did, for a network that detects lines.
    ///   - paragraph: how images of paragraphs did, for a network that reads those.
    ///   - metrics: validation results by name.
    ///   - path: replaced in one step if it is there.
    public static func write(
        _ network: any ConfigurableNetwork, for task: Task, characters: CharacterSet? = nil,
        input: LineInput = LineInput(), detection: DetectionInput = DetectionInput(),
        paragraph: ParagraphInput = ParagraphInput(), metrics: [String: Double] = [:], to path: String
    ) throws {
        precondition(
            characters != nil || task == .detection, "Weights for \(task.rawValue) need a character set.")
        var archive = TensorArchive()
        archive.metadata = try metadata(
            task: task, network: network, characters: characters, input: input, detection: detection,
            paragraph: paragraph)
        archive.metadata["metrics"] = try JSONText(encoding: metrics).text
        network.save(to: &archive)
        try archive.write(to: path)
    }

    /// The notes that a file of these weights carries.
    static func metadata(
        task: Task, network: any ConfigurableNetwork, characters: CharacterSet?, input: LineInput,
        detection: DetectionInput, paragraph: ParagraphInput
    ) throws -> [String: String] {
        func text(_ value: some Encodable) throws -> String { try JSONText(encoding: value).text }
        var notes = ["task": task.rawValue, "network": type(of: network).name, "format": "ductus 1"]
        notes["configuration"] = try text(network.configuration)
        notes["characters"] = try characters.map { try text($0) }
        switch task {
        case .characters: break
        case .lines: notes["input"] = try text(input)
        case .detection: notes["input"] = try text(detection)
        case .paragraphs: notes["input"] = try text(paragraph)
        }
        return notes
    }
}
