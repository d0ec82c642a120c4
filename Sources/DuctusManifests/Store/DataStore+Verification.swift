/// A file of a data set that is not what its listing says.
public struct WrongFile: Sendable, Equatable, CustomStringConvertible {
    /// What is wrong.
    public enum Problem: String, Sendable {
        /// There is no such file.
        case missing
        /// The contents are others.
        case changed
        /// The file does not belong to the data set.
        case added
    }

    /// The path in the data set.
    public let path: String
    /// What is wrong.
    public let problem: Problem

    public var description: String { "\(path): \(problem.rawValue)" }
}

extension DataStore {
    /// Hashes every file of a data set.
    ///
    /// - Parameters:
    ///   - directory: the directory of the data set.
    ///   - listing: what the data set consists of.
    /// - Returns: the files that are not as they should be, sorted by path.
    /// - Throws: `FileError` for a file that cannot be read.
    public static func wrongFiles(in directory: String, of listing: FileListing) throws(FileError) -> [WrongFile] {
        let present = Set(File.tree(directory, includingHidden: true).filter { !$0.hasPrefix(".ductus/") })
        let known = Set(listing.entries.map(\.path))
        let entries = listing.entries.filter { present.contains($0.path) }
        let found = try FileListing(directory: directory, paths: entries.map(\.path))
        let changed = zip(entries, found.entries).filter { $0.hash != $1.hash }.map(\.0.path)
        let wrong =
            known.subtracting(present).map { WrongFile(path: $0, problem: .missing) }
            + changed.map { WrongFile(path: $0, problem: .changed) }
            + present.subtracting(known).map { WrongFile(path: $0, problem: .added) }
        return wrong.sorted { $0.path < $1.path }
    }

    /// Removes what is wrong of a data set from the store, so that the next fetch replaces it.
    public func discard(_ manifest: DataManifest) throws {
        try withLock(manifest.reference) {
            guard let listing = try listing(of: manifest) else { return }
            for entry in listing.entries { _ = try hasSoundObject(entry.hash) }
            try File.removeTree(dataPath(manifest.reference))
        }
    }
}
