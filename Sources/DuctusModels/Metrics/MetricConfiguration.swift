/// A metric as a file chooses it. Its properties are its settings.
public protocol MetricConfiguration: Component {
    /// The metric of a network.
    /// - Throws: `ConfigurationError` if the network's output cannot be measured by it.
    func metric(for context: LearningContext) throws -> Metric
}

/// The share of labels that have the largest logit; see ``Metric/accuracy``.
public struct AccuracyMetric: MetricConfiguration {
    public static let name = "accuracy"
    public init() {}
    public func metric(for context: LearningContext) -> Metric { .accuracy }
}
