/// The tasks, metrics, callbacks, and trackers that experiments can name. Networks, kinds of data, losses, optimizers, and schedules
/// have global registries, but this module does not know any tasks, so they are passed in.
public struct Components: Sendable {
    /// The tasks; the first is the default.
    public let tasks: Registry<any TrainingTask.Type>
    /// The metrics.
    public let metrics: Registry<any Component.Type>
    /// The callbacks.
    public let callbacks: Registry<any Component.Type>
    /// The trackers.
    public let trackers: Registry<any Component.Type>

    /// - Parameters:
    ///   - tasks: the tasks; the first is the default.
    ///   - metrics: the metrics, all of them `MetricConfiguration` types.
    ///   - callbacks: the callbacks, all of them ``CallbackConfiguration`` types.
    ///   - trackers: the trackers, all of them ``Tracker`` types.
    public init(
        tasks: Registry<any TrainingTask.Type>, metrics: Registry<any Component.Type>,
        callbacks: Registry<any Component.Type>,
        trackers: Registry<any Component.Type> = Registry("tracker", []) { $0.name }
    ) {
        (self.tasks, self.metrics, self.callbacks, self.trackers) = (tasks, metrics, callbacks, trackers)
    }
}
