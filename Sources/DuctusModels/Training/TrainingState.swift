/// The progress of a training run. Together with weights and optimizer, it determines the next step.
public struct TrainingState: Sendable, Codable, Equatable {
    /// The current epoch, from 0.
    public var epoch = 0
    /// The number of batches of this epoch that are finished.
    public var batch = 0
    /// The sum of their losses.
    public var lossSum = 0.0
    /// The records of finished epochs.
    public var history: [EpochRecord] = []

    /// The start of a run.
    public init() {}
}

/// The results of an epoch.
public struct EpochRecord: Sendable, Codable, Equatable {
    /// The number of the epoch, from 1.
    public var epoch: Int
    /// The mean training loss.
    public var loss: Double
    /// The validation loss and metrics by name.
    public var validation: [String: Double]
    /// The learning rate at the end of the epoch.
    public var rate: Double
    /// The duration, including validation; since the resumption if the epoch was interrupted.
    public var seconds: Double

    package init(epoch: Int, loss: Double, validation: [String: Double], rate: Double, seconds: Double) {
        (self.epoch, self.loss, self.validation) = (epoch, loss, validation)
        (self.rate, self.seconds) = (rate, seconds)
    }
}

/// Why training cannot continue.
public struct TrainingError: Error, CustomStringConvertible, Sendable {
    /// One sentence that states the problem.
    public let description: String
}
