/// Something that happens during a training.
///
/// ```swift
/// let patience = Callback(afterEpoch: { context in
///     let accuracy = context.state.history.last?.validation["accuracy"] ?? 0
///     return accuracy > 0.99 ? .stop : .continue
/// })
/// try model.fit(training, epochs: 50, validating: validation, callbacks: [.progress(), patience])
/// ```
public struct Callback: Sendable {
    /// What a callback sees.
    public struct Context {
        /// The network itself: its parameters are those of this moment, and go on changing.
        public let network: any Network
        /// A copy of the optimizer, its moments and steps included.
        public let optimizer: Optimizer
        /// A copy of the average of the weights, if one is kept.
        public let average: WeightAverage?
        /// Where the training stands, with the batch or epoch that is just done counted in.
        public let state: TrainingState
        /// Epochs of the whole training, those before a resumption included.
        public let totalEpochs: Int
        /// Steps that one epoch takes.
        public let batchesPerEpoch: Int
        /// Of the batch just done, or the mean over the epoch just done; 0 at the start.
        public let loss: Double

        /// What `body` returns while the network has its averaged weights, if an average is kept.
        public func averaged<Result>(_ body: () throws -> Result) rethrows -> Result {
            guard let average else { return try body() }
            return try average.applied(to: network, body)
        }
    }

    /// Whether training goes on.
    public enum Flow: Sendable {
        /// It does.
        case `continue`
        /// It ends here, as soon as the other callbacks have been called.
        case stop
    }

    /// Before the first batch, after resuming if it resumes; a training that had come to its end stops here.
    public var atStart: (@Sendable (Context) throws -> Flow)?
    /// After every step. It cannot stop a training, but for throwing.
    public var afterBatch: (@Sendable (Context) throws -> Void)?
    /// After every epoch and its validation: values by name, which join those of the record. What is called after the
    /// epoch sees them, and checkpoints and early stopping can watch them; no value is reported where none is measured.
    /// Where an average of the weights is kept, the network has it meanwhile.
    public var measure: (@Sendable (Context) throws -> [String: Double])?
    /// After every epoch, its validation and all measurements, whose record is the last of the history.
    public var afterEpoch: (@Sendable (Context) throws -> Flow)?

    /// What is not given does nothing.
    public init(
        atStart: (@Sendable (Context) throws -> Flow)? = nil, afterBatch: (@Sendable (Context) throws -> Void)? = nil,
        measure: (@Sendable (Context) throws -> [String: Double])? = nil,
        afterEpoch: (@Sendable (Context) throws -> Flow)? = nil
    ) {
        (self.atStart, self.afterBatch, self.measure, self.afterEpoch) = (atStart, afterBatch, measure, afterEpoch)
    }

    /// Stops when a validation value, `loss` or the name of a metric, has not become better by more than
    /// `minimumChange` for `patience` epochs. Epochs in which it was not measured do not count; in the first it must be.
    ///
    /// Decided from the history alone, so a resumed training stops where the uninterrupted one would have.
    public static func earlyStopping(
        patience: Int, monitor: String = "loss", higherIsBetter: Bool = false, minimumChange: Double = 0
    ) -> Callback {
        let decide: @Sendable (Context) throws -> Flow = { context in
            var (best, waited) = (Double.infinity, 0)
            let history = context.state.history
            let values = history.compactMap { $0.validation[monitor] }
            if values.isEmpty, let record = history.last {
                throw TrainingError(
                    description: "Early stopping watches \"\(monitor)\", but validation reports only "
                        + record.validation.keys.sorted().joined(separator: ", ") + ".")
            }
            for value in values {
                let cost = higherIsBetter ? -value : value
                if cost < best - minimumChange { (best, waited) = (cost, 0) } else { waited += 1 }
            }
            return waited >= patience ? .stop : .continue
        }
        return Callback(atStart: decide, afterEpoch: decide)
    }
}
