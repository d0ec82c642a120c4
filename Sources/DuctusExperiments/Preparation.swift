import Synchronization

/// What a task finds when it prepares a training run: the rest of the experiment's file, and ways to build things as it
/// says.
public struct Preparation: Sendable {
    /// The experiment.
    public let experiment: Experiment
    private let features: FeatureStore?
    private let versions = DataVersions()

    /// - Parameters:
    ///   - experiment: the experiment whose task prepares.
    ///   - features: where transformed samples are kept from run to run; each run makes its own, if absent.
    public init(_ experiment: Experiment, features: FeatureStore? = nil) {
        (self.experiment, self.features) = (experiment, features)
    }

    /// What errors call the configuration file.
    public var file: String { experiment.file }

    /// The network that the file chooses, its weights initialized from the seed.
    ///
    /// - Parameters:
    ///   - classes: how many classes it is to have.
    ///   - role: what it must be, such as `(any ConfigurableNetwork & LineNetwork).self`.
    ///   - description: what messages call that, such as "line recognizer".
    /// - Throws: `ConfigurationError` if it is not that, or its settings are wrong.
    public func network<Role>(
        classes: Int, as role: Role.Type = (any ConfigurableNetwork).self, _ description: String = "network"
    ) throws -> Role {
        let network = try Initialization.seeded(experiment.training.seed) {
            try Registries.networks.network(experiment.network, classes: classes, file: file)
        }
        guard let network = network as? Role else {
            throw ConfigurationError(
                file,
                "the network \(experiment.network.name) is not a \(description); choose one of "
                    + Registries.networks.names(of: role).joined(separator: ", "))
        }
        return network
    }

    /// The kind of data that the file chooses, with its settings.
    ///
    /// - Parameters:
    ///   - choice: the name of the kind, and settings.
    ///   - what: what it must have, such as "lines".
    ///   - role: the protocol of kinds that have that, or one kind.
    /// - Throws: `ConfigurationError` for a kind that is not known or has nothing of that, and for unknown settings.
    @discardableResult
    public func kind<Role>(_ choice: Choice, with what: String, as role: Role.Type) throws -> Role {
        try Registries.dataKinds.kind(choice, with: what, file: file, as: role)
    }

    /// A directory or file that the configuration names, its leading environment variable replaced.
    public func path(_ path: String) throws(ConfigurationError) -> String { try File.expanded(path, file: file) }

    /// The characters of a configuration, the blank first.
    public func alphabet(
        _ characters: String, isDecomposed: Bool = false
    ) throws(ConfigurationError) -> Alphabet {
        do {
            return try Alphabet(validating: characters, blank: 0, isDecomposed: isDecomposed)
        } catch {
            throw ConfigurationError(file, "key \"characters\": \(error.description.dropLast())")
        }
    }

    /// Transformed samples, kept if there is a store. The version of the data becomes part of the run's provenance.
    ///
    /// - Parameters:
    ///   - data: the data set.
    ///   - name: what the samples are called in notes and in the provenance, such as `iam train`.
    ///   - isKept: whether they may be kept; not, where making them takes no longer than reading them back.
    public func examples(
        _ data: some FeatureSource, named name: String, isKept: Bool = true
    ) throws -> ExampleCache {
        let version = try data.dataVersion()
        versions.add(DataVersion(name: name, samples: data.count, version: version.description))
        return try (isKept ? features : nil)?.features(of: data, named: name, version: version) ?? data.cached()
    }

    /// Samples to learn from: in a new order every epoch, distorted as the file says.
    public func trainingBatches(_ data: ExampleCache, minimumWidth: Int = 1) -> BatchLoader {
        let training = experiment.training
        return BatchLoader(
            data, batchSize: training.batchSize, shuffles: true, seed: training.seed,
            augmentation: training.augmentation, minimumWidth: minimumWidth)
    }

    /// Samples to measure on.
    public func validationBatches(_ data: ExampleCache, minimumWidth: Int = 1) -> BatchLoader {
        let training = experiment.training
        return BatchLoader(
            data, batchSize: training.batchSize, shuffles: false, seed: training.seed, minimumWidth: minimumWidth)
    }

    /// Tells people something, on standard error.
    public func note(_ text: String) { report(text) }

    /// The data that were read, with their versions.
    var data: [DataVersion] { versions.all }
}

/// A part of a data set, and what it was when it was read.
public struct DataVersion: Sendable, Codable, Equatable {
    /// What the part is called, such as `iam train`.
    public let name: String
    /// How many samples there are.
    public let samples: Int
    /// A hash of all that the samples are made of; see `FeatureSource.dataVersion()`.
    public let version: String
}

private final class DataVersions: Sendable {
    private let list = Mutex<[DataVersion]>([])
    func add(_ version: DataVersion) { list.withLock { $0.append(version) } }
    var all: [DataVersion] { list.withLock { $0 } }
}
