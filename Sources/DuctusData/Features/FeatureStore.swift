#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Keeps the transformed samples of data sets in files, so that an expensive transformation is computed once.
///
/// ```swift
/// let lines = try LineDataset(kind: "iam", directory: "data/iam", split: "train")
/// let store = FeatureStore()
/// let examples = try store.features(of: lines, named: "iam train")     // computed and kept
/// let again = try store.features(of: lines, named: "iam train")        // mapped from the file
/// ```
/// A file's name is the hash of the version of the data, the settings of the transformation and the version of its
/// code; see `FeatureSource`. Whenever one of them changes the name is another, so nothing old is ever read. A file
/// that is damaged is computed again. Any number of programs may use the same directory.
public struct FeatureStore: Sendable {
    /// Where the files are. It is made when there is something to keep.
    public let directory: String
    /// Data sets whose transformed samples take more than this are computed anew each time.
    public var maximumBytes = 1 << 29
    private let note: @Sendable (String) -> Void

    /// The store in a directory; unless given, the one that the environment variable `DUCTUS_FEATURES` names, else
    /// `.ductus/features`.
    ///
    /// - Parameters:
    ///   - directory: where the files are, or will be.
    ///   - note: gets a sentence about what was read, computed, or found damaged; unless given, standard error gets it.
    public init(directory: String? = nil, note: (@Sendable (String) -> Void)? = nil) {
        let named = File.environment("DUCTUS_FEATURES").flatMap { $0.isEmpty ? nil : $0 }
        (self.directory, self.note) = (directory ?? named ?? ".ductus/features", note ?? { report($0) })
    }

    /// The transformed samples of a data set: from their file, or computed and kept for the next time.
    ///
    /// A store that cannot be written to only says so.
    /// - Parameters:
    ///   - data: the data set.
    ///   - name: what the samples are called in notes and in ``entries``, such as `iam train`.
    ///   - version: the version of the data, where it is known already.
    /// - Throws: what the data set throws.
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
                "Features of \(name): \(computed.count) computed in \(seconds()); at \(bytes >> 20) MB they are not kept."
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

    /// What is known about a file of the store.
    public struct Entry: Sendable, Equatable, Codable {
        /// What its samples are called.
        public let name: String
        /// How many samples there are.
        public let examples: Int
        /// The version of the code; see `FeatureSource.codeVersion`.
        public let code: String
        /// The settings of the transformation as JSON.
        public let settings: String
        /// The version of the data; see `FeatureSource.dataVersion()`.
        public let data: String
        /// The size of the file.
        public let bytes: Int
        /// Where it is.
        public let path: String
    }

    /// The files of the store that can be read, by their names.
    public var entries: [Entry] {
        paths.compactMap { FeatureFile.entry($0) }.sorted { ($0.name, $0.path) < ($1.name, $1.path) }
    }

    /// Removes all files of the store.
    /// - Returns: how many there were.
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
