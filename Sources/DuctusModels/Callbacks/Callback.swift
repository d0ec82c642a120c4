/// Code that runs during training.
///
/// ```swift
/// let target = Callback(afterEpoch: { context in
///     let accuracy = context.state.history.last?.validation["accuracy"] ?? 0
///     return accuracy > 0.99 ? .stop : .continue
/// })
/// try model.fit(training, epochs: 50, validating: validation, callbacks: [.progress(), target])
/// ```
public struct Callback: Sendable {
    /// The state of the training run at the time of a call.
    public struct Context {
        /// The network being trained, with its current parameters.
        public let network: any Network
        /// A copy of the optimizer, including its moments and steps.
        public let optimizer: Optimizer
        /// A copy of the moving average of the weights, if there is one.
        public let average: WeightAverage?
        /// The progress, including the batch or epoch that has just ended.
        public let state: TrainingState
        /// The number of epochs of the run, including those before a resumption.
        public let totalEpochs: Int
        /// The number of batches per epoch.
        public let batchesPerEpoch: Int
        /// The loss of the batch, or the mean over the epoch, that has just ended; 0 at the start.
        public let loss: Double
        /// The measurements of the step, after a step.
        public let step: StepRecord?

        /// Calls a function while the network has its averaged weights, if there are any.
        public func averaged<Result>(_ body: () throws -> Result) rethrows -> Result {
            guard let average else { return try body() }
            return try average.applied(to: network, body)
        }
    }

    /// Whether training continues.
    public enum Flow: Sendable {
        /// Training continues.
        case `continue`
        /// Training ends after the remaining callbacks have been called.
        case stop
    }

    /// Called before the first batch of a new or resumed run.
    public var atStart: (@Sendable (Context) throws -> Flow)?
    /// Called after every step.
    public var afterBatch: (@Sendable (Context) throws -> Void)?
    /// Called after every epoch and its validation; returns values by name, which are added to the record of the epoch.
    /// Checkpoints and early stopping can monitor them. A value need not be measured in every epoch. During the call, the
    /// network has its averaged weights, if there are any.
    public var measure: (@Sendable (Context) throws -> [String: Double])?
    /// Called after every epoch, its validation, and all measurements. Its record is the last of the history.
    public var afterEpoch: (@Sendable (Context) throws -> Flow)?
    /// The factor of the learning rate in the next epoch, given the records of all epochs before it. It must depend on them
    /// alone, so that a resumed run has the same rates.
    public var rateFactor: (@Sendable ([EpochRecord]) -> Double)?
    /// Whether training is to end after the current step, to be resumed later; asked in every step, on all ranks.
    public var isInterrupted: (@Sendable () -> Bool)?
    /// Called when training is interrupted, after the last step, to save what it is resumed from.
    public var atInterruption: (@Sendable (Context) throws -> Void)?

    /// Creates a callback from functions.
    public init(
        atStart: (@Sendable (Context) throws -> Flow)? = nil, afterBatch: (@Sendable (Context) throws -> Void)? = nil,
        measure: (@Sendable (Context) throws -> [String: Double])? = nil,
        afterEpoch: (@Sendable (Context) throws -> Flow)? = nil,
        rateFactor: (@Sendable ([EpochRecord]) -> Double)? = nil, isInterrupted: (@Sendable () -> Bool)? = nil,
        atInterruption: (@Sendable (Context) throws -> Void)? = nil
    ) {
        (self.atStart, self.afterBatch, self.measure, self.afterEpoch) = (atStart, afterBatch, measure, afterEpoch)
        (self.rateFactor, self.isInterrupted, self.atInterruption) = (rateFactor, isInterrupted, atInterruption)
    }

    /// Stops training when a validation value has not improved for `patience` epochs.
    ///
    /// The decision depends on the history alone, so a resumed run stops at the same epoch as an uninterrupted one.
    ///
    /// - Parameters:
    ///   - patience: the number of epochs; 0 stops, like 1, after the first without improvement. Epochs in which the value
    ///     was not measured do not count; in the first it must be.
    ///   - monitor: `loss`, or the name of a metric.
    ///   - higherIsBetter: `false` for losses and error rates.
    ///   - minimumChange: the smallest change that counts as an improvement.
    public static func earlyStopping(
        patience: Int, monitor: String = "loss", higherIsBetter: Bool = false, minimumChange: Double = 0
    ) -> Callback {
        precondition(patience >= 0, "earlyStopping: patience is \(patience); it must be at least 0.")
        let decide: @Sendable (Context) throws -> Flow = { context in
            var stagnation = Stagnation(higherIsBetter: higherIsBetter, minimumChange: minimumChange)
            for value in try context.state.history.values(of: monitor, for: "Early stopping") { stagnation.add(value) }
            return stagnation.epochs > 0 && stagnation.epochs >= patience ? .stop : .continue
        }
        return Callback(atStart: decide, afterEpoch: decide)
    }
}
