import DuctusModels

/// One training from a configuration file to weights: builds data, network and model, trains, keeps everything in a
/// run's directory.
///
/// The directory holds `configuration.json`, `last.safetensors` (to resume), `best.safetensors` (to use) and
/// `history.json`.
///
/// ```swift
/// let file = try ExperimentFile(contentsOf: "lines.json", changes: ["training.epochs=2"])
/// let history = try Experiment(file, directory: "runs/lines").run()
/// let reader = try LineReader("runs/lines")
/// ```
public struct Experiment: Sendable {
    /// What is trained, and how.
    public let file: ExperimentFile
    /// Where the run is kept.
    public let directory: String
    /// Where the transformed samples of lines and pages are kept from run to run; unless given, each run makes its own.
    /// Single characters take no longer to make than to read back, and paragraphs to learn from are made when needed.
    public var features: FeatureStore?

    /// Nothing is written before it runs.
    public init(_ file: ExperimentFile, directory: String) { (self.file, self.directory) = (file, directory) }

    /// Opens the run in a directory, to resume it.
    public init(resuming directory: String) throws {
        self.init(try ExperimentFile(contentsOf: "\(directory)/configuration.json"), directory: directory)
    }

    /// Trains from the beginning, or from where the run stands.
    /// - Returns: one record an epoch.
    /// - Throws: `ConfigurationError`, `DatasetError`, `TrainingError` or a file's error, each with a sentence.
    @discardableResult
    public func run(resuming: Bool = false, callbacks: [Callback] = [.progress()]) throws -> [EpochRecord] {
        try File.createDirectory(directory)
        // A run that was interrupted before its first checkpoint starts anew.
        let resuming = resuming && File.exists("\(directory)/\(Checkpoint.lastName)")
        if !resuming { try File.write(Array(file.text.utf8), to: "\(directory)/configuration.json") }
        switch file.configuration.task {
        case .characters: return try trainCharacters(resuming, callbacks)
        case .lines: return try trainLines(resuming, callbacks)
        case .detection: return try trainDetection(resuming, callbacks)
        case .paragraphs: return try trainParagraphs(resuming, callbacks)
        }
    }

    var configuration: ExperimentConfiguration { file.configuration }
    var training: ExperimentConfiguration.Training { file.configuration.training }

    var name: String { file.network.object?["name"]?.string ?? "" }

    func build(classes: Int) throws -> any ConfigurableNetwork {
        var fields = file.network.object ?? [:]
        fields["name"] = nil
        return try Initialization.seeded(training.seed) {
            try NetworkRegistry.network(name, .object(fields), classes: classes, file: file.path)
        }
    }

    /// How many training samples of the main source are used.
    var limit: Int { configuration.data.limit > 0 ? configuration.data.limit : .max }

    /// Transformed samples, kept if there is a store.
    func examples(_ data: some FeatureSource, _ name: String) throws -> ExampleCache {
        try features?.features(of: data, named: name) ?? data.cached()
    }

    /// Samples for training, or, without shuffling, for validation.
    func batches(_ data: ExampleCache, shuffles: Bool, minimumWidth: Int = 1) -> BatchLoader {
        BatchLoader(
            data, batchSize: training.batchSize, shuffles: shuffles, seed: training.seed,
            augmentation: shuffles ? augmentation : nil, minimumWidth: minimumWidth)
    }

    /// The distortions of training samples, if there are any.
    var augmentation: Augmentation? { training.augmentation == Augmentation() ? nil : training.augmentation }

