/// A data set that is ready to be read.
public struct FetchedData: Sendable {
    /// The manifest with the hashes of everything.
    public let manifest: DataManifest
    /// The directory of the data.
    public let directory: String
}

/// Why a data set could not be fetched. Every description is one sentence with the remedy.
public enum DataStoreError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The terms have to be accepted.
    case termsNotAccepted(name: String, terms: String)
    /// Files have to be downloaded by hand.
    case loginRequired(name: String, files: [String], urls: [String], instructions: String)
    /// The contents are not those that the same version had before.
    case changed(name: String, what: String)
    /// The disk has no room.
    case full(directory: String, needed: Int, free: Int)
    /// A part of the data set is wrong.
    case malformed(name: String, reason: String)

    public var description: String {
        switch self {
        case .termsNotAccepted(let name, let terms):
            "\(name): the terms have to be accepted: \(terms) Read them, and fetch with --accept-terms."
        case .loginRequired(let name, let files, let urls, let instructions):
            "\(name): \(files.count == 1 ? "a file is" : "\(files.count) files are") missing, which the publisher gives"
                + " to registered users only: \(files.joined(separator: ", ")). \(instructions) The addresses are "
                + "\(urls.joined(separator: ", ")). Then run: ductus data import \(name) \(files.joined(separator: " "))"
        case .changed(let name, let what):
            "\(name): \(what) the same as when this version was first there; give the manifest another version, or get"
                + " the original."
        case .full(let directory, let needed, let free):
            "\(directory): \(needed) bytes are needed, but only \(free) are free; make room, or choose another"
                + " directory with --store."
        case .malformed(let name, let reason):
            "\(name): \(reason)."
        }
    }
}

extension DataStore {
    /// Downloads what is missing of a data set, verifies it, and builds the data set.
    ///
    /// Any number of programs may fetch the same data set at once: one downloads, the others wait. Nothing can be seen of
    /// a data set before all of it is there and verified.
    ///
    /// - Parameters:
    ///   - manifest: what to fetch.
    ///   - acceptsTerms: whether the user accepts the terms.
    /// - Throws: ``DataStoreError``, ``DownloadError``, `FileError`, `ArchiveError`.
    public func fetch(_ manifest: DataManifest, acceptsTerms: Bool = false) throws -> FetchedData {
        if let ready = try ready(manifest) { return ready }
        if manifest.license.requiresAcceptance, !acceptsTerms {
            throw DataStoreError.termsNotAccepted(
                name: manifest.reference, terms: manifest.license.terms ?? manifest.license.name)
        }
        return try withLock(manifest.reference) {
            // Another program may have been faster.
            if let ready = try ready(manifest) { return ready }
            var record = try locked(manifest)
            if let listing = try storedListing(of: record) { return try checkOut(record, listing) }
            try fetchSources(of: &record)
            let listing = try build(record)
            try accept(listing, for: &record)
            let data = try checkOut(record, listing)
            for source in record.sources where source.unpack != nil {
                if let hash = source.sha256.flatMap({ ContentHash(hexadecimal: $0) }) {
                    try File.remove(objectPath(hash))
                }
            }
            return data
        }
    }

    /// The data set, if it was fetched and is there.
    private func ready(_ manifest: DataManifest) throws -> FetchedData? {
        guard let record = try record(of: manifest), let files = record.files, try listing(of: record) != nil,
            manifest.files.map({ $0 == files }) ?? true
        else { return nil }
        try checkLock(record, manifest)
        return FetchedData(manifest: record, directory: dataPath(record.reference))
    }

    /// The manifest with the hashes that were found when the version was fetched before.
    private func locked(_ manifest: DataManifest) throws -> DataManifest {
        guard let record = try record(of: manifest) else { return manifest }
        try checkLock(record, manifest)
        var locked = manifest
        for index in locked.sources.indices {
            let known = record.sources.first { $0.file == locked.sources[index].file }
            locked.sources[index].sha256 = locked.sources[index].sha256 ?? known?.sha256
            locked.sources[index].bytes = locked.sources[index].bytes ?? known?.bytes
        }
        locked.files = locked.files ?? record.files
        return locked
    }

