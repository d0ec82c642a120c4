/// What a model is to learn: a task's data, network, loss, metrics and recipe. Its properties are keys of an experiment's
/// file, beside `name`, `task`, `network` and `training`.
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
/// A registered task can be trained, resumed and evaluated from the command line like any other.
public protocol TrainingTask: Component {
    /// Builds what training needs. What is wrong with the configuration is best found before data are read.
    /// - Throws: `ConfigurationError`, or what reading the data throws.
    func prepare(_ preparation: Preparation) throws -> TrainingPlan
}

/// Everything that a training run needs of its task.
public struct TrainingPlan: Sendable {
    /// The network, with the weights that it starts from.
    public let network: any ConfigurableNetwork
    /// What the weights files of the run say of it.
    public let model: ModelConfiguration
    /// What the network's classes stand for, where they are characters.
    public var characters: Alphabet?
    /// What is minimized, unless the file chooses another loss.
    public var loss: Loss
    /// What validation reports beside the loss, unless the file chooses others. The first tells the best epoch.
    public var metrics: [Metric]
    /// What the network learns from.
    public let training: BatchLoader
    /// What it is measured on after every epoch.
    public let validation: BatchLoader?

    /// A plan of a task whose weights need no recipe.
    public init(
        _ network: any ConfigurableNetwork, for task: some TrainingTask, loss: Loss, metrics: [Metric],
        training: BatchLoader, validation: BatchLoader? = nil
    ) throws {
        self.init(
            network, model: try ModelConfiguration(task: type(of: task).name, network: network), loss: loss,
            metrics: metrics, training: training, validation: validation)
    }

    /// - Parameters:
    ///   - network: the network, with the weights that it starts from.
    ///   - model: what the weights files of the run say of it.
    ///   - characters: what its classes stand for, where they are characters.
    ///   - loss: what is minimized.
    ///   - metrics: what validation reports beside the loss; the first tells the best epoch.
    ///   - training: what the network learns from.
    ///   - validation: what it is measured on after every epoch.
    public init(
        _ network: any ConfigurableNetwork, model: ModelConfiguration, characters: Alphabet? = nil, loss: Loss,
        metrics: [Metric], training: BatchLoader, validation: BatchLoader? = nil
    ) {
        (self.network, self.model, self.characters) = (network, model, characters)
        (self.loss, self.metrics, self.training, self.validation) = (loss, metrics, training, validation)
    }
}
