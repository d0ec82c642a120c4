/// The files of a data set with their hashes, in the format of `sha256sum`, so that `sha256sum --check` reads it, too:
/// one line per file, sorted by path.
public struct FileListing: Sendable, Equatable {
    /// A file.
    public struct Entry: Sendable, Equatable {
        /// The path in the data set.
        public let path: String
        /// The hash of the contents.
        public let hash: ContentHash
    }

    /// The files, sorted by path.
    public let entries: [Entry]

    /// A listing of files.
    public init(_ entries: some Sequence<Entry>) { self.entries = entries.sorted { $0.path < $1.path } }

    /// Hashes the files of a directory, in parallel.
    /// - Throws: `FileError` for a file that cannot be read.
    public init(directory: String, paths: [String]) throws(FileError) {
        let hashes = parallelMap(paths.count) { index in
            Result { () throws(FileError) in try ContentHash(contentsOf: "\(directory)/\(paths[index])") }
        }
        var entries: [Entry] = []
        for (path, hash) in zip(paths, hashes) { entries.append(Entry(path: path, hash: try hash.get())) }
        self.init(entries)
    }

    /// Reads a listing. `file` is its name in errors.
    /// - Throws: `FileError` with the line that is malformed, such as a path that leads out of the data set.
    public init(parsing bytes: [UInt8], file: String) throws(FileError) {
        var entries: [Entry] = []
        for (index, line) in bytes.split(separator: 0x0A).enumerated() {
            let text = String(decoding: line, as: UTF8.self)
            guard let hash = ContentHash(hexadecimal: String(text.prefix(64))), text.dropFirst(64).hasPrefix("  "),
                String(text.dropFirst(66)).isPathWithin
            else {
                throw FileError(
                    file: file,
                    reason: .malformed(
                        line: index + 1, "a SHA-256, two spaces, and a path in the data set are expected"))
            }
            entries.append(Entry(path: String(text.dropFirst(66)), hash: hash))
        }
        self.init(entries)
    }

    /// The listing as text.
    public var text: String { entries.map { "\($0.hash)  \($0.path)\n" }.joined() }

    /// The hash of the listing, which is that of the whole contents of the data set.
    public var hash: ContentHash { ContentHash(text) }
}
