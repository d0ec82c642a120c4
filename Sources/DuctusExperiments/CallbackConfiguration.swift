/// A callback that a configuration file chooses by name. Its properties are its settings.
///
/// ```json
/// "callbacks": [{ "name": "earlyStopping", "patience": 5 }]
/// ```
public protocol CallbackConfiguration: Component {
    /// The names of the error rates and losses that the callback measures after an epoch. Lower is better, and `monitor`
    /// may be any of them.
    var measures: [String] { get }

    /// Makes the callback for a run.
    /// - Throws: `ConfigurationError` if it does not fit the task, or an error of the data that it reads.
    func callback(for context: CallbackContext) throws -> Callback
}

extension CallbackConfiguration {
    /// Nothing is measured.
    public var measures: [String] { [] }
}

/// The run for which a callback is made.
public struct CallbackContext: Sendable {
    /// The experiment of the run.
    public let experiment: Experiment
    /// The network with its data, loss, and metrics.
    public let plan: TrainingPlan
    /// The value that determines the best epoch.
    public let monitor: Monitor
    /// The directory of the run.
    public let directory: String

    /// Creates a context.
    public init(experiment: Experiment, plan: TrainingPlan, monitor: Monitor, directory: String) {
        (self.experiment, self.plan, self.monitor, self.directory) = (experiment, plan, monitor, directory)
    }
}

/// The validation value that determines the best epoch.
public struct Monitor: Sendable, Equatable {
    /// The key in `EpochRecord.validation`.
    public let name: String
    /// Whether larger values are better.
    public let higherIsBetter: Bool

    /// Creates a monitor.
    public init(name: String, higherIsBetter: Bool) { (self.name, self.higherIsBetter) = (name, higherIsBetter) }
}

/// Stops training when the monitored value has not improved for a number of epochs.
public struct EarlyStopping: CallbackConfiguration {
    public static let name = "earlyStopping"
    /// The number of epochs without improvement after which training stops.
    public var patience = 5
    /// The smallest change that counts as an improvement.
    public var minimumChange = 0.0

    /// The defaults.
    public init() {}

    public var problem: String? {
        problem("patience", patience, in: 1...1_000_000) ?? problem("minimumChange", minimumChange, in: 0...1e9)
    }

    public func callback(for context: CallbackContext) -> Callback {
        .earlyStopping(
            patience: patience, monitor: context.monitor.name, higherIsBetter: context.monitor.higherIsBetter,
            minimumChange: minimumChange)
    }
}

/// Lowers the learning rate when the monitored value has not improved for a number of epochs; see
/// `Callback.reducingRate(patience:factor:minimum:monitor:higherIsBetter:minimumChange:)`.
///
/// ```json
/// "schedule": "constant", "callbacks": [{ "name": "reduceOnPlateau", "patience": 3, "factor": 0.5 }]
/// ```
public struct ReduceOnPlateau: CallbackConfiguration {
    public static let name = "reduceOnPlateau"
    /// The number of epochs without improvement after which the rate is lowered.
    public var patience = 5
    /// What the rate is multiplied by each time.
    public var factor = 0.1
    /// The smallest factor in all.
    public var minimum = 0.0
    /// The smallest change that counts as an improvement.
    public var minimumChange = 0.0

    /// The defaults.
    public init() {}

    public var problem: String? {
        problem("patience", patience, in: 1...1_000_000) ?? problem("factor", factor, in: 0...0.999999)
            ?? problem("minimum", minimum, in: 0...1) ?? problem("minimumChange", minimumChange, in: 0...1e9)
    }

    public func callback(for context: CallbackContext) -> Callback {
        .reducingRate(
            patience: patience, factor: factor, minimum: minimum, monitor: context.monitor.name,
            higherIsBetter: context.monitor.higherIsBetter, minimumChange: minimumChange)
    }
}
