/// What would spoil a training, found before it: in the data of an experiment, and in how they fit its network.
///
/// ```swift
/// let examination = try Examination(of: Experiment(contentsOf: "lines.json"))
/// for finding in examination.findings { print(finding) }
/// ```
public struct Examination: Sendable, Codable {
    /// How bad a finding is.
    public enum Severity: String, Sendable, Codable {
        /// The training would fail, or its result would be worthless.
        case problem
        /// The result may be worse, or look better, than it should.
        case warning
    }

    /// Something that was found.
    public struct Finding: Sendable, Codable, Equatable, CustomStringConvertible {
        /// How bad it is.
        public let severity: Severity
        /// What was looked for, such as `unreadable pictures`.
        public let check: String
        /// The number of samples, characters, or writers.
        public let count: Int
        /// What was found, as a sentence.
        public let message: String
        /// The names of those concerned: all of them, with the reason where it differs.
        public let items: [String]

        public var description: String { message }
    }

    /// A split that was examined.
    public struct Split: Sendable, Codable, Equatable {
        /// The directory and the name of the split.
        public let name: String
        /// Whether it is trained on.
        public let isTraining: Bool
        /// The number of samples.
        public let samples: Int
    }

    /// The splits.
    public internal(set) var splits: [Split] = []
    /// What was found, problems first.
    public internal(set) var findings: [Finding] = []

    /// Whether anything would spoil the training.
    public var hasProblems: Bool { findings.contains { $0.severity == .problem } }

    /// Examines the data of an experiment. Every picture is read.
    ///
    /// - Throws: `ConfigurationError` for a task that cannot be examined, or a configuration that is not valid.
    public init(of experiment: Experiment) throws {
        guard let task = experiment.task as? any ExaminableTask else {
            throw ConfigurationError(
                experiment.file, "the data of the task \"\(type(of: experiment.task).name)\" cannot be examined")
        }
        let preparation = Preparation(experiment)
        let alphabet = try task.alphabet.map {
            try preparation.alphabet($0.characters, isDecomposed: $0.isDecomposed)
        }
        var network: (any LineNetwork)?
        if let alphabet, task.unit == .lines {
            network = try preparation.network(
                classes: alphabet.count, as: (any ConfigurableNetwork & LineNetwork).self, "line recognizer")
        }
        var examined: [ExaminedSplit] = []
        for source in task.sources {
            let directory = try preparation.path(source.directory)
            let name = "\(directory) \(source.split)"
            do {
                let data = try DataSamples(
                    kind: source.kind, directory: directory, splits: [source.split], as: task.unit)
                let samples = data.splits.flatMap(\.samples)
                splits.append(Split(name: name, isTraining: source.isTraining, samples: samples.count))
                if samples.isEmpty {
                    add(.problem, "empty splits", "The split \(name) has no \(task.unit.rawValue).", [name])
                }
                let missing = data.splits.reduce(0) { $0 + $1.missingImages }
                if missing > 0 {
                    add(
                        .warning, "missing pictures", "\(missing) \(task.unit.rawValue) of \(name) have no picture.",
                        count: missing)
                }
                examined.append(
                    ExaminedSplit(
                        samples, isTraining: source.isTraining, alphabet: alphabet, network: network,
                        input: task.lineInput))
            } catch {
                splits.append(Split(name: name, isTraining: source.isTraining, samples: 0))
                add(.problem, "data", "\(error)", [name])
            }
        }
        addTexts(examined, alphabet, isRefused: task.alphabet?.isRefused ?? true, task.unit)
        addPictures(examined, network)
        addComparisons(examined, task.unit)
        findings = findings.filter { $0.severity == .problem } + findings.filter { $0.severity == .warning }
    }

    mutating func add(
        _ severity: Severity, _ check: String, _ message: String, _ items: [String] = [], count: Int? = nil
    ) {
        findings.append(
            Finding(severity: severity, check: check, count: count ?? items.count, message: message, items: items))
    }

    /// A few names of many: `a, b, c, …`.
    static func few(_ items: [String]) -> String {
        items.prefix(5).joined(separator: ", ") + (items.count > 5 ? ", …" : "")
    }
}
