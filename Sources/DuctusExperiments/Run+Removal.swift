/// A run that was removed.
public struct RunRemoval: Sendable, Equatable {
    /// The directory.
    public let directory: String
    /// The names of the files that were removed.
    public let files: [String]
    /// Their total size.
    public let bytes: Int
    /// The names of the files that are still there; the directory is removed if there are none.
    public let remaining: [String]
}

extension Run {
    /// The files that a run consists of. The configuration is removed last, so that what an interruption leaves is a run.
    static let fileNames = [
        Checkpoint.lastName, WeightsFile.bestName, outcomeName, historyName, metricsName, predictionsName,
        ShownSamples.pictureName, histogramsName, trackersName, divergedName, logName, provenanceName,
        configurationName, lockName,
    ]

    /// Removes the files of runs, and their directories if nothing else is in them. All runs are checked first.
    ///
    /// - Parameters:
    ///   - directories: the runs, which may be damaged.
    ///   - keepsBest: whether the weights of the best epoch stay.
    /// - Throws: ``RunError/inUse(_:)`` or ``RunError/noRun(_:)``, before anything is removed; `FileError`.
    public static func remove(_ directories: [String], keepingBest keepsBest: Bool = false) throws -> [RunRemoval] {
        var (runs, locks): ([String], [FileLock]) = ([], [])
        for directory in directories where !runs.contains(where: { File.isSame($0, directory) }) {
            guard isRun(directory) else { throw RunError.noRun(directory) }
            guard let lock = try FileLock("\(directory)/\(lockName)") else { throw RunError.inUse(directory) }
            runs.append(directory)
            locks.append(lock)
        }
        return try withExtendedLifetime(locks) { try runs.map { try remove($0, keepsBest) } }
    }

    private static func remove(_ directory: String, _ keepsBest: Bool) throws(FileError) -> RunRemoval {
        let names = File.names(in: directory, includingHidden: true)
        let temporary = names.filter(isTemporary)
        let events = names.filter { $0.hasPrefix(eventsPrefix) }
        let own =
            temporary + events + fileNames.filter { names.contains($0) && !(keepsBest && $0 == WeightsFile.bestName) }
        var bytes = 0
        for name in own {
            bytes += File.size("\(directory)/\(name)") ?? 0
            try File.remove("\(directory)/\(name)")
        }
        let remaining = names.filter { !own.contains($0) }
        if remaining.isEmpty { try File.removeDirectory(directory) }
        return RunRemoval(
            directory: directory, files: own.filter { $0 != lockName }, bytes: bytes, remaining: remaining)
    }

    /// Whether a file is a temporary one, as programs that were killed leave them.
    private static func isTemporary(_ name: String) -> Bool {
        name.hasSuffix(".tmp") && fileNames.contains { name.hasPrefix(".\($0).") }
    }

    /// Removes what a killed program has left half-written. The run must be locked.
    func removeTemporaryFiles() throws(FileError) {
        for name in File.names(in: directory, includingHidden: true) where Self.isTemporary(name) {
            try File.remove(path(name))
        }
    }

    /// Whether a directory has a configuration and another file of a run. A configuration alone may be anybody's.
    private static func isRun(_ directory: String) -> Bool {
        let names = File.names(in: directory, includingHidden: true)
        return names.contains(configurationName) && fileNames.contains { $0 != configurationName && names.contains($0) }
    }
}
