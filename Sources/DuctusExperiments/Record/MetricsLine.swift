#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A line of `metrics.jsonl`: what was measured in a step, or after an epoch.
package struct MetricsLine: Codable, Sendable {
    /// The number of the step, from 1; after an epoch, that of its last step.
    package let step: Int
    /// The number of the epoch, from 1.
    package let epoch: Int
    /// The seconds from 1970 until the end of the step or epoch.
    package let time: Double
    /// The measurements of the step by name; nil after an epoch.
    package let training: [String: Measurement]?
    /// The validation results after the epoch by name; nil after a step.
    package let validation: [String: Measurement]?

    init(_ record: StepRecord) {
        (step, epoch, time, validation) = (record.step, record.epoch, Self.now, nil)
        training = [
            "loss": Measurement(record.loss), "rate": Measurement(record.rate),
            "gradientNorm": Measurement(record.gradientNorm), "updateNorm": Measurement(record.updateNorm),
            "samplesPerSecond": Measurement(record.samplesPerSecond),
        ]
    }

    init(_ record: EpochRecord, step: Int) {
        (self.step, epoch, time, training) = (step, record.epoch, Self.now, nil)
        validation = record.validation.mapValues { Measurement($0) }
    }

    /// Milliseconds are enough.
    static var now: Double { (Date.now.timeIntervalSince1970 * 1000).rounded() / 1000 }

    /// Whether the step or epoch was over at a checkpoint.
    func isBefore(_ state: TrainingState, steps: Int) -> Bool {
        validation == nil ? step <= steps : epoch <= state.epoch
    }
}

/// A file of a run with one JSON object per line, each of which belongs to a step or an epoch.
///
/// A run that is resumed from a checkpoint continues from there, and so does the file: what came after the checkpoint is
/// removed, since it will come again.
final class RecordFile<Line: Codable & Sendable>: Sendable {
    private let path: String
    private let file = Locked<LineFile?>(nil)

    init(_ path: String) { self.path = path }

    /// Opens the file with the lines that `isKept` accepts; they are the first ones.
    func open(keeping isKept: (Line) -> Bool) throws {
        let opened = try LineFile(path) { text in
            guard let line = try? JSONDecoder().decode(Line.self, from: Data(text.utf8)) else { return false }
            return isKept(line)
        }
        file.withLock { $0 = opened }
    }

    func append(_ line: Line) throws {
        let text = String(decoding: try JSONEncoder.sorted.encode(line), as: UTF8.self)
        try file.withLock { try $0?.append(text) }
    }

    func flush() throws { try file.withLock { try $0?.flush() } }

    /// The lines of a file after some bytes; what is not understood is left out.
    static func lines(of path: String, from offset: Int = 0) throws(FileError) -> (lines: [Line], end: Int) {
        let (lines, end) = try LineFile.lines(of: path, from: offset)
        return (lines.compactMap { try? JSONDecoder().decode(Line.self, from: Data($0.utf8)) }, end)
    }
}

extension Callback {
    /// Appends the measurements of every step and epoch to a file.
    static func metrics(to file: RecordFile<MetricsLine>) -> Callback {
        Callback(
            atStart: { context in
                try file.open { $0.isBefore(context.state, steps: context.optimizer.steps) }
                return .continue
            },
            afterBatch: { context in
                if let step = context.step { try file.append(MetricsLine(step)) }
            },
            afterEpoch: { context in
                if let record = context.state.history.last {
                    try file.append(MetricsLine(record, step: context.optimizer.steps))
                }
                return .continue
            })
    }
}
