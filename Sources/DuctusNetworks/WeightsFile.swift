/// A safetensors file with everything that a predictor needs: the network, its weights, and the recipe of its task.
///
/// ```swift
/// let file = try WeightsFile("runs/digits")                  // a file, or the best weights of a run
/// print(file.model.task, file.network.summary())
/// ```
///
/// The metadata of the file (`__metadata__`):
///
/// | key | value |
/// |---|---|
/// | `format` | `ductus 1` |
/// | `task`, `network`, `configuration` | the names of task and network, and the network's configuration as JSON |
/// | `metrics`, `epoch` | the validation results as JSON, and their epoch |
/// | any other | part of the task's recipe as JSON, such as `characters` and `input` |
public struct WeightsFile: Sendable {
    /// The path of the file, even if a directory was given.
    public let path: String
    /// The task, the network's configuration, and the task's recipe.
    public let model: ModelConfiguration
    /// The network, with its weights.
    public let network: any ConfigurableNetwork
    /// The validation results by name.
    public let metrics: [String: Double]
    /// The epoch of the weights, from 1.
    public let epoch: Int?

    /// The name of the file with the weights of the best epoch in the directory of a run.
    public static let bestName = "best.safetensors"

    private static let format = 1
    /// The keys that are not part of a recipe.
    static let reservedKeys: Set = [
        "format", "task", "network", "configuration", "metrics", "epoch", "training", "steps", "optimizer",
    ]

    /// Reads a weights file, or the best weights of a run.
    ///
    /// - Parameters:
    ///   - path: the file, or the directory of a run.
    ///   - task: the task that the weights must be for; any if nil.
    /// - Throws: `ArchiveError` or `ConfigurationError` naming file and key.
    public init(_ path: String, for task: String? = nil) throws {
        let path = File.isDirectory(path) ? "\(path)/\(Self.bestName)" : path
        let archive = try TensorArchive(contentsOf: path)
        let metadata = archive.metadata
        try Self.checkFormat(metadata["format"], path)
        guard let kind = metadata["task"], let name = metadata["network"],
            let settings = metadata["configuration"].flatMap({ try? JSONText(parsing: Array($0.utf8)) })?.object
        else { throw ArchiveError(path, "is not a Ductus weights file: it names no network.") }
        if let task, task != kind {
            throw ArchiveError(path, "is for the task \(kind); a file for \(task) is required.")
        }
        self.path = path
        let recipe = metadata.filter { !Self.reservedKeys.contains($0.key) }
            .compactMapValues { try? JSONText(parsing: Array($0.utf8)) }
        model = ModelConfiguration(task: kind, network: Choice(name, settings: settings), recipe: recipe)
        network = try Initialization.omitted { [model] in
            try Registries.networks.network(model.network, classes: 2, file: path)
        }
        network.nameParameters()
        (metrics, epoch) = Self.results(metadata)
        try network.load(from: archive)
    }

    /// Part of the task's recipe.
    /// - Throws: `ArchiveError` if the file does not have the key, `ConfigurationError` if its value is invalid.
    public func recipe<Value: Decodable>(_ key: String, as type: Value.Type = Value.self) throws -> Value {
        guard let value = model.recipe[key] else {
            throw ArchiveError(path, "has no \"\(key)\" in its metadata.")
        }
        return try value.decoded(file: path, key: key)
    }

    /// Settings in the task's recipe. Missing settings have their defaults.
    /// - Throws: `ConfigurationError` naming file and key.
    public func recipe<Settings: Configuration>(
        _ key: String, as type: Settings.Type = Settings.self
    ) throws -> Settings {
        try Settings().changed(by: model.recipe[key] ?? .object([:]), file: path, key: key)
    }

    /// The network as another type.
    ///
    /// - Parameters:
    ///   - role: the type, such as `(any LineNetwork).self`.
    ///   - description: the name of that type in error messages, such as "line recognizer".
    /// - Throws: `ArchiveError` if the network is of another type.
    public func network<Role>(as role: Role.Type, _ description: String) throws -> Role {
        guard let network = network as? Role else {
            throw ArchiveError(path, "is inconsistent: the network \(model.network.name) is not a \(description).")
        }
        return network
    }

    /// Writes a weights file atomically.
    ///
    /// - Parameters:
    ///   - network: the network.
    ///   - model: its model configuration. Without it, predictors cannot load the file.
    ///   - metrics: the validation results by name. Values that are not finite are omitted.
    ///   - epoch: the epoch of the weights.
    ///   - path: the path of the file, which is replaced if it exists.
    /// - Throws: `FileError` if the file cannot be written.
    public static func write(
        _ network: any Network, of model: ModelConfiguration?, metrics: [String: Double] = [:], epoch: Int? = nil,
        to path: String
    ) throws {
        var archive = TensorArchive()
        archive.metadata = metadata(of: model)
        // JSON cannot represent NaN and infinity.
        archive.metadata["metrics"] = try JSONText(encoding: metrics.filter { $0.value.isFinite }).text
        archive.metadata["epoch"] = epoch.map(String.init)
        network.save(to: &archive)
        try archive.write(to: path)
    }

    /// The metadata for a model.
    package static func metadata(of model: ModelConfiguration?) -> [String: String] {
        var metadata = ["format": "ductus \(format)"]
        guard let model else { return metadata }
        metadata.merge(model.recipe.mapValues(\.text)) { $1 }
        metadata["task"] = model.task
        metadata["network"] = model.network.name
        metadata["configuration"] = JSONText.object(model.network.settings).text
        return metadata
    }

    private static func checkFormat(_ format: String?, _ path: String) throws(ArchiveError) {
        let words = (format ?? "").split(separator: " ")
        guard words.count == 2, words[0] == "ductus", let version = Int(words[1]), version > 0 else {
            throw ArchiveError(path, "is not a Ductus weights file: it has no valid format version.")
        }
        guard version <= Self.format else {
            throw ArchiveError(
                path,
                "has format version \(version), but this version of Ductus reads up to \(Self.format); update Ductus.")
        }
    }

    /// The validation results and their epoch. Older files have the record of an epoch as `metrics`.
    package static func results(_ metadata: [String: String]) -> (metrics: [String: Double], epoch: Int?) {
        let fields = metadata["metrics"].flatMap { try? JSONText(parsing: Array($0.utf8)) }?.object ?? [:]
        let values = fields["validation"]?.object ?? fields
        return (values.compactMapValues(\.number), metadata["epoch"].flatMap { Int($0) } ?? fields["epoch"]?.count)
    }
}
