#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Run {
    /// The measurements of all finished steps, in order. The last ones may be of steps after the latest checkpoint.
    /// - Throws: `FileError` if the file cannot be read.
    public var steps: [StepRecord] {
        get throws { try Self.steps(in: directory) }
    }

    static func steps(in directory: String) throws -> [StepRecord] {
        try RecordFile<MetricsLine>.lines(of: "\(directory)/\(metricsName)").lines.compactMap(\.record)
    }

    /// Calls a function while everything that is reported is also written to the log of the run.
    func logging<Result>(_ body: () throws -> Result) throws -> Result {
        let log = try LineFile(path(Self.logName))
        // A log that cannot be written stops nothing: what must be written reports that itself.
        let note = ReportListener { try? log.append("\(Date.now.formatted(.iso8601)) \($0)") }
        return try ReportListener.$current.withValue(note) {
            do {
                return try body()
            } catch {
                note("\(error)")
                throw error
            }
        }
    }

    /// Writes the batch of an error, so that it can be examined.
    func saveBatch(of error: TrainingError) throws {
        guard let batch = error.batch else { return }
        var archive = TensorArchive()
        archive.metadata["problem"] = error.description
        archive.metadata["samples"] = JSONText.array(batch.names.map(JSONText.string)).text
        archive.set("input", to: batch.input)
        archive.set("labels", to: batch.labels)
        archive.set("widths", to: Tensor(batch.widths.map { Int32($0) }))
        archive.set("labelLengths", to: Tensor(batch.labelLengths.map { Int32($0) }))
        if let targets = batch.targets { archive.set("targets", to: targets) }
        try archive.write(to: path(Self.divergedName))
        report("The batch is in \(path(Self.divergedName)).")
    }
}

extension MetricsLine {
    /// The measurements of a step; nil after an epoch.
    var record: StepRecord? {
        guard let training else { return nil }
        func value(_ name: String) -> Double { training[name]?.number ?? .nan }
        return StepRecord(
            step: step, epoch: epoch, loss: value("loss"), rate: value("rate"), gradientNorm: value("gradientNorm"),
            updateNorm: value("updateNorm"), samplesPerSecond: value("samplesPerSecond"))
    }
}

extension RunSummary {
    /// The measurements of all finished steps, in order; none for a run of an older version.
    /// - Throws: `FileError` if the file cannot be read.
    public var steps: [StepRecord] {
        get throws { try Run.steps(in: directory) }
    }
}
