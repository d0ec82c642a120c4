/// A training configuration: a task, a network, and how the network is trained.
///
/// It describes training only. What a trained network needs to be used is its `ModelConfiguration`, which is part of the
/// weights file.
///
/// ```json
/// {
///     "name": "lines-crnn",
///     "task": "lines",
///     "data": { "kind": "iam", "directory": "$DUCTUS_DATA/iam" },
///     "network": { "name": "crnn", "recurrentLayers": 2 },
///     "training": { "epochs": 15, "rate": 2e-3, "augmentation": { "shear": 0.3 } }
/// }
/// ```
///
/// Every experiment has the keys `name`, `task`, `network`, and `training`; the others are those of its task. Missing keys
/// have their defaults, and keys that do not belong to the chosen task, network, or component are errors.
public struct Experiment: Sendable {
    /// The prefix of the directories of its runs.
    public var name: String
    /// The task, with its data.
    public var task: any TrainingTask
    /// The network, with the properties of its configuration that differ from the defaults.
    public var network: Choice
    /// The training configuration.
    public var training: TrainingConfiguration
    /// The name of the file in error messages.
    public let file: String
    package let components: Components

    /// The keys of every experiment.
    private static let ownKeys = ["name", "task", "network", "training"]

    /// Reads a file and applies changes to it.
    ///
    /// - Parameters:
    ///   - path: a JSON file.
    ///   - changes: values by dotted keys, such as `training.epochs=20`.
    ///   - components: what the file can name.
    /// - Throws: `FileError`, or `ConfigurationError` naming file and key.
    public init(contentsOf path: String, changes: [String] = [], components: Components) throws {
        try self.init(
            try File.readBytes(path, maximumBytes: 1 << 20), file: path, changes: changes, components: components)
    }

    package init(_ bytes: [UInt8], file: String, changes: [String] = [], components: Components) throws {
        let text: JSONText
        do {
            text = try JSONText(parsing: bytes)
        } catch {
            let line = bytes.prefix(error.offset).count { $0 == 0x0A } + 1
            throw ConfigurationError(file, "line \(line) is not JSON: \(error.message)")
        }
        guard text.object != nil else { throw ConfigurationError(file, "the file must be a JSON object") }
        var members = try text.applying(changes).migrated.object ?? [:]

        let taskName = members["task"].map(\.string) ?? components.tasks.names.first ?? ""
        guard let taskName else { throw ConfigurationError(file, "key \"task\" has a value of the wrong kind") }
        let taskType = try components.tasks.value(named: taskName, file: file)
        let known = Self.ownKeys + (try JSONText.complete(taskType.init()).object ?? [:]).keys.sorted()
        for key in members.keys.sorted() where !known.contains(key) {
            throw ConfigurationError(
                file, JSONText.unknown(key, suggestion(for: key, among: known), known: known.sorted()))
        }
        (self.file, self.components) = (file, components)
        guard let network = members["network"].flatMap({ Choice($0) }) else {
            throw ConfigurationError(file, "key \"network\" must be a name or an object with a \"name\"")
        }
        self.network = network
        guard let name = (members["name"] ?? .string("experiment")).string, !name.isEmpty else {
            throw ConfigurationError(file, "key \"name\" must be a string that is not empty")
        }
        self.name = name
        training = try TrainingConfiguration().changed(
            by: members["training"] ?? .object([:]), file: file, key: "training")
        for key in Self.ownKeys { members[key] = nil }
        task = try taskType.configured(by: .object(members), file: file)
        try check()
    }

    /// Creates an experiment in code. The number of classes follows from the task, whatever the network's configuration is.
    ///
    /// - Parameters:
    ///   - name: the prefix of the directories of its runs.
    ///   - task: the task, with its data.
    ///   - type: the network.
    ///   - configuration: the configuration of the network.
    ///   - training: the training configuration.
    ///   - components: what the experiment can name.
    /// - Throws: `ConfigurationError` naming the key that is out of range.
    public init<N: ConfigurableNetwork>(
        name: String, task: some TrainingTask, network type: N.Type, _ configuration: N.Configuration,
        training: TrainingConfiguration = TrainingConfiguration(), components: Components
    ) throws {
        let file = "The experiment \(name)"
        if let problem = task.problem ?? task.problem("training", training) ?? configuration.problem {
            throw ConfigurationError(file, problem)
        }
        (self.name, self.task, self.training) = (name, task, training)
        (network, self.file, self.components) = (try Choice(N.self, configuration), file, components)
        try check()
    }

    /// Resolves every component of the training configuration, so that errors are found before training.
    private func check() throws {
        _ = try optimizer()
        _ = try callbackConfigurations()
        _ = try trackers()
        if let loss = training.loss { _ = try lossConfiguration(loss) }
        for metric in training.metrics ?? [] { _ = try metricConfiguration(metric) }
    }

    /// The complete configuration, including defaults, as JSON that reads back as the same experiment.
    public var text: String {
        get throws {
            var members = try JSONText.complete(task).object ?? [:]
            members["name"] = .string(name)
            members["task"] = .string(type(of: task).name)
            members["network"] = network.json
            members["training"] = try JSONText.complete(training)
            return JSONText.object(members).text + "\n"
        }
    }
}

extension TrainingTask {
    fileprivate static func configured(by members: JSONText, file: String) throws -> any TrainingTask {
        try Self().changed(by: members, file: file)
    }
}
