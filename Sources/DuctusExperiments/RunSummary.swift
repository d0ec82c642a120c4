/// What the files of a run say about it. Neither its data nor its components are needed, nothing is changed, and the run
/// may be in training.
///
/// ```swift
/// let run = try RunSummary("runs/lines")
/// print(run.state, run.best?.metrics["characterAccuracy"] ?? .nan)
/// ```
public struct RunSummary: Sendable {
    /// The states of a run.
    public enum State: String, Sendable {
        /// Training ended, after the last epoch or because a callback stopped it.
        case finished
        /// Training can be resumed.
        case interrupted
        /// A program is training the run.
        case running
    }

    /// The epoch of `best.safetensors`.
    public struct Best: Sendable, Equatable {
        /// The number of the epoch, from 1.
        public let epoch: Int
        /// The validation loss and metrics by name.
        public let metrics: [String: Double]
    }

    /// The directory of the run.
    public let directory: String
    /// The configuration, with all defaults.
    package let configuration: JSONText
    /// The records of all finished epochs, in order.
    public let history: [EpochRecord]
    /// The origin of the run; nil before training starts.
    public let provenance: Provenance?
    /// The best epoch; nil before the end of the first.
    public let best: Best?
    /// The end of training, and what it took; nil before that.
    public let outcome: Outcome?
    /// The state.
    public let state: State

    /// Reads the files of a run.
    /// - Throws: `FileError` if there is no run, `ConfigurationError` or `ArchiveError` naming the file that is damaged.
    public init(_ directory: String) throws {
        var directory = directory
        while directory.count > 1, directory.hasSuffix("/") { directory.removeLast() }
        self.directory = directory
        let path = "\(directory)/\(Run.configurationName)"
        let bytes = try File.readBytes(path, maximumBytes: 1 << 20)
        guard let configuration = try? JSONText(parsing: bytes), configuration.object != nil else {
            throw ConfigurationError(path, "the configuration is not a JSON object; it is damaged")
        }
        self.configuration = configuration.migrated
        history = try Run.history(in: directory)
        provenance = try Run.record(Run.provenanceName, "provenance", in: directory)
        best = try Self.best(in: directory)
        outcome = try Run.record(Run.outcomeName, "outcome", in: directory)
        let planned = self.configuration[path: "training.epochs"]?.count
        state =
            if FileLock.isHeld("\(directory)/\(Run.lockName)") {
                .running
            } else if history.count >= planned ?? .max || outcome?.epochs == history.count {
                .finished
            } else {
                .interrupted
            }
    }

    private static func best(in directory: String) throws -> Best? {
        let path = "\(directory)/\(WeightsFile.bestName)"
        guard File.exists(path) else { return nil }
        let (metrics, epoch) = WeightsFile.results(try TensorArchive(contentsOf: path).metadata)
        return epoch.map { Best(epoch: $0, metrics: metrics) }
    }

    /// The name of the directory.
    public var name: String { File.name(of: directory) }
    /// The name of the task.
    public var task: String { value("task")?.string ?? "" }
    /// The name of the network.
    public var network: String { value("network")?.string ?? "" }
    /// The number of epochs in the configuration.
    public var plannedEpochs: Int { value("training.epochs")?.count ?? 0 }
    /// The duration of all finished epochs.
    public var seconds: Double { history.reduce(0) { $0 + $1.seconds } }

    /// The name of the validation value that determines the best epoch; nil if that is not known.
    public var monitor: String? {
        if let name = provenance?.monitor ?? value("training.monitor")?.string { return name }
        // Older versions did not record it, but it is certain if there is only one metric.
        guard let metrics = best?.metrics.keys.filter({ $0 != "loss" }) else { return nil }
        return metrics.count > 1 ? nil : metrics.first ?? "loss"
    }

    /// The value of the monitor in the best epoch.
    public var bestValue: Double? { monitor.flatMap { best?.metrics[$0] } }

    /// The checkpoints with their sizes in bytes.
    public var checkpoints: [(name: String, bytes: Int)] {
        [WeightsFile.bestName, Checkpoint.lastName].compactMap { name in
            File.size("\(directory)/\(name)").map { (name, $0) }
        }
    }
}

extension RunSummary {
    /// A directory with a run, which may be damaged.
    public struct Listed: Sendable {
        /// The directory.
        public let directory: String
        /// The run, or what is wrong with it.
        public let result: Result<RunSummary, any Error>
    }

    /// All runs in a directory, sorted by name. What is no run is left out.
    /// - Throws: `FileError` if there is no such directory.
    public static func all(in directory: String) throws(FileError) -> [Listed] {
        guard File.isDirectory(directory) else { throw FileError(file: directory, reason: .missing) }
        let directories = File.names(in: directory).map { "\(directory)/\($0)" }.filter {
            File.exists("\($0)/\(Run.configurationName)")
        }
        return parallelMap(directories.count) { index in
            Listed(directory: directories[index], result: Result { try RunSummary(directories[index]) })
        }
    }
}
