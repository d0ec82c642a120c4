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
/// files are computed again. Any number of programs may use the same directory; one that needs what another one is computing
/// waits for it.
public struct FeatureStore: Sendable {
    /// The directory of the files, which is created when it is needed.
    public let directory: String
    /// The largest size in bytes of the samples of a data set that are kept; larger sets are computed every time, and are
    /// then in memory.
    public var maximumBytes = 1 << 33
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
        // Of the processes of a job, all of which need the same features, one computes them, and the others wait for its file.
        let lockPath = "\(path).lock"
        var lock: FileLock?
        if !File.exists(path) {
            try? File.createDirectory(directory)
            lock = try? FileLock(lockPath)
            if lock == nil { FileLock.waitForRelease(lockPath) }
        }
        defer { if lock != nil { try? File.remove(lockPath) } }
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
        var obstacle: FeatureFile.Obstacle?
        do {
            try File.createDirectory(directory)
            obstacle = try FeatureFile.stream(named: name, recipe: recipe, to: path, maximumBytes: maximumBytes) {
                range in
                do { return try data.packed(range) } catch { throw SampleFailure(cause: error) }
            }
            if obstacle == nil {
                let examples = try FeatureFile.read(path, recipe: recipe)
                note("Features of \(name): \(examples.count) computed in \(seconds()) and kept in \(path).")
                return ExampleCache(
                    examples: examples, names: (0..<data.count).map(data.name(of:)), expectation: data.expectation)
            }
        } catch let failure as SampleFailure {
            throw failure.cause
        } catch {
            obstacle = .unwritable("\(error)")
        }
        let computed = try data.cached()
        if obstacle == .noImages {
            obstacle = FeatureFile.write(
                computed.examples, named: name, recipe: recipe, to: path, maximumBytes: maximumBytes)
        }
        let kept =
            switch obstacle {
            case nil: "and kept in \(path)."
            case .tooLarge(let bytes): "and not kept: they take \(bytes >> 20) MB."
            case .unwritable(let reason): "and not kept. \(reason)"
            case .noImages: "and not kept."
            }
        note("Features of \(name): \(computed.count) computed in \(seconds()) \(kept)")
        return computed
    }

    /// An error of the data set, as opposed to one of the store.
    private struct SampleFailure: Error {
        let cause: any Error
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
