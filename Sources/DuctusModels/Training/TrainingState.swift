/// The progress of a training run. Together with weights and optimizer, it determines the next step.
public struct TrainingState: Sendable, Codable, Equatable {
    /// The current epoch, from 0.
    public var epoch = 0
    /// The number of batches of this epoch that are finished.
    public var batch = 0
    /// The sum of their losses, without those that are infinite.
    public var lossSum = 0.0
    /// The number of them whose loss is infinite; absent in files of older versions.
    private var infiniteLosses: Int?
    /// The records of finished epochs.
    public var history: [EpochRecord] = []

    /// The start of a run.
    public init() {}

    /// The mean loss of the finished batches; infinite if all of them are.
    public var meanLoss: Double {
        let finite = batch - (infiniteLosses ?? 0)
        return finite > 0 ? lossSum / Double(finite) : .infinity
    }

    /// Adds a finished batch.
    mutating func add(_ loss: Double) {
        batch += 1
        if loss.isFinite { lossSum += loss } else { infiniteLosses = (infiniteLosses ?? 0) + 1 }
    }

    /// Ends the epoch.
    mutating func endEpoch(_ record: EpochRecord) {
        history.append(record)
        (epoch, batch, lossSum, infiniteLosses) = (epoch + 1, 0, 0, nil)
    }
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

extension EpochRecord {
    private enum CodingKeys: CodingKey { case epoch, loss, validation, rate, seconds }

    /// JSON has no numbers that are not finite; they are strings there.
    private struct Measurement: Codable {
        let number: Double

        init(_ number: Double) { self.number = number }

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            let text = try? container.decode(String.self)
            number = try text.flatMap { Double($0) } ?? container.decode(Double.self)
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            if number.isFinite { try container.encode(number) } else { try container.encode("\(number)") }
        }
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            epoch: try fields.decode(Int.self, forKey: .epoch),
            loss: try fields.decode(Measurement.self, forKey: .loss).number,
            validation: try fields.decode([String: Measurement].self, forKey: .validation).mapValues(\.number),
            rate: try fields.decode(Double.self, forKey: .rate),
            seconds: try fields.decode(Double.self, forKey: .seconds))
    }

    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(epoch, forKey: .epoch)
        try fields.encode(Measurement(loss), forKey: .loss)
        try fields.encode(validation.mapValues { Measurement($0) }, forKey: .validation)
        try fields.encode(rate, forKey: .rate)
        try fields.encode(seconds, forKey: .seconds)
    }
}

/// Why training cannot continue.
public struct TrainingError: Error, CustomStringConvertible, Sendable {
    /// One sentence that states the problem.
    public let description: String
}
