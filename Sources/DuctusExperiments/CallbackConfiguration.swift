/// A callback as a file chooses it. Its properties are its settings.
///
/// ```json
/// "callbacks": [{ "name": "earlyStopping", "patience": 5 }]
/// ```
public protocol CallbackConfiguration: Component {
    /// Error rates and losses that the callback measures after an epoch: lower is better, and `monitor` may name them.
    var measures: [String] { get }

    /// The callback of a run.
    /// - Throws: `ConfigurationError` if it does not suit the task, or what reading its data throws.
    func callback(for context: CallbackContext) throws -> Callback
}

extension CallbackConfiguration {
    public var measures: [String] { [] }
}

/// What a callback that a file chooses has to know.
public struct CallbackContext: Sendable {
    /// The experiment that the run is of.
    public let experiment: Experiment
    /// What is trained, and on what.
    public let plan: TrainingPlan
    /// What tells the best epoch.
    public let monitor: Monitor
    /// Where the run is kept.
    public let directory: String
}

/// What tells the best epoch.
public struct Monitor: Sendable, Equatable {
    /// The key in an epoch's validation results.
    public let name: String
    /// Whether larger values are better.
    public let higherIsBetter: Bool
}

/// Ends a training run when what tells the best epoch has not improved for some epochs.
public struct EarlyStopping: CallbackConfiguration {
    public static let name = "earlyStopping"
    /// How many epochs without improvement are waited for.
    public var patience = 5
    /// The least change that counts as an improvement.
    public var minimumChange = 0.0

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
