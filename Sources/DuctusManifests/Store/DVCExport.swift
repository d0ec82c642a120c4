/// The export of a data set into a repository of DVC (https://dvc.org), which then tracks it with its own commands.
///
/// Written are `NAME.dvc` and the cache `.dvc/cache/files/md5`; `dvc checkout` makes the directory `NAME` of it. The format
/// is that of DVC 3: files by their MD5, and a directory as a list of files in JSON.
public struct DVCExport: Sendable {
    /// The path of the `.dvc` file.
    public let path: String
    /// The number of files.
    public let count: Int
    /// Their size.
    public let bytes: Int

    /// Exports a directory.
    ///
    /// - Parameters:
    ///   - directory: the directory of the data.
    ///   - paths: the paths of its files.
    ///   - name: the name of the directory in the repository.
    ///   - repository: the root of the repository, where `dvc init` was called.
    /// - Throws: `FileError`; `ConfigurationError` if there is no repository.
    public init(_ directory: String, paths: [String], name: String, to repository: String) throws {
        guard File.isDirectory("\(repository)/.dvc") else {
            throw ConfigurationError(repository, "this is no repository of DVC; call dvc init there first")
        }
        let cache = "\(repository)/.dvc/cache/files/md5"
        let hashes = try parallelMap(paths.count) { index in
            Result { () throws(FileError) in try MD5.hash(contentsOf: "\(directory)/\(paths[index])") }
        }.map { try $0.get() }
        // DVC compares the text, so that its own form is written: Python's, sorted by path.
        let members = zip(paths, hashes).sorted { $0.0 < $1.0 }
        let list = members.map { path, hash in "{\"md5\": \"\(hash)\", \"relpath\": \(Self.asciiJSON(path))}" }
        let listing = Array("[\(list.joined(separator: ", "))]".utf8)
        let hash = MD5.hash(listing)
        for (path, hash) in members {
            try Self.add(hash, to: cache) { try File.copy("\(directory)/\(path)", to: $0) }
        }
        try Self.add("\(hash).dir", to: cache) { try File.write(listing, to: $0) }
        (count, bytes) = (paths.count, paths.reduce(0) { $0 + (File.size("\(directory)/\($1)") ?? 0) })
        let text = """
            outs:
            - md5: \(hash).dir
              size: \(bytes)
              nfiles: \(count)
              hash: md5
              path: \(name)

            """
        path = "\(repository)/\(name).dvc"
        try File.write(Array(text.utf8), to: path)
    }

    /// Adds a file to the cache, unless it is there.
    private static func add(_ hash: String, to cache: String, write: (String) throws -> Void) throws {
        let path = "\(cache)/\(hash.prefix(2))/\(hash.dropFirst(2))"
        guard !File.exists(path) else { return }
        try File.createDirectory(File.directory(of: path))
        let temporary = path + ".ductus.tmp"
        try write(temporary)
        try File.makeReadOnly(temporary)
        try File.move(temporary, to: path)
    }

    /// A text in JSON with nothing but ASCII, as Python writes it.
    private static func asciiJSON(_ text: String) -> String {
        JSONText.quoted(text).utf16.map { unit in
            guard unit > 0x7F else { return String(UnicodeScalar(UInt8(unit))) }
            let digits = String(unit, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }.joined()
    }
}
