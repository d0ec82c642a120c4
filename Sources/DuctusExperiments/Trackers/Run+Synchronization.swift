extension Run {
    /// Sends what trackers do not have yet of a run.
    ///
    /// - Parameters:
    ///   - directory: the directory of the run.
    ///   - others: the trackers; if there are none, those of the configuration.
    ///   - registry: the trackers that a configuration can choose.
    /// - Returns: the names of the trackers, which have everything now.
    /// - Throws: ``RunError/inUse(_:)`` while a program trains the run, which sends by itself; `ConfigurationError` if there
    ///   is no tracker; errors of trackers and of files.
    @discardableResult
    public static func synchronize(
        _ directory: String, with others: [any Tracker] = [], among registry: Registry<any Component.Type>
    ) throws -> [String] {
        let summary = try RunSummary(directory)
        let trackers = others.isEmpty ? try summary.trackers(registry) : others
        let file = "\(directory)/\(configurationName)"
        guard !trackers.isEmpty else {
            throw ConfigurationError(
                file,
                "there are no trackers in \"training.trackers\"; choose one with --tracker: "
                    + registry.names.joined(separator: ", "))
        }
        guard let lock = try FileLock("\(directory)/\(lockName)") else { throw RunError.inUse(directory) }
        return try withExtendedLifetime(lock) {
            let store = try DeliveryStore(directory)
            return try trackers.map { tracker in
                let feed = TrackerFeed(tracker, directory, store)
                if !feed.isComplete {
                    try feed.send()
                    try feed.end()
                }
                return tracker.key
            }
        }
    }
}

extension RunSummary {
    /// The trackers that the configuration chooses.
    fileprivate func trackers(_ registry: Registry<any Component.Type>) throws -> [any Tracker] {
        let file = "\(directory)/\(Run.configurationName)"
        return try (configuration[path: "training.trackers"]?.array ?? []).compactMap { Choice($0) }.map {
            try registry.component($0, file: file, key: "training.trackers")
        }
    }
}
