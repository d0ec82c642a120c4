/// What experiments can be made of beyond networks, kinds of data, losses, optimizers and schedules, which have
/// registries of their own: this storey knows no task, so whoever reads an experiment's file brings them.
public struct Components: Sendable {
    /// The tasks that files can name; the first is that of files which name none.
    public let tasks: Registry<any TrainingTask.Type>
    /// The metrics that files can choose.
    public let metrics: Registry<any Component.Type>
    /// The callbacks that files can choose.
    public let callbacks: Registry<any Component.Type>

    /// - Parameters:
    ///   - tasks: the tasks that files can name.
    ///   - metrics: the metrics that files can choose, each a `MetricConfiguration`.
    ///   - callbacks: the callbacks that files can choose, each a ``CallbackConfiguration``.
    public init(
        tasks: Registry<any TrainingTask.Type>, metrics: Registry<any Component.Type>,
        callbacks: Registry<any Component.Type>
    ) {
        (self.tasks, self.metrics, self.callbacks) = (tasks, metrics, callbacks)
    }
}
