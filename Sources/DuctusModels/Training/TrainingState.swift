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
    /// The number of samples in a batch; absent before the first, and in files of older versions.
    private var batchSize: Int?
    /// The records of finished epochs.
    public var history: [EpochRecord] = []

    /// The start of a run.
    public init() {}

    /// The mean loss of the finished batches; infinite if all of them are.
    public var meanLoss: Double {
        let finite = batch - (infiniteLosses ?? 0)
        return finite > 0 ? lossSum / Double(finite) : .infinity
    }

    /// Begins or resumes a training with batches of that many samples.
    /// - Throws: ``TrainingError`` within an epoch with batches of another size, whose first ones would have other samples.
    mutating func begin(batchSize size: Int) throws {
        if batch > 0, let batchSize, batchSize != size {
            throw TrainingError(
                "Epoch \(epoch + 1) was begun with batches of \(batchSize) samples, not of \(size); resume it with batches "
                    + "of \(batchSize).")
        }
        batchSize = size
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
    /// The processor time of all threads during that; absent in files of older versions.
    public var processorSeconds: Double?
    /// The peak memory of the program so far, in bytes; absent in files of older versions, or if it is not known.
    public var peakMemory: Int?

    package init(epoch: Int, loss: Double, validation: [String: Double], rate: Double, seconds: Double) {
        (self.epoch, self.loss, self.validation) = (epoch, loss, validation)
        (self.rate, self.seconds) = (rate, seconds)
    }
}

extension EpochRecord {
    private enum CodingKeys: CodingKey { case epoch, loss, validation, rate, seconds, processorSeconds, peakMemory }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            epoch: try fields.decode(Int.self, forKey: .epoch),
            loss: try fields.decode(Measurement.self, forKey: .loss).number,
            validation: try fields.decode([String: Measurement].self, forKey: .validation).mapValues(\.number),
            rate: try fields.decode(Double.self, forKey: .rate),
            seconds: try fields.decode(Double.self, forKey: .seconds))
        processorSeconds = try fields.decodeIfPresent(Double.self, forKey: .processorSeconds)
        peakMemory = try fields.decodeIfPresent(Int.self, forKey: .peakMemory)
    }

    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(epoch, forKey: .epoch)
        try fields.encode(Measurement(loss), forKey: .loss)
        try fields.encode(validation.mapValues { Measurement($0) }, forKey: .validation)
        try fields.encode(rate, forKey: .rate)
        try fields.encode(seconds, forKey: .seconds)
        try fields.encodeIfPresent(processorSeconds, forKey: .processorSeconds)
        try fields.encodeIfPresent(peakMemory, forKey: .peakMemory)
    }
}

extension EpochRecord {
    /// The record in a JSON object; nil if it is none. This takes a quarter of the time of a decoder, which tells what is wrong.
    package init?(_ json: JSONText) {
        guard let fields = json.object, let epoch = fields["epoch"]?.count,
            let loss = fields["loss"]?.measurement, let results = fields["validation"]?.object,
            let rate = fields["rate"]?.number, let seconds = fields["seconds"]?.number
        else { return nil }
        let validation = results.compactMapValues(\.measurement)
        self.init(epoch: epoch, loss: loss, validation: validation, rate: rate, seconds: seconds)
        (processorSeconds, peakMemory) = (fields["processorSeconds"]?.number, fields["peakMemory"]?.count)
        guard validation.count == results.count, (processorSeconds == nil) == (fields["processorSeconds"] == nil),
            (peakMemory == nil) == (fields["peakMemory"] == nil)
        else { return nil }
    }
}

extension JSONText {
    /// A number as `Measurement` writes it.
    fileprivate var measurement: Double? { number ?? string.flatMap { Double($0) } }
}