    func train<N: ConfigurableNetwork>(
        _ network: N, loss: Loss, metric: Metric, characters: CharacterSet?, _ batches: BatchLoader,
        _ validation: BatchLoader?, _ resuming: Bool, _ callbacks: [Callback]
    ) throws -> [EpochRecord] {
        let measurement = try pageCallback(network, characters)
        let monitor = try monitor(metric)
        if !resuming { try start(network, characters) }
        var model = Model(network, loss: loss, metrics: [metric], optimizer: try optimizer())
        var state = TrainingState()
        if resuming {
            let checkpoint = try Checkpoint(contentsOf: "\(directory)/\(Checkpoint.lastName)")
            try model.restore(checkpoint)
            state = checkpoint.state
        }
        let notes = try WeightsFile.metadata(
            task: configuration.task, network: network, characters: characters, input: configuration.input,
            detection: configuration.detection, paragraph: configuration.paragraph)
        var all = callbacks + (measurement.map { [$0] } ?? [])
        all.append(
            .checkpoints(
                in: directory, metadata: notes, monitor: monitor.name, higherIsBetter: monitor.higherIsBetter))
        if training.patience > 0 {
            all.append(
                .earlyStopping(
                    patience: training.patience, monitor: monitor.name, higherIsBetter: monitor.higherIsBetter))
        }
        let history = try model.fit(
            batches, epochs: training.epochs, validating: validation, callbacks: all, from: state,
            seed: training.seed)
        try File.write(Array((JSONText(encoding: history).text + "\n").utf8), to: "\(directory)/history.json")
        return history
    }

    /// What tells the best epoch.
    private func monitor(_ metric: Metric) throws -> (name: String, higherIsBetter: Bool) {
        let name = training.monitor.isEmpty ? metric.name : training.monitor
        let errors = ["loss"] + (training.pages.every > 0 ? ["pageCER", "pageWER"] : [])
        guard ([metric.name] + errors).contains(name) else {
            throw ConfigurationError(
                file.path,
                "key \"training.monitor\" is \"\(name)\"; choose \(([metric.name] + errors).joined(separator: ", "))"
                    + (training.pages.every > 0 ? "" : ", or pageCER and pageWER with \"training.pages.every\""))
        }
        return (name, !errors.contains(name))
    }

    /// Gives a new network what fits of the weights that the training starts from, if there are any.
    private func start(_ network: any ConfigurableNetwork, _ characters: CharacterSet?) throws {
        guard !training.startsFrom.isEmpty else { return }
        let weights = try WeightsFile(path(training.startsFrom))
        // As many characters in another order would fit and be wrong.
        if let theirs = weights.characters, let characters, theirs.count == characters.count, theirs != characters {
            throw ConfigurationError(
                file.path, "key \"training.startsFrom\": the classes of \(weights.path) stand for other characters")
        }
        let count = network.namedParameters.count
        let taken = network.loadMatching(from: try TensorArchive(contentsOf: weights.path)).count
        guard taken > 0 else {
            throw ConfigurationError(
                file.path,
                "key \"training.startsFrom\": no parameter of \(weights.path) fits any of the network \(name)")
        }
        report("\(taken) of the network's \(count) parameters begin with those of \(weights.path).")
    }

    private func optimizer() throws -> Optimizer {
        let t = training
        let rule: Optimizer.Rule =
            switch t.optimizer {
            case "sgd": .sgd(momentum: t.momentum, decay: 0)
            case "rmsprop": .rmsprop()
            case "adam": .adam()
            case "adamW": .adam(decay: t.decay)
            default:
                throw ConfigurationError(
                    file.path, "key \"training.optimizer\" is \"\(t.optimizer)\"; choose sgd, rmsprop, adam or adamW")
            }
        let schedule: Schedule =
            switch t.schedule {
            case "constant": .constant
            case "cosine": .cosine
            case "oneCycle": .oneCycle(warmup: t.warmup)
            default:
                throw ConfigurationError(
                    file.path, "key \"training.schedule\" is \"\(t.schedule)\"; choose constant, cosine or oneCycle")
            }
        return Optimizer(rule, rate: t.rate, schedule: schedule, clipNorm: t.clipNorm > 0 ? t.clipNorm : nil)
    }

    /// What `data.synthesis.text` names, with its leading environment variable replaced.
    func textPath(_ text: String) throws -> String {
        let prefix = text.hasPrefix("iam:") ? "iam:" : ""
        return prefix + (try path(String(text.dropFirst(prefix.count))))
    }

    /// A directory, its leading environment variable replaced.
    func path(_ directory: String) throws -> String {
        guard directory.hasPrefix("$") else { return directory }
        let name = directory.dropFirst().prefix { $0 != "/" }
        guard let value = File.environment(String(name)), !value.isEmpty else {
            throw ConfigurationError(
                file.path, "the data are in \(directory), but the environment variable \(name) is not set")
        }
        return value + directory.dropFirst(name.count + 1)
    }
}
