import Synchronization

/// What a task prepares a training run from: the experiment, and functions that build its network and data.
public struct Preparation: Sendable {
    /// The experiment.
    public let experiment: Experiment
    private let features: FeatureStore?
    private let versions = DataVersions()
    private let sets = DataSetVersions()
    /// The number of samples that are enough for a rehearsal; nil for a run, which needs all.
    private let sampleLimit: Int?

    /// - Parameters:
    ///   - experiment: the experiment.
    ///   - features: the cache of transformed samples; if absent, every run transforms its own.
    public init(_ experiment: Experiment, features: FeatureStore? = nil) {
        (self.experiment, self.features, sampleLimit) = (experiment, features, nil)
    }

    /// The preparation of a rehearsal, for which the first samples are transformed, as many as some batches have.
    init(rehearsing experiment: Experiment, batches: Int = 1) {
        (self.experiment, features, sampleLimit) = (experiment, nil, batches * experiment.training.batchSize)
    }

    /// The name of the configuration file in error messages.
    public var file: String { experiment.file }

    /// Builds the network of the experiment, its weights initialized from the seed.
    ///
    /// - Parameters:
    ///   - classes: the number of classes.
    ///   - role: the required type, such as `(any ConfigurableNetwork & LineNetwork).self`.
    ///   - description: the name of that type in error messages, such as "line recognizer".
    /// - Throws: `ConfigurationError` if the network is of another type, or its configuration is invalid.
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
    ///   - choice: the name of the kind and its settings.
    ///   - what: the name of the required contents in error messages, such as "lines".
    ///   - role: the required type, such as `(any LineDataKind).self`.
    /// - Throws: `ConfigurationError` for an unknown kind, a kind of another type, and unknown settings.
    @discardableResult
    public func kind<Role>(_ choice: Choice, with what: String, as role: Role.Type) throws -> Role {
        try Registries.dataKinds.kind(choice, with: what, file: file, as: role)
    }

    /// Replaces the environment variable at the start of a path, if there is one. If that is the directory of a data set with
    /// a manifest, the provenance of the run names it.
    /// - Throws: `ConfigurationError` if the variable is not set.
    public func path(_ path: String) throws(ConfigurationError) -> String {
        let path = try File.expanded(path, file: file)
        if let set = DataSetVersion(of: path) { sets.add(set) }
        return path
    }

    /// The alphabet of the given characters; the blank is class 0.
    /// - Throws: `ConfigurationError` if there are none, or one is repeated.
    public func alphabet(
        _ characters: String, isDecomposed: Bool = false
    ) throws(ConfigurationError) -> Alphabet {
        do {
            return try Alphabet(validating: characters, blank: 0, isDecomposed: isDecomposed)
        } catch {
            throw ConfigurationError(file, "key \"characters\": \(error.description.dropLast())")
        }
    }

    /// Transforms all samples of a data set, or reads them from the cache, and records the version of the data.
    ///
    /// - Parameters:
    ///   - data: the data set.
    ///   - name: its name in messages and in the provenance of the run, such as `iam train`.
    ///   - isCached: whether the cache is used; there is no point where transforming is as fast as reading.
    /// - Throws: an error of the data set.
    public func examples(
        _ data: some FeatureSource, named name: String, isCached: Bool = true
    ) throws -> ExampleCache {
        if let sampleLimit { return try data.cached(first: sampleLimit) }
        let version = try record(data, named: name)
        return try (isCached ? features : nil)?.features(of: data, named: name, version: version) ?? data.cached()
    }

    /// Records the version of a data set in the provenance of the run. `examples` does so by itself.
    ///
    /// - Parameters:
    ///   - data: the data set.
    ///   - name: its name in the provenance, such as `iam train`.
    /// - Throws: `FileError` for a file that cannot be read.
    @discardableResult
    public func record(_ data: some FeatureSource, named name: String) throws -> ContentHash {
        guard sampleLimit == nil else { return ContentHash("") }
        let version = try data.dataVersion()
        versions.add(DataVersion(name: name, samples: data.count, version: version.description))
        return version
    }

    /// Batches to train on: in a new order every epoch, with the augmentation of the experiment.
    ///
    /// - Parameters:
    ///   - data: the training samples.
    ///   - minimumWidth: the width that every image is padded to at least.
    ///   - space: the class of the space, for lines of text that `Augmentation.joining` joins; `nil` joins none.
    public func trainingBatches(_ data: ExampleCache, minimumWidth: Int = 1, space: Int32? = nil) -> BatchLoader {
        let training = experiment.training
        return BatchLoader(
            data, batchSize: training.batchSize, shuffles: true, seed: training.seed,
            augmentation: training.augmentation, minimumWidth: minimumWidth, space: space)
    }

    /// Batches to validate on: in order of their width and without augmentation.
    public func validationBatches(_ data: ExampleCache, minimumWidth: Int = 1) -> BatchLoader {
        let training = experiment.training
        return BatchLoader(
            data, batchSize: training.batchSize, shuffles: false, sortsByWidth: true, seed: training.seed,
            minimumWidth: minimumWidth)
    }

    /// Prints a message on standard error.
    public func note(_ text: String) { report(text) }

    /// The versions of the data that were read, in order.
    package var data: [DataVersion] { versions.all }
    /// The data sets with manifests that they are from, in the order of their first use.
    package var dataSets: [DataSetVersion] { sets.all }
}

/// The version of a data set that a run was trained or validated on.
public struct DataVersion: Sendable, Codable, Equatable {
    /// The name, such as `iam train`.
    public let name: String
    /// The number of samples.
    public let samples: Int
    /// A hash of the contents of all samples; see `FeatureSource.dataVersion()`.
    public let version: String
}

private final class DataVersions: Sendable {
    private let list = Mutex<[DataVersion]>([])
    func add(_ version: DataVersion) { list.withLock { $0.append(version) } }
    var all: [DataVersion] { list.withLock { $0 } }
}

private final class DataSetVersions: Sendable {
    private let list = Mutex<[DataSetVersion]>([])
    func add(_ set: DataSetVersion) { list.withLock { if !$0.contains(set) { $0.append(set) } } }
    var all: [DataSetVersion] { list.withLock { $0 } }
}
