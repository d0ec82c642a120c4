/// A network with its weights and all that a predictor needs: one safetensors file.
///
/// ```swift
/// let file = try WeightsFile("runs/digits")                  // the best weights of a run, or a file
/// print(file.model.task, file.network.summary())
/// ```
///
/// The notes of the file (`__metadata__`) are texts:
///
/// | note | holds |
/// |---|---|
/// | `format` | `ductus 1` |
/// | `task`, `network`, `configuration` | names, and the network's configuration as JSON |
/// | `metrics`, `epoch` | validation results by name as JSON, and the epoch they are of |
/// | any other | a part of the task's recipe as JSON, such as `characters` and `input` |
public struct WeightsFile: Sendable {
    /// The file that was read, also where a directory was given.
    public let path: String
    /// What the network is for, how it is built, and the task's recipe.
    public let model: ModelConfiguration
    /// The network with its weights.
    public let network: any ConfigurableNetwork
    /// Validation results by name when the weights were saved.
    public let metrics: [String: Double]
    /// The epoch after which the weights were saved, counted from 1.
    public let epoch: Int?

    /// The file in a run's directory that holds the weights of its best epoch.
    public static let bestName = "best.safetensors"

    private static let format = 1
    private static let ownNotes: Set = [
        "format", "task", "network", "configuration", "metrics", "epoch", "training", "steps",
    ]

    /// Reads a weights file, or the best weights of a run's directory.
    ///
    /// - Parameters:
    ///   - path: the file, or a run's directory.
    ///   - task: what the weights must be for, if anything.
    /// - Throws: `ArchiveError` or `ConfigurationError` naming file and key.
    public init(_ path: String, for task: String? = nil) throws {
        let path = File.isDirectory(path) ? "\(path)/\(Self.bestName)" : path
        let archive = try TensorArchive(contentsOf: path)
        let notes = archive.metadata
        try Self.checkFormat(notes["format"], path)
        guard let kind = notes["task"], let name = notes["network"],
            let settings = notes["configuration"].flatMap({ try? JSONText(parsing: Array($0.utf8)) })?.object
        else { throw ArchiveError(path, "is not a weights file of Ductus: it names no network.") }
        if let task, task != kind { throw ArchiveError(path, "holds a network for \(kind); \(task) is needed.") }
        self.path = path
        let recipe = notes.filter { !Self.ownNotes.contains($0.key) }
            .compactMapValues { try? JSONText(parsing: Array($0.utf8)) }
        model = ModelConfiguration(task: kind, network: Choice(name, settings: settings), recipe: recipe)
        network = try Initialization.omitted { [model] in
            try Registries.networks.network(model.network, classes: 2, file: path)
        }
        network.nameParameters()
        (metrics, epoch) = Self.results(notes)
        try network.load(from: archive)
    }

    /// A part of the task's recipe.
    /// - Throws: `ArchiveError` if the file has no such note, `ConfigurationError` for what is wrong with it.
    public func recipe<Value: Decodable>(_ key: String, as type: Value.Type = Value.self) throws -> Value {
        guard let note = model.recipe[key] else { throw ArchiveError(path, "has no note \"\(key)\".") }
        return try note.decoded(file: path, key: key)
    }

    /// Settings in the task's recipe; what the file does not say has its default.
    /// - Throws: `ConfigurationError` naming file and key.
    public func recipe<Settings: Configuration>(_ key: String, as type: Settings.Type = Settings.self) throws -> Settings {
        try Settings().changed(by: model.recipe[key] ?? .object([:]), file: path, key: key)
    }

    /// The network in a role, such as `(any LineNetwork).self`.
    /// - Throws: `ArchiveError` saying that it is no such thing, if it is not.
    public func network<Role>(as role: Role.Type, _ description: String) throws -> Role {
        guard let network = network as? Role else {
            throw ArchiveError(path, "does not fit together: \(model.network.name) is not a \(description).")
        }
        return network
    }

    /// Writes a network with everything that its predictors need, in one step.
    ///
    /// - Parameters:
    ///   - network: the network whose weights are saved.
    ///   - model: what it is for, and its recipe.
    ///   - metrics: validation results by name.
    ///   - epoch: the epoch that they are of.
    ///   - path: replaced if it is there.
    /// - Throws: `FileError` if the file cannot be written.
    public static func write(
        _ network: any Network, of model: ModelConfiguration?, metrics: [String: Double] = [:], epoch: Int? = nil,
        to path: String
    ) throws {
        var archive = TensorArchive()
        archive.metadata = notes(of: model)
        // What was not measured is not a number, which JSON does not have.
        archive.metadata["metrics"] = try JSONText(encoding: metrics.filter { $0.value.isFinite }).text
        archive.metadata["epoch"] = epoch.map(String.init)
        network.save(to: &archive)
        try archive.write(to: path)
    }

    /// What files of such a model note about it.
    package static func notes(of model: ModelConfiguration?) -> [String: String] {
        var notes = ["format": "ductus \(format)"]
        guard let model else { return notes }
        notes.merge(model.recipe.mapValues(\.text)) { $1 }
        notes["task"] = model.task
        notes["network"] = model.network.name
        notes["configuration"] = JSONText.object(model.network.settings).text
        return notes
    }

    private static func checkFormat(_ note: String?, _ path: String) throws(ArchiveError) {
        let words = (note ?? "").split(separator: " ")
        guard words.count == 2, words[0] == "ductus", let version = Int(words[1]) else {
            throw ArchiveError(path, "is not a weights file of Ductus: it names no format.")
        }
        guard version <= format else {
            throw ArchiveError(
                path, "has format \(version), which is newer than this Ductus, which reads up to \(format); update it.")
        }
    }

    /// Results that were saved with the weights; a record of an epoch, in files from before there was an `epoch`.
    private static func results(_ notes: [String: String]) -> (metrics: [String: Double], epoch: Int?) {
        let fields = notes["metrics"].flatMap { try? JSONText(parsing: Array($0.utf8)) }?.object ?? [:]
        let values = fields["validation"]?.object ?? fields
        return (values.compactMapValues(\.number), notes["epoch"].flatMap { Int($0) } ?? fields["epoch"]?.count)
    }
}
