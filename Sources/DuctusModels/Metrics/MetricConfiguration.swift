/// A metric that a configuration file chooses by name. Its properties are its settings.
public protocol MetricConfiguration: Component {
    /// Makes the metric for a network.
    /// - Throws: `ConfigurationError` if it does not apply to the network.
    func metric(for context: LearningContext) throws -> Metric
}

/// Accuracy; see ``Metric/accuracy``.
public struct AccuracyMetric: MetricConfiguration {
    public static let name = "accuracy"
    /// There are no settings.
    public init() {}

    public func metric(for context: LearningContext) -> Metric { .accuracy }
}
