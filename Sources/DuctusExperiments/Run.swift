#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A training run on disk: its experiment, progress, and provenance.
///
/// ```swift
/// let experiment = try Experiment(contentsOf: "lines.json", changes: ["training.epochs=2"])
/// let run = try Run.create(experiment, at: "runs/lines")     // throws if the directory is not empty
/// try run.train()
/// let reader = try LineReader(run.directory)
///
/// try Run.open("runs/lines").train()                         // resumes after an interruption
/// ```
///
/// | file | contents |
/// |---|---|
/// | `configuration.json` | the experiment, including defaults |
/// | `provenance.json` | data, code, machine, and seed; see ``Provenance`` |
/// | `metrics.jsonl` | one line per step and per epoch, as soon as it ends; see `StepRecord` |
/// | `history.json` | one record per epoch, updated after every epoch |
/// | `predictions.jsonl`, `samples.png` | predictions for some validation samples after every epoch, and their picture |
/// | `trackers.json`, `histograms.jsonl` | what was sent to trackers, and what they show of the weights, if there are any |
/// | `log.txt` | what was reported, with the time |
/// | `outcome.json` | when training finished, after how many epochs, and what it took |
/// | `last.safetensors` | the latest checkpoint, to resume from: weights, optimizer, and state |
/// | `best.safetensors` | the weights of the best epoch, to use |
public struct Run: Sendable {
    /// The directory of the run.
    public let directory: String
    /// The experiment.
    public let experiment: Experiment
    /// The cache of transformed samples; if nil, the run transforms its own.
    public var features: FeatureStore?

    package static let configurationName = "configuration.json"
    package static let historyName = "history.json"
    package static let provenanceName = "provenance.json"
    package static let outcomeName = "outcome.json"
    static let metricsName = "metrics.jsonl"
    static let predictionsName = "predictions.jsonl"
    static let histogramsName = "histograms.jsonl"
    static let trackersName = "trackers.json"
    /// What the names of TensorBoard's event files begin with.
    package static let eventsPrefix = "events.out.tfevents."
    package static let logName = "log.txt"
    static let divergedName = "diverged.safetensors"
    static let lockName = ".lock"

    /// Creates a run in a directory of its own, which is created if necessary.
    /// - Throws: ``RunError/exists(_:)`` if the directory is not empty, `FileError` if it cannot be written.
    public static func create(_ experiment: Experiment, at directory: String) throws -> Run {
        guard File.names(in: directory).isEmpty else { throw RunError.exists(directory) }
        let text = try experiment.text
        try File.createDirectory(directory)
        let run = Run(directory: directory, experiment: experiment)
        // Another program may have found the directory empty at the same time.
        let lock = try run.lock()
        return try withExtendedLifetime(lock) {
            guard File.names(in: directory).isEmpty else { throw RunError.exists(directory) }
            try File.write(Array(text.utf8), to: run.path(configurationName))
            return run
        }
    }

    /// Creates a run in a new directory in `runs`, named `NAME-20260131-142500`, with a number appended if it exists.
    /// - Throws: `FileError` if the directory cannot be written.
    public static func create(_ experiment: Experiment, in runs: String) throws -> Run {
        let time = Date.now.formatted(
            .iso8601.year().month().day().timeSeparator(.omitted).dateSeparator(.omitted)
                .time(includingFractionalSeconds: false).dateTimeSeparator(.space)
        ).replacing(" ", with: "-")
        let base = "\(runs)/\(experiment.name)-\(time.prefix(15))"
        var (path, number) = (base, 2)
        while true {
            do {
                return try create(experiment, at: path)
            } catch RunError.exists, RunError.inUse {
                (path, number) = ("\(base)-\(number)", number + 1)
            }
        }
    }

