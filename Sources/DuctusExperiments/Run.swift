#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A training run on disk: an experiment, what it has learned so far, and where it came from.
///
/// ```swift
/// let experiment = try Experiment(contentsOf: "lines.json", changes: ["training.epochs=2"])
/// let run = try Run.create(experiment, at: "runs/lines")     // an error if there already is one
/// try run.train()
/// let reader = try LineReader(run.directory)
///
/// try Run.open("runs/lines").train()                         // goes on where it was interrupted
/// ```
///
/// | file | holds |
/// |---|---|
/// | `configuration.json` | the experiment, defaults filled in |
/// | `provenance.json` | data, code, machine and seed; see ``Provenance`` |
/// | `history.json` | one record an epoch, written as it happens |
/// | `last.safetensors` | the latest checkpoint: weights, optimizer and state, to resume |
/// | `best.safetensors` | the weights of the best epoch, to use |
public struct Run: Sendable {
    /// Where the run is kept.
    public let directory: String
    /// What is trained, and how.
    public let experiment: Experiment
    /// Where transformed samples are kept from run to run; unless given, each run makes its own.
    public var features: FeatureStore?

    static let configurationName = "configuration.json"
    static let historyName = "history.json"
    static let provenanceName = "provenance.json"

    /// Begins a run in a directory of its own, which is created.
    /// - Throws: ``RunError/exists(_:)`` if the directory holds anything, `FileError` if it cannot be written to.
    public static func create(_ experiment: Experiment, at directory: String) throws -> Run {
        guard File.names(in: directory).isEmpty else { throw RunError.exists(directory) }
        try File.createDirectory(directory)
        let run = Run(directory: directory, experiment: experiment)
        // Of two that find the directory empty at the same time, one must give way.
        let lock = try run.lock()
        guard !File.exists(run.path(configurationName)) else { throw RunError.exists(directory) }
        try withExtendedLifetime(lock) {
            try File.write(Array(experiment.text.utf8), to: run.path(configurationName))
        }
        return run
    }

    /// Begins a run in a new directory below `runs`: `NAME-20260131-142500`, with a number after it if that is taken.
    /// - Throws: `FileError` if it cannot be written to.
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

    /// Opens a run. Nothing is changed before it trains, and then it goes on.
    /// - Throws: `FileError` if there is none, `ConfigurationError` naming the key that is not understood.
    public static func open(_ directory: String, components: Components) throws -> Run {
        let path = "\(directory)/\(configurationName)"
        return Run(directory: directory, experiment: try Experiment(contentsOf: path, components: components))
    }

    private init(directory: String, experiment: Experiment) {
        (self.directory, self.experiment) = (directory, experiment)
    }

    /// One record an epoch that is done, the first first.
    /// - Throws: `ConfigurationError` if the file is damaged.
    public var history: [EpochRecord] {
        get throws {
            let path = path(Self.historyName)
            guard File.exists(path) else { return [] }
            guard let json = try? JSONText(parsing: File.readBytes(path)) else {
                throw ConfigurationError(path, "the history is not JSON; it is damaged")
            }
            return try json.decoded(file: path)
        }
    }

    /// The latest checkpoint; nil before the first.
    /// - Throws: `ArchiveError` if it is damaged.
    public var last: Checkpoint? {
        get throws {
            let path = path(Checkpoint.lastName)
            return File.exists(path) ? try Checkpoint(contentsOf: path) : nil
        }
    }

    /// The network of the best epoch, with its weights.
    /// - Throws: `FileError` before the first epoch is done, `ArchiveError` if the file is damaged.
    public var best: WeightsFile {
        get throws { try WeightsFile(path(WeightsFile.bestName)) }
    }

    /// Where the run came from; nil before it has trained.
    /// - Throws: `ConfigurationError` if the file is damaged.
    public var provenance: Provenance? {
        get throws {
            let path = path(Self.provenanceName)
            guard File.exists(path) else { return nil }
            guard let json = try? JSONText(parsing: File.readBytes(path)) else {
                throw ConfigurationError(path, "the provenance is not JSON; it is damaged")
            }
            return try json.decoded(file: path)
        }
    }

    /// Removes a run that never began: what was wrong was found before its first checkpoint.
    package func discardIfUntrained() {
        guard !File.exists(path(Checkpoint.lastName)) else { return }
        for name in [Self.configurationName, Self.provenanceName, ".lock"] { try? File.remove(path(name)) }
        try? File.removeDirectory(directory)
    }

    func path(_ name: String) -> String { "\(directory)/\(name)" }

    /// Keeps every other program from training this run.
    func lock() throws -> FileLock {
        guard let lock = try FileLock(path(".lock")) else { throw RunError.inUse(directory) }
        return lock
    }
}

/// Why a run cannot be created or go on.
public enum RunError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The directory holds something, perhaps another run.
    case exists(String)
    /// Another program trains the run.
    case inUse(String)

    public var description: String {
        switch self {
        case .exists(let directory):
            "\(directory): the directory is not empty; open the run that is in it to go on, or choose another directory."
        case .inUse(let directory):
            "\(directory): another program is training this run; wait until it is done, or stop it."
        }
    }
}
