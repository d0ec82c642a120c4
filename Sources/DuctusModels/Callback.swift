/// Something that happens during a training.
public struct Callback: Sendable {
    /// What a callback sees.
    public struct Context {
        public let network: any Network
        public let optimizer: Optimizer
        public let state: TrainingState
        public let totalEpochs: Int
        public let batchesPerEpoch: Int
        /// The mean loss of the last batches.
        public let loss: Double
    }

    /// Whether training goes on.
    public enum Flow: Sendable { case `continue`, stop }

    /// Before the first batch, after resuming if it resumes; a training that had come to its end stops here.
    public var atStart: (@Sendable (Context) throws -> Flow)?
    public var afterBatch: (@Sendable (Context) throws -> Void)?
    public var afterEpoch: (@Sendable (Context) throws -> Flow)?

    public init(
        atStart: (@Sendable (Context) throws -> Flow)? = nil, afterBatch: (@Sendable (Context) throws -> Void)? = nil,
        afterEpoch: (@Sendable (Context) throws -> Flow)? = nil
    ) {
        (self.atStart, self.afterBatch, self.afterEpoch) = (atStart, afterBatch, afterEpoch)
    }

    /// Stops when a validation value has not become better for `patience` epochs.
    ///
    /// Decided from the history alone, so a resumed training stops where the uninterrupted one would have.
    public static func earlyStopping(
        patience: Int, monitor: String = "loss", higherIsBetter: Bool = false, minimumChange: Double = 0
    ) -> Callback {
        let decide: @Sendable (Context) throws -> Flow = { context in
            var (best, waited) = (Double.infinity, 0)
            for record in context.state.history {
                guard let value = record.validation[monitor] else {
                    throw TrainingError(
                        description: "Early stopping watches \"\(monitor)\", but validation reports only "
                            + record.validation.keys.sorted().joined(separator: ", ") + ".")
                }
                let cost = higherIsBetter ? -value : value
                if cost < best - minimumChange { (best, waited) = (cost, 0) } else { waited += 1 }
            }
            return waited >= patience ? .stop : .continue
        }
        return Callback(atStart: decide, afterEpoch: decide)
    }
}