    /// A version must not change.
    private func checkLock(_ record: DataManifest, _ manifest: DataManifest) throws(DataStoreError) {
        for source in manifest.sources {
            if let hash = source.sha256?.lowercased(),
                let known = record.sources.first(where: { $0.file == source.file })?.sha256, known != hash
            {
                throw .changed(name: manifest.reference, what: "the SHA-256 of \(source.file) is not")
            }
        }
        if let files = manifest.files, let known = record.files, files != known {
            throw .changed(name: manifest.reference, what: "the listing of the files is not")
        }
    }

    /// The listing of a data set whose files are all in the store, which then only has to be checked out again.
    private func storedListing(of record: DataManifest) throws -> FileListing? {
        guard let files = record.files, let hash = ContentHash(hexadecimal: files.sha256), try hasSoundObject(hash)
        else { return nil }
        let listing = try FileListing(parsing: File.readBytes(objectPath(hash)), file: objectPath(hash))
        for entry in listing.entries where try !hasSoundObject(entry.hash) {
            guard record.sources.isEmpty else { return nil }
            throw DataStoreError.malformed(
                name: record.reference, reason: "\(entry.path) is missing in the store; import the data set again")
        }
        return listing
    }

    // MARK: - Sources

    private func fetchSources(of record: inout DataManifest) throws {
        let missing = try record.sources.filter { source in
            try !(source.sha256.flatMap { ContentHash(hexadecimal: $0) }.map { try hasSoundObject($0) } ?? false)
        }
        let manual = missing.filter { $0.requiresLogin || $0.urls.isEmpty }
        guard manual.isEmpty else {
            throw DataStoreError.loginRequired(
                name: record.name, files: manual.map(\.file), urls: manual.flatMap(\.urls),
                instructions: record.login ?? "Download them in a browser.")
        }
        try checkRoom(for: missing.reduce(0) { $0 + ($1.bytes ?? 0) - (File.size(partPath($1, record)) ?? 0) })
        for source in missing {
            let download = Download(
                source: source, path: partPath(source, record), policy: downloading,
                progress: { [progress] done, total in progress(source.file, done, total) })
            let hash = try download.run()
            try keep(download.path, hash: hash, as: source.file, in: &record)
        }
    }

    private func partPath(_ source: DataManifest.Source, _ record: DataManifest) -> String {
        "\(directory)/partial/\(record.reference).\(source.file)"
    }

    /// Moves a file into the store as a source, and remembers its hash.
    func keep(_ path: String, hash: ContentHash, as file: String, in record: inout DataManifest) throws {
        guard let index = record.sources.firstIndex(where: { $0.file == file }) else { return }
        if record.sources[index].sha256 == nil {
            note(
                "\(file): the manifest of \(record.reference) states no hash. The SHA-256 \(hash) is kept in "
                    + "\(recordPath(record.reference)), and required from now on.")
        }
        record.sources[index].bytes = File.size(path)
        record.sources[index].sha256 = hash.description
        try moveObject(path, hash: hash)
        try write(record)
    }

    /// - Throws: ``DataStoreError/full(directory:needed:free:)``.
    func checkRoom(for bytes: Int) throws {
        try File.createDirectory(directory)
        guard bytes > 0, let free = File.freeBytes(at: directory), free < bytes else { return }
        throw DataStoreError.full(directory: directory, needed: bytes, free: free)
    }

    // MARK: - Locks

    /// Runs a function while no other program works on a data set.
    func withLock<Result>(_ reference: String, _ body: () throws -> Result) throws -> Result {
        try File.createDirectory("\(directory)/partial")
        let path = "\(directory)/partial/\(reference).lock"
        var lock = try FileLock(path)
        if lock == nil { note("\(reference): waiting for another program that is working on it.") }
        while lock == nil {
            Download.sleep(.milliseconds(100))
            lock = try FileLock(path)
        }
        return try withExtendedLifetime(lock, body)
    }
}
