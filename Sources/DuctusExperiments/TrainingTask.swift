/// A task to train a network for, which determines data, loss, metrics, and recipe. Its properties are keys of the
/// configuration file, besides `name`, `task`, `network`, and `training`.
///
/// ```swift
/// struct Parity: TrainingTask {
///     static let name = "parity"
///     var count = 1000
///
///     func prepare(_ preparation: Preparation) throws -> TrainingPlan {
///         let network = try preparation.network(classes: 2)
///         let examples = try ParityDataset(count: count).cached()
///         return try TrainingPlan(
///             network, for: self, loss: .softmaxCrossEntropy, metrics: [.accuracy],
///             training: preparation.trainingBatches(examples))
///     }
/// }
/// ```
///
/// Registered tasks can be trained, resumed, and evaluated from the command line.
public protocol TrainingTask: Component {
    /// Builds everything that training needs. The configuration should be checked before data are read.
    /// - Throws: `ConfigurationError`, or an error of the data.
    func prepare(_ preparation: Preparation) throws -> TrainingPlan
}

/// Everything that a training run needs from its task.
public struct TrainingPlan: Sendable {
    /// The network, with its initial weights.
    public let network: any ConfigurableNetwork
    /// The model configuration, which becomes part of the weights files.
    public let model: ModelConfiguration
    /// The characters that the classes stand for, if they do.
    public var characters: Alphabet?
    /// The loss, unless the configuration chooses another.
    public var loss: Loss
    /// The validation metrics, unless the configuration chooses others. By default the first determines the best epoch.
    public var metrics: [Metric]
    /// What outputs mean as texts, for the predictions that a run shows; nil if they are no texts.
    public var transcription: Transcription?
    /// The training data.
    public let training: BatchLoader
    /// The validation data, evaluated after every epoch.
    public let validation: BatchLoader?

    /// Creates a plan for a task whose weights files need no recipe.
    /// - Throws: `EncodingError` if the network's configuration has a number that JSON cannot represent.
    public init(
        _ network: any ConfigurableNetwork, for task: some TrainingTask, loss: Loss, metrics: [Metric],
        training: BatchLoader, validation: BatchLoader? = nil
    ) throws {
        self.init(
            network, model: try ModelConfiguration(task: type(of: task).name, network: network), loss: loss,
            metrics: metrics, training: training, validation: validation)
    }

    /// - Parameters:
    ///   - network: the network, with its initial weights.
    ///   - model: the model configuration, which becomes part of the weights files.
    ///   - characters: the characters that the classes stand for, if they do.
    ///   - loss: the loss.
    ///   - metrics: the validation metrics; by default the first determines the best epoch.
    ///   - training: the training data.
    ///   - validation: the validation data, evaluated after every epoch.
    ///   - transcription: what outputs mean as texts, if they do.
    public init(
        _ network: any ConfigurableNetwork, model: ModelConfiguration, characters: Alphabet? = nil, loss: Loss,
        metrics: [Metric], training: BatchLoader, validation: BatchLoader? = nil, transcription: Transcription? = nil
    ) {
        self.transcription = transcription
        (self.network, self.model, self.characters) = (network, model, characters)
        (self.loss, self.metrics, self.training, self.validation) = (loss, metrics, training, validation)
    }
}
