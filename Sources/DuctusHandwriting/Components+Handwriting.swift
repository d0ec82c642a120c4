extension Registries {
    /// The tasks that experiments can name.
    public static let tasks = Registry<any TrainingTask.Type>(
        "task",
        [
            LineRecognition.self, CharacterRecognition.self, LineDetection.self, BaselineDetection.self,
            ParagraphRecognition.self,
        ]
    ) { $0.name }

    /// The metrics that experiments can choose.
    public static let metrics = Registry<any Component.Type>(
        "metric", [AccuracyMetric.self, CharacterAccuracyMetric.self]
    ) { $0.name }

    /// The callbacks that experiments can choose.
    public static let callbacks = Registry<any Component.Type>(
        "callback", [EarlyStopping.self, ReduceOnPlateau.self, PageEvaluation.self]
    ) { $0.name }

    /// The evaluations of `ductus evaluate`, besides those of runs of registered tasks.
    public static let evaluators = Registry<any Evaluator.Type>(
        "evaluation",
        [
            CharacterEvaluator.self, LineEvaluator.self, DetectionEvaluator.self, BaselineEvaluator.self,
            PageEvaluator.self,
        ]
    ) { $0.name }
}

extension Components {
    /// All registered tasks, metrics, callbacks, and trackers.
    public static let registered = Components(
        tasks: Registries.tasks, metrics: Registries.metrics, callbacks: Registries.callbacks,
        trackers: Registries.trackers)
}

extension Experiment {
    /// Reads a file and applies changes to it, such as `training.epochs=20`.
    /// - Throws: `FileError`, or `ConfigurationError` naming file and key.
    public init(contentsOf path: String, changes: [String] = []) throws {
        try self.init(contentsOf: path, changes: changes, components: .registered)
    }

    package init(_ bytes: [UInt8], file: String, changes: [String] = []) throws {
        try self.init(bytes, file: file, changes: changes, components: .registered)
    }

    /// Creates an experiment in code.
    ///
    /// ```swift
    /// var training = TrainingConfiguration()
    /// training.augmentation = Augmentation(shear: 0.3)
    /// let experiment = try Experiment(
    ///     name: "slanted", task: LineRecognition(), network: CRNN.self, .init(classes: 80, hidden: 96),
    ///     training: training)
    /// try Run.create(experiment, at: "runs/slanted").train()
    /// ```
    /// - Throws: `ConfigurationError` naming the key that is out of range.
    public init<N: ConfigurableNetwork>(
        name: String, task: some TrainingTask, network: N.Type, _ configuration: N.Configuration,
        training: TrainingConfiguration = TrainingConfiguration()
    ) throws {
        try self.init(
            name: name, task: task, network: network, configuration, training: training, components: .registered)
    }
}

extension Run {
    /// Opens a run without changing it.
    /// - Throws: `FileError` if there is no run, `ConfigurationError` naming the key that is invalid.
    public static func open(_ directory: String) throws -> Run { try open(directory, components: .registered) }
}
