/// Data sets on this machine, by their contents: every file is kept once under its SHA-256, whichever versions and data
/// sets have it.
///
/// | path | contents |
/// |---|---|
/// | `objects/ab/cdef…` | files, by their SHA-256 |
/// | `manifests/NAME@VERSION.yaml` | manifests of what was fetched or imported, with all hashes |
/// | `data/NAME@VERSION/` | data sets to be read: links to the objects, and `.ductus/` with manifest and listing |
/// | `data/NAME` | a link to the version that was fetched or imported last |
/// | `partial/` | downloads under way |
///
/// ```swift
/// let store = DataStore()
/// let directory = try store.fetch(store.manifest("mnist")).directory
/// let digits = try CharacterDataset(kind: "mnist", directory: directory, split: "train")
/// ```
/// Whatever stops a program, the store holds whole files and whole data sets only, and any number of programs may use it
/// at once. Files are read-only, as versions share them.
public struct DataStore: Sendable {
    /// The directory.
    public let directory: String
    /// How files are downloaded.
    public var downloading = DownloadPolicy()
    /// Gets sentences on what is done.
    public var note: @Sendable (String) -> Void = { report($0) }
    /// Gets the name of a file, the bytes that are there, and those that there will be, if that is known.
    public var progress: @Sendable (String, Int, Int?) -> Void = { _, _, _ in }

    /// The store in a directory, by default that of the environment variable `DUCTUS_STORE`, or `ductus` in the user's
    /// directory of caches.
    public init(directory: String? = nil) {
        func set(_ name: String) -> String? { File.environment(name).flatMap { $0.isEmpty ? nil : $0 } }
        let home = set("HOME") ?? "."
        #if canImport(Darwin)
            let caches = "\(home)/Library/Caches"
        #else
            let caches = set("XDG_CACHE_HOME") ?? "\(home)/.cache"
        #endif
        self.directory = directory ?? set("DUCTUS_STORE") ?? "\(caches)/ductus"
    }

    // MARK: - Objects

    /// The path of the file with a hash, whether it is there or not.
    func objectPath(_ hash: ContentHash) -> String {
        let digits = hash.description
        return "\(directory)/objects/\(digits.prefix(2))/\(digits.dropFirst(2))"
    }

    /// Whether there is a file with a hash.
    func hasObject(_ hash: ContentHash) -> Bool { File.exists(objectPath(hash)) }

    /// Whether there is a file with a hash and its contents are right. A wrong one is removed.
    func hasSoundObject(_ hash: ContentHash) throws(FileError) -> Bool {
        guard hasObject(hash) else { return false }
        guard try ContentHash(contentsOf: objectPath(hash)) != hash else { return true }
        note("\(objectPath(hash)): the contents have changed; the file is replaced.")
        try File.remove(objectPath(hash))
        return false
    }

    /// Keeps contents. Those that are there already are compared, as a crash may have damaged what was not yet on the disk.
    func addObject(_ bytes: [UInt8]) throws(FileError) -> ContentHash {
        let hash = ContentHash(bytes)
        guard try !hasSoundObject(hash) else { return hash }
        try File.createDirectory(File.directory(of: objectPath(hash)))
        try File.write(bytes, to: objectPath(hash), isDurable: false)
        try File.makeReadOnly(objectPath(hash))
        return hash
    }

    /// Keeps a file, which is moved into the store.
    func moveObject(_ path: String, hash: ContentHash) throws(FileError) {
        guard try !hasSoundObject(hash) else { return try File.remove(path) }
        try File.createDirectory(File.directory(of: objectPath(hash)))
        try File.makeReadOnly(path)
        try File.move(path, to: objectPath(hash))
    }

    // MARK: - Manifests

    /// The path of the manifest of a version that was fetched or imported, or is being fetched.
    func recordPath(_ reference: String) -> String { "\(directory)/manifests/\(reference).yaml" }

    /// The manifest of a version with the hashes found so far; nil if none of its sources was ever there.
    func record(of manifest: DataManifest) throws -> DataManifest? {
        let path = recordPath(manifest.reference)
        return File.exists(path) ? try DataManifest(contentsOf: path) : nil
    }

    func write(_ record: DataManifest) throws {
        try File.createDirectory("\(directory)/manifests")
        try File.write(Array(record.yaml.utf8), to: recordPath(record.reference))
    }

    /// The manifests of the store, and those that come with Ductus and are not in it, by name and version.
    public var manifests: [DataManifest] {
        get throws {
            let files = File.names(in: "\(directory)/manifests").filter { $0.hasSuffix(".yaml") }
            let known = try files.map { try DataManifest(contentsOf: "\(directory)/manifests/\($0)") }
            let references = Set(known.map(\.reference))
            return (known + DataManifest.shipped.values.filter { !references.contains($0.reference) })
                .sorted { ($0.name, $0.version) < ($1.name, $1.version) }
        }
    }

    /// The manifest that a text names: a manifest file; a name and version, `mnist@1998`; or a name, of which the version
    /// that was fetched or imported last is meant, else the one that comes with Ductus.
    ///
    /// - Throws: `FileError`, or `ConfigurationError` if there is no such data set.
    public func manifest(_ name: String) throws -> DataManifest {
        if name.hasSuffix(".yaml") || name.hasSuffix(".yml") { return try DataManifest(contentsOf: name) }
        if name.isIdentifier, File.exists("\(dataPath(name))/.ductus/manifest.yaml") {
            return try DataManifest(contentsOf: "\(dataPath(name))/.ductus/manifest.yaml")
        }
        let all = try manifests
        let fitting = all.filter { $0.reference == name || $0.name == name }
        guard let manifest = fitting.first(where: { $0.files == nil }) ?? fitting.last else {
            let names = Set(all.map(\.name)).union(
                all.map(\.reference).filter { $0.contains("@") && name.contains("@") })
            throw ConfigurationError(
                name,
                "there is no data set of that name\(suggestion(for: name, among: names)); known are "
                    + "\(Set(all.map(\.name)).sorted().joined(separator: ", ")), and manifests in .yaml files")
        }
        return manifest
    }

    // MARK: - Data

    /// The directory of a data set, by its name or name and version.
    public func dataPath(_ name: String) -> String { "\(directory)/data/\(name)" }

    /// The listing of a data set that was fetched or imported; nil if it was not.
    public func listing(of manifest: DataManifest) throws -> FileListing? {
        let path = "\(dataPath(manifest.reference))/.ductus/SHA256SUMS"
        return File.exists(path) ? try FileListing(parsing: File.readBytes(path), file: path) : nil
    }
}
