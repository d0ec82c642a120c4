/// Trials of an experiment with different values of some keys of its configuration.
///
/// ```json
/// {
///     "name": "rates",
///     "experiment": "lines.json",
///     "search": { "name": "random", "trials": 20 },
///     "keys": {
///         "training.rate": { "low": 1e-4, "high": 1e-2, "scale": "logarithmic" },
///         "network.recurrentLayers": [1, 2]
///     }
/// }
/// ```
///
/// A sweep has a directory of its own, in which every trial is a ``Run``. These runs are its whole state, beside the file
/// `sweep.json` with what was asked for: which trials come next follows from their histories. So a sweep that was killed
/// continues where it was, and ends as if it had not been.
public struct Sweep: Sendable {
    /// A trial: its number and the values of the keys.
    public struct Trial: Sendable, Equatable {
        /// The number, from 0.
        public let number: Int
        /// The values, in the order of the keys.
        package let values: [JSONText]

        /// The values as they stand in a configuration file, in the order of the keys.
        public var texts: [String] { values.map(\.text) }
    }

    /// The name of its directory.
    public let name: String
    /// The keys, in alphabetical order.
    public let keys: [String]
    /// The trials.
    public let trials: [Trial]
    /// The groups of trials, in order; the first trials are those of the first group.
    public let brackets: [Bracket]
    /// What was asked for, with the base experiment.
    package let description: JSONText
    private let values: [SweepValues]
    private let base: JSONText
    private let file: String
    private let components: Components

    static let fileName = "sweep.json"

    /// Reads a sweep and its experiment, and checks the configurations of all trials.
    ///
    /// - Parameters:
    ///   - path: a JSON file; the path of its experiment is relative to it.
    ///   - components: what the experiment can name.
    /// - Throws: `FileError`, or `ConfigurationError` naming file and key.
    public init(contentsOf path: String, components: Components) throws {
        let request = try Self.json(path)
        let settings = try Settings().changed(by: request, file: path)
        let expanded = try File.expanded(settings.experiment, file: path)
        let experiment = expanded.hasPrefix("/") ? expanded : "\(File.directory(of: path))/\(expanded)"
        let base = try Experiment(contentsOf: experiment, components: components)
        try self.init(
            settings, base: JSONText(parsing: Array(base.text.utf8)), request: request, file: path,
            components: components)
    }

    private init(
        _ settings: Settings, base: JSONText, request: JSONText, file: String, components: Components
    ) throws {
        (name, self.base, self.file, self.components) = (settings.name, base, file, components)
        keys = settings.keys.keys.sorted()
        values = try keys.map { key in
            try SweepValues(settings.keys[key] ?? .null, file: file, key: "keys.\(key)")
        }
        let search: any SearchMethod = try Registries.searches.component(settings.search, file: file, key: "search")
        let planned = base[path: "training.epochs"]?.count ?? 1
        let grid = search.isExhaustive ? try Self.combinations(values, file: file) : []
        brackets = search.brackets(epochs: planned, combinations: grid.count)
        if keys.contains("training.epochs"), brackets.contains(where: { $0.rungs.count > 1 }) {
            throw ConfigurationError(
                file, "key \"keys.training.epochs\" does not go with a search that decides itself how long to train")
        }
        trials = search.isExhaustive ? grid : Self.drawn(brackets.reduce(0) { $0 + $1.trials }, values, settings.seed)
        description = .object(["sweep": request, "experiment": base])
        for trial in trials { _ = try experiment(of: trial) }
    }

    /// The keys of the file.
    private struct Settings: Configuration {
        var name = "sweep"
        var experiment = ""
        var search: Choice = "grid"
        var seed: UInt64 = 1
        var keys: [String: JSONText] = [:]

        var problem: String? {
            if name.isEmpty || name.contains("/") { return "key \"name\" must be the name of a directory" }
            if experiment.isEmpty { return "key \"experiment\" must be the file of an experiment" }
            return keys.isEmpty ? "key \"keys\" must name the keys to change, with the values to try" : nil
        }

        /// `keys` has any keys, so that it cannot be compared with its default.
        func changed(by json: JSONText, file: String) throws -> Settings {
            guard var members = json.object else { throw ConfigurationError(file, "the file must be a JSON object") }
            let keys = members.removeValue(forKey: "keys") ?? .object([:])
            let known = ["experiment", "keys", "name", "search", "seed"]
            for key in members.keys.sorted() where !known.contains(key) {
                throw ConfigurationError(
                    file, JSONText.unknown(key, suggestion(for: key, among: known), known: known))
            }
            guard let values = keys.object else { throw ConfigurationError(file, "key \"keys\" must be an object") }
            var settings: Settings = try JSONText.overlay(self, with: .object(members), file: file).decoded(file: file)
            settings.keys = values
            if let problem = settings.problem { throw ConfigurationError(file, problem) }
            return settings
        }
    }

    private static func json(_ path: String) throws -> JSONText {
        let bytes = try File.readBytes(path, maximumBytes: 1 << 20)
        do {
            return try JSONText(parsing: bytes)
        } catch {
            let line = bytes.prefix(error.offset).count { $0 == 0x0A } + 1
            throw ConfigurationError(path, "line \(line) is not JSON: \(error.message)")
        }
    }

    /// All combinations, the last key changing fastest.
    private static func combinations(_ values: [SweepValues], file: String) throws -> [Trial] {
        let lists = values.map(\.grid)
        let count = lists.reduce(1) { min($0 * $1.count, 1_000_000) }
        guard count <= 100_000 else {
            throw ConfigurationError(
                file, "the grid has too many combinations; choose fewer values, or a random search")
        }
        return (0..<count).map { number in
            var rest = number
            let chosen = lists.reversed().map { list in
                defer { rest /= list.count }
                return list[rest % list.count]
            }
            return Trial(number: number, values: chosen.reversed())
        }
    }

    /// Random combinations, as far as possible different ones. Each depends on the seed and those before it.
    private static func drawn(_ count: Int, _ values: [SweepValues], _ seed: UInt64) -> [Trial] {
        var trials: [Trial] = []
        for number in 0..<count {
            var random = RandomStream(seed: seed).split(number)
            var chosen = values.map { $0.draw(using: &random) }
            for _ in 0..<100 where trials.contains(where: { $0.values == chosen }) {
                chosen = values.map { $0.draw(using: &random) }
            }
            trials.append(Trial(number: number, values: chosen))
        }
        return trials
    }

    /// The configuration of a trial.
    /// - Throws: `ConfigurationError` naming the key that is unknown or out of range.
    package func experiment(of trial: Trial) throws -> Experiment {
        let changes = zip(keys, trial.values).map { "\($0)=\($1.text)" }
        return try Experiment(
            Array(base.text.utf8), file: "\(file), trial \(trial.number + 1)", changes: changes, components: components)
    }

    /// Whether the values of a key are spaced by their logarithms.
    package func isLogarithmic(_ key: String) -> Bool {
        keys.firstIndex(of: key).map { values[$0].isLogarithmic } ?? false
    }
}
