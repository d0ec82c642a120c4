extension DataStore {
    /// Imports files that were downloaded by hand as sources of a data set.
    ///
    /// - Parameters:
    ///   - paths: the files, with the names that the manifest gives them.
    ///   - manifest: the manifest.
    /// - Returns: the names of the sources that are still missing.
    /// - Throws: ``DataStoreError`` for a file that is no source, or not the right one; `FileError`.
    public func importSources(_ paths: [String], of manifest: DataManifest) throws -> [String] {
        try withLock(manifest.reference) {
            var record = try record(of: manifest) ?? manifest
            for path in paths {
                let name = File.name(of: path)
                guard let source = record.sources.first(where: { $0.file == name }) else {
                    throw DataStoreError.malformed(
                        name: path,
                        reason: "\(manifest.reference) has no source of that name"
                            + "\(suggestion(for: name, among: record.sources.map(\.file))); its sources are "
                            + record.sources.map(\.file).joined(separator: ", "))
                }
                let hash = try ContentHash(contentsOf: path)
                if let expected = source.sha256, hash.description != expected {
                    throw DataStoreError.malformed(
                        name: path,
                        reason: "its SHA-256 is \(hash), but that of \(manifest.reference) is \(expected); download it"
                            + " again")
                }
                try checkRoom(for: File.size(path) ?? 0)
                let copy = "\(directory)/partial/\(manifest.reference).\(name)"
                try File.copy(path, to: copy)
                try keep(copy, hash: hash, as: name, in: &record)
            }
            return record.sources.filter { source in
                !(source.sha256.flatMap { ContentHash(hexadecimal: $0) }.map(hasObject) ?? false)
            }.map(\.file)
        }
    }

    /// Imports a directory as a data set: its files are copied into the store, and identified by the manifest.
    ///
    /// - Parameters:
    ///   - folder: the directory. Hidden files are left out.
    ///   - manifest: name, version, and kind; splits and files are found. A version that is there must have the same
    ///     contents.
    /// - Throws: `DatasetError` if the directory is not what the kind says; ``DataStoreError``, `FileError`.
    public func importDirectory(_ folder: String, as manifest: DataManifest) throws -> FetchedData {
        if let problem = manifest.problem { throw ConfigurationError("The manifest of \(folder)", problem) }
        let samples = try DataSamples(kind: manifest.kind, directory: folder)
        guard samples.count > 0 else { throw DatasetError.empty("samples in \(folder)") }
        return try withLock(manifest.reference) {
            var record = manifest
            for split in samples.splits {
                record.splits[split.name, default: DataManifest.Split()].samples = split.samples.count
            }
            record.files = try self.record(of: manifest)?.files
            let paths = File.tree(folder)
            try checkRoom(for: paths.reduce(0) { $0 + (File.size("\(folder)/\($1)") ?? 0) })
            let entries = try paths.map { path in
                let bytes = try File.readBytes("\(folder)/\(path)")
                return FileListing.Entry(path: path, hash: try addObject(bytes))
            }
            let listing = FileListing(entries)
            try accept(listing, for: &record)
            return try checkOut(record, listing)
        }
    }
}
