/// An experiment: a task, a network, and how it is trained. The first of the two layers of configuration; the second is
/// the `ModelConfiguration`, which travels with the weights.
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
/// `name`, `task`, `network` and `training` are keys of every experiment; the others are those of its task. What a file
/// leaves out has its default, and a key that means nothing for what the file chooses is an error.
public struct Experiment: Sendable {
    /// What the directories of its runs begin with.
    public var name: String
    /// What the network is to learn, and from what.
    public var task: any TrainingTask
    /// The network, with what its configuration has other than the defaults.
    public var network: Choice
    /// How the network is trained.
    public var training: TrainingConfiguration
    /// What errors call the file.
    public let file: String
    package let components: Components

    /// The keys that every experiment has.
    private static let ownKeys = ["name", "task", "network", "training"]

    /// Reads a file and changes values in it: `training.epochs=20`.
    ///
    /// - Parameters:
    ///   - path: a JSON file.
    ///   - changes: values by dotted keys.
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
        guard text.object != nil else { throw ConfigurationError(file, "the whole must be an object") }
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
            throw ConfigurationError(file, "key \"network\" must be a name, or an object with a \"name\"")
        }
        self.network = network
        guard let name = (members["name"] ?? .string("experiment")).string, !name.isEmpty else {
            throw ConfigurationError(file, "key \"name\" has a value of the wrong kind")
        }
        self.name = name
        training = try TrainingConfiguration().changed(
            by: members["training"] ?? .object([:]), file: file, key: "training")
        for key in Self.ownKeys { members[key] = nil }
        task = try taskType.configured(by: .object(members), file: file)
        try check()
    }

    /// An experiment that a program makes. How many classes the network has follows from the task, whatever `network`
    /// says.
    ///
    /// - Parameters:
    ///   - name: what the directories of its runs begin with.
    ///   - task: what the network is to learn, and from what.
    ///   - network: the sizes of the network; its type is that of which these are the configuration.
    ///   - training: how it is trained.
    ///   - components: what the experiment can name.
    /// - Throws: `ConfigurationError` naming the key that is out of its range.
    public init<N: ConfigurableNetwork>(
        name: String, task: some TrainingTask, network type: N.Type, _ sizes: N.Configuration,
        training: TrainingConfiguration = TrainingConfiguration(), components: Components
    ) throws {
        let file = "The experiment \(name)"
        var settings = try JSONText(encoding: sizes).object ?? [:]
        settings["classes"] = nil
        (self.name, self.task, self.training) = (name, task, training)
        (network, self.file, self.components) = (Choice(N.name, settings: settings), file, components)
        if let problem = task.problem ?? task.problem("training", training) ?? sizes.problem {
            throw ConfigurationError(file, problem)
        }
        try check()
    }

    /// Makes sure that everything the training names can be had.
    private func check() throws {
        _ = try optimizer()
        _ = try callbackConfigurations()
        if let loss = training.loss { _ = try lossConfiguration(loss) }
        for metric in training.metrics ?? [] { _ = try metricConfiguration(metric) }
    }

    /// The whole configuration, defaults filled in, as JSON that reads back as the same.
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
