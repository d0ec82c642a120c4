extension DataStore {
    /// Puts the files of a data set into the store: archives are unpacked, splits are written.
    func build(_ record: DataManifest) throws -> FileListing {
        var files: [String: ContentHash] = [:]
        func add(_ path: String, _ hash: ContentHash, from source: String) throws(DataStoreError) {
            guard files.updateValue(hash, forKey: path).map({ $0 == hash }) ?? true else {
                throw .malformed(name: record.reference, reason: "\(source) has another file \(path)")
            }
        }
        for source in record.sources {
            guard let hash = source.sha256.flatMap({ ContentHash(hexadecimal: $0) }) else { continue }
            guard let unpacking = source.unpack else {
                try add(source.path ?? source.file, hash, from: source.file)
                continue
            }
            note("\(record.reference): unpacking \(source.file).")
            let count = files.count
            try Unpacker(archive: objectPath(hash), name: source.file, unpacking: unpacking).forEachFile {
                path, bytes in
                try add(path, addObject(bytes), from: source.file)
            }
            guard files.count > count else {
                throw DataStoreError.malformed(
                    name: record.reference, reason: "\(source.file) has none of the files that the manifest wants")
            }
        }
        for (name, split) in record.splits.sorted(by: { $0.key < $1.key }) {
            guard let ids = try ids(of: split, named: name, files: files, record) else { continue }
            try add("splits/\(name).txt", addObject(Array(ids.map { $0 + "\n" }.joined().utf8)), from: "the manifest")
        }
        return FileListing(files.map { FileListing.Entry(path: $0.key, hash: $0.value) })
    }

    /// The names of the samples of a split, if the manifest has them or says where they are.
    private func ids(
        of split: DataManifest.Split, named name: String, files: [String: ContentHash], _ record: DataManifest
    ) throws -> [String]? {
        if let ids = split.ids { return ids }
        guard let path = split.from else { return nil }
        guard let hash = files[path] else {
            throw DataStoreError.malformed(
                name: record.reference, reason: "the split \(name) is to come from \(path), which is not there")
        }
        let text = String(decoding: try File.readBytes(objectPath(hash)), as: UTF8.self)
        var (ids, seen): ([String], Set<String>) = ([], [])
        for line in text.split(whereSeparator: \.isNewline) {
            let id = line.split(separator: "-").dropLast(split.fromLines ? 1 : 0).joined(separator: "-")
            let trimmed = String(id.filter { !$0.isWhitespace })
            if !trimmed.isEmpty, seen.insert(trimmed).inserted { ids.append(trimmed) }
        }
        return ids
    }

    /// Compares the listing with that of the manifest, if it has one, and adds it otherwise.
    func accept(_ listing: FileListing, for record: inout DataManifest) throws {
        var files = DataManifest.Files()
        files.count = listing.entries.count
        files.bytes = listing.entries.reduce(0) { $0 + (File.size(objectPath($1.hash)) ?? 0) }
        files.sha256 = try addObject(Array(listing.text.utf8)).description
        if let expected = record.files, expected != files {
            throw DataStoreError.changed(
                name: record.reference, what: "the contents (\(files.count) files, \(files.bytes) bytes) are not")
        }
        record.files = files
    }

    /// Makes the directory of a data set whose files are in the store.
    func checkOut(_ record: DataManifest, _ listing: FileListing) throws -> FetchedData {
        let target = dataPath(record.reference)
        let temporary = "\(directory)/partial/\(record.reference).checkout"
        try File.removeTree(temporary)
        try export(listing, to: temporary)
        try File.createDirectory("\(temporary)/.ductus")
        try File.write(Array(listing.text.utf8), to: "\(temporary)/.ductus/SHA256SUMS", isDurable: false)
        try File.write(Array(record.yaml.utf8), to: "\(temporary)/.ductus/manifest.yaml", isDurable: false)
        let version = DataSetVersion(
            name: record.name, version: record.version, manifest: try record.hash.description)
        try File.write(
            Array((JSONText(encoding: version).text + "\n").utf8), to: "\(temporary)/\(DataSetVersion.file)",
            isDurable: false)
        try File.createDirectory("\(directory)/data")
        // What is in the store is on the disk before anything says that it is there.
        File.synchronize()
        try File.removeTree(target)
        try File.move(temporary, to: target)
        try write(record)
        try File.symbolicLink(to: record.reference, at: dataPath(record.name))
        return FetchedData(manifest: record, directory: target)
    }

    /// Links the files of a data set into a directory of the user, which must not exist.
    public func link(_ data: FetchedData, to target: String) throws {
        guard let listing = try listing(of: data.manifest) else { return }
        let temporary = "\(target).ductus.tmp"
        try File.removeTree(temporary)
        try export(listing, to: temporary)
        try File.createDirectory("\(temporary)/.ductus")
        for name in File.names(in: "\(data.directory)/.ductus") {
            try File.copy("\(data.directory)/.ductus/\(name)", to: "\(temporary)/.ductus/\(name)")
        }
        try File.move(temporary, to: target)
    }

    /// Links the files of a listing into a directory.
    func export(_ listing: FileListing, to target: String) throws {
        var made: Set<String> = []
        for entry in listing.entries {
            let path = "\(target)/\(entry.path)"
            if made.insert(File.directory(of: path)).inserted { try File.createDirectory(File.directory(of: path)) }
            try File.link(objectPath(entry.hash), to: path)
        }
    }
}
