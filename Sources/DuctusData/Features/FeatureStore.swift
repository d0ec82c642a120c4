#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A cache of the transformed samples of data sets in files, so that expensive transformations are computed once.
///
/// ```swift
/// let lines = try LineDataset(kind: "iam", directory: "data/iam", split: "train")
/// let store = FeatureStore()
/// let examples = try store.features(of: lines, named: "iam train")     // computed and kept
/// let again = try store.features(of: lines, named: "iam train")        // mapped from the file
/// ```
/// The name of a file is a hash of the version of the data, the settings of the transformation and the version of its
/// code; see ``FeatureSource``. If one of them changes, so does the name, and stale features are never read. Damaged
/// files are computed again. Any number of programs may use the same directory.
public struct FeatureStore: Sendable {
    /// The directory of the files, which is created when it is needed.
    public let directory: String
    /// The largest size of the samples of a data set that are kept; larger sets are computed every time.
    public var maximumBytes = 1 << 29
    private let note: @Sendable (String) -> Void

    /// The store in a directory, by default that of the environment variable `DUCTUS_FEATURES`, or `.ductus/features`.
    ///
    /// - Parameters:
    ///   - directory: the directory of the files.
    ///   - note: gets a sentence about what was read, computed or damaged; by default, it is written to standard error.
    public init(directory: String? = nil, note: (@Sendable (String) -> Void)? = nil) {
        let named = File.environment("DUCTUS_FEATURES").flatMap { $0.isEmpty ? nil : $0 }
        (self.directory, self.note) = (directory ?? named ?? ".ductus/features", note ?? { report($0) })
    }

    /// The transformed samples of a data set, read from their file, or computed and kept.
    ///
    /// If the store cannot be written to, the features are computed all the same, and the note has the reason.
    ///
    /// - Parameters:
    ///   - data: the data set.
    ///   - name: the name of the samples in notes and ``entries``, such as `iam train`.
    ///   - version: the version of the data, if it is known already.
    /// - Throws: any error of the data set.
    public func features(
        of data: some FeatureSource, named name: String, version: ContentHash? = nil
    ) throws -> ExampleCache {
        let start = ContinuousClock.now
        func seconds() -> String { "\(((ContinuousClock.now - start) / .milliseconds(100)).rounded() / 10) s" }
        let recipe = try FeatureFile.Recipe(of: data, version: version)
        let path = "\(directory)/\(recipe.key).safetensors"
        if File.exists(path) {
            do {
                let examples = try FeatureFile.read(path, recipe: recipe)
                note("Features of \(name): \(examples.count) read from \(path) in \(seconds()).")
                return ExampleCache(
                    examples: examples, names: (0..<data.count).map(data.name(of:)), expectation: data.expectation)
            } catch {
                note("\(error) The features of \(name) are computed again.")
            }
        }
        let computed = try data.cached()
        let bytes = computed.examples.reduce(0) { $0 + 4 * ($1.input.count + $1.labels.count) }
        guard bytes <= maximumBytes else {
            note(
                "Features of \(name): \(computed.count) computed in \(seconds()), not kept: they take \(bytes >> 20) MB."
            )
            return computed
        }
        do {
            try File.createDirectory(directory)
            try FeatureFile.write(computed.examples, named: name, recipe: recipe, to: path)
            note("Features of \(name): \(computed.count) computed in \(seconds()) and kept in \(path).")
        } catch {
            note("Features of \(name): \(computed.count) computed in \(seconds()) and not kept. \(error)")
        }
        return computed
    }

    /// A file of the store.
    public struct Entry: Sendable, Equatable, Codable {
        /// The name of its samples.
        public let name: String
        /// The number of samples.
        public let examples: Int
        /// The version of the code; see ``FeatureSource/codeVersion``.
        public let code: String
        /// The settings of the transformation as JSON.
        public let settings: String
        /// The version of the data; see ``FeatureSource/dataVersion()``.
        public let data: String
        /// The size of the file in bytes.
        public let bytes: Int
        /// The path of the file.
        public let path: String
    }

    /// The readable files of the store, sorted by name.
    public var entries: [Entry] {
        paths.compactMap { FeatureFile.entry($0) }.sorted { ($0.name, $0.path) < ($1.name, $1.path) }
    }

    /// Removes all files of the store.
    /// - Returns: the number of files removed.
    @discardableResult
    public func clear() throws -> Int {
        let paths = paths
        for path in paths { try File.remove(path) }
        return paths.count
    }

    /// The files whose names are hashes.
    private var paths: [String] {
        File.names(in: directory).filter { name in
            let parts = name.split(separator: ".")
            return parts.count == 2 && parts[1] == "safetensors" && parts[0].count == 64
                && parts[0].allSatisfy(\.isHexDigit)
        }.map { "\(directory)/\($0)" }
    }
}
