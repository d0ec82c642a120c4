/// Where a training stands; together with weights and optimizer, everything the next step depends on.
public struct TrainingState: Sendable, Codable, Equatable {
    /// The current epoch, from 0.
    public var epoch = 0
    /// Batches of this epoch that are done.
    public var batch = 0
    /// The sum of the losses of this epoch's batches.
    public var lossSum = 0.0
    /// The epochs that are done.
    public var history: [EpochRecord] = []

    /// Before the first batch.
    public init() {}
}

/// What one epoch brought.
public struct EpochRecord: Sendable, Codable, Equatable {
    /// From 1.
    public var epoch: Int
    /// The mean training loss.
    public var loss: Double
    /// Validation loss and metrics by name.
    public var validation: [String: Double]
    /// The learning rate at the end.
    public var rate: Double
    /// What the epoch took, its validation included; since the resumption, if it was interrupted.
    public var seconds: Double

    package init(epoch: Int, loss: Double, validation: [String: Double], rate: Double, seconds: Double) {
        (self.epoch, self.loss, self.validation) = (epoch, loss, validation)
        (self.rate, self.seconds) = (rate, seconds)
    }
}

/// A training that cannot go on.
public struct TrainingError: Error, CustomStringConvertible, Sendable {
    public let description: String
}