    /// Opens a run without changing it.
    /// - Throws: `FileError` if there is no run, `ConfigurationError` naming the key that is invalid.
    public static func open(_ directory: String, components: Components) throws -> Run {
        let path = "\(directory)/\(configurationName)"
        return Run(directory: directory, experiment: try Experiment(contentsOf: path, components: components))
    }

    init(directory: String, experiment: Experiment) {
        (self.directory, self.experiment) = (directory, experiment)
    }

    /// The records of all finished epochs, in order.
    /// - Throws: `ConfigurationError` if the file is damaged.
    public var history: [EpochRecord] {
        get throws { try Self.history(in: directory) }
    }

    static func history(in directory: String) throws -> [EpochRecord] {
        let path = "\(directory)/\(historyName)"
        guard File.exists(path) else { return [] }
        let entries = (try? JSONText(parsing: File.readBytes(path)))?.array
        if let entries {
            let records = entries.compactMap { EpochRecord($0) }
            if records.count == entries.count { return records }
        }
        return try record(historyName, "history", in: directory) ?? []
    }

    /// The latest checkpoint; nil if there is none yet.
    /// - Throws: `ArchiveError` if it is damaged.
    public var last: Checkpoint? {
        get throws {
            let path = path(Checkpoint.lastName)
            return File.exists(path) ? try Checkpoint(contentsOf: path) : nil
        }
    }

    /// The weights of the best epoch.
    /// - Throws: `FileError` before the end of the first epoch, `ArchiveError` if the file is damaged.
    public var best: WeightsFile {
        get throws { try WeightsFile(path(WeightsFile.bestName)) }
    }

    /// The origin of the run; nil before training starts.
    /// - Throws: `ConfigurationError` if the file is damaged.
    public var provenance: Provenance? {
        get throws { try Self.record(Self.provenanceName, "provenance", in: directory) }
    }

    /// A JSON file of a run; nil if there is none yet.
    static func record<Value: Decodable>(_ name: String, _ contents: String, in directory: String) throws -> Value? {
        let path = "\(directory)/\(name)"
        guard File.exists(path) else { return nil }
        let bytes = try File.readBytes(path)
        if let value = try? JSONDecoder().decode(Value.self, from: Data(bytes)) { return value }
        // `JSONText` takes longer, but names what is wrong.
        guard let json = try? JSONText(parsing: bytes) else {
            throw ConfigurationError(path, "the \(contents) is not JSON; it is damaged")
        }
        return try json.decoded(file: path)
    }

    /// Removes a run that never began: what was wrong was found before its first checkpoint.
    package func discardIfUntrained() {
        guard !File.exists(path(Checkpoint.lastName)) else { return }
        for name in Self.fileNames { try? File.remove(path(name)) }
        try? File.removeDirectory(directory)
    }

    func path(_ name: String) -> String { "\(directory)/\(name)" }

    /// Locks the run, so that no other program can train it.
    func lock() throws -> FileLock {
        guard let lock = try FileLock(path(Self.lockName)) else { throw RunError.inUse(directory) }
        return lock
    }
}

/// Why a run cannot be created, trained, sent, or removed.
public enum RunError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The directory is not empty; it may contain another run.
    case exists(String)
    /// Another program is training the run.
    case inUse(String)
    /// The directory contains no run.
    case noRun(String)
    /// The training of the run has not begun.
    case notBegun(String)
    /// The disk is full: the directory, and the file that could not be written.
    case fullDisk(String, file: String)

    public var description: String {
        switch self {
        case .exists(let directory):
            "\(directory): the directory is not empty; resume the run in it, or choose another directory."
        case .inUse(let directory):
            "\(directory): another program is training this run; wait until it finishes, or stop it."
        case .notBegun(let directory):
            "\(directory): the training of this run has not begun; resume it first."
        case .fullDisk(let directory, let file):
            "\(file): the disk is full; make room, then resume the run \(directory), whose latest checkpoint is intact."
        case .noRun(let directory):
            "\(directory): there is no run here; give the directory of a run, with its configuration.json."
        }
    }
}
