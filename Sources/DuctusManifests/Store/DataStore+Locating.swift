/// A data set on this machine: one of the store, or a directory.
public struct LocatedData: Sendable {
    /// The name and version, or the directory.
    public let name: String
    /// The directory.
    public let directory: String
    /// The kind of data.
    public let kind: Choice
    /// The manifest, if the data set has one.
    public let manifest: DataManifest?

    /// Reads the samples.
    /// - Throws: `DatasetError`.
    public func samples(splits: [String]? = nil) throws -> DataSamples {
        try DataSamples(kind: kind, directory: directory, splits: splits)
    }

    /// What the data set consists of: its listing, if it has one.
    public func listing() throws -> FileListing? {
        let path = "\(directory)/.ductus/SHA256SUMS"
        return File.exists(path) ? try FileListing(parsing: File.readBytes(path), file: path) : nil
    }
}

extension DataStore {
    /// The data set that a text names: a directory, or a data set of the store that was fetched or imported.
    ///
    /// - Parameters:
    ///   - name: a path, or a name with or without version; see ``manifest(_:)``.
    ///   - kind: the kind of data of a directory; by default, it is recognized.
    /// - Throws: `ConfigurationError` if there is none, or it was not fetched.
    public func located(_ name: String, kind: Choice? = nil) throws -> LocatedData {
        let path = name.count > 1 && name.hasSuffix("/") ? String(name.dropLast()) : name
        if File.isDirectory(path) {
            let file = "\(path)/.ductus/manifest.yaml"
            let manifest = File.exists(file) ? try DataManifest(contentsOf: file) : nil
            guard let kind = kind ?? manifest?.kind ?? Self.recognizedKind(of: path) else {
                throw ConfigurationError(
                    path,
                    "the kind of data is not recognized; name it with --kind, one of "
                        + Registries.dataKinds.names.joined(separator: ", "))
            }
            return LocatedData(name: path, directory: path, kind: kind, manifest: manifest)
        }
        let manifest = try manifest(name)
        let directory = dataPath(manifest.reference)
        guard File.isDirectory(directory) else {
            throw ConfigurationError(
                manifest.reference, "it is not in the store yet; fetch it with ductus data fetch \(name)")
        }
        return LocatedData(
            name: manifest.reference, directory: directory, kind: kind ?? manifest.kind, manifest: manifest)
    }

    /// The kind of data in a directory, by the files that every data set of the kind has.
    public static func recognizedKind(of directory: String) -> Choice? {
        let files: [(file: String, kind: Choice)] = [
            ("lines.tsv", "lines"), ("ascii/lines.txt", "iam"), ("train-labels-idx1-ubyte.gz", "mnist"),
            ("train-labels-idx1-ubyte", "mnist"), ("emnist-byclass-mapping.txt", "emnist"),
            ("gzip/emnist-byclass-mapping.txt", "emnist"), ("emnist-byclass.mat", "emnist"),
            ("matlab/emnist-byclass.mat", "emnist"),
        ]
        if let known = files.first(where: { File.exists("\(directory)/\($0.file)") }) { return known.kind }
        for path in File.tree(directory) where path.lowercased().hasSuffix(".xml") {
            for (format, kind) in [(PageFormat.alto, Choice("alto")), (.page, "page")] {
                if let document = try? format.pages(contentsOf: "\(directory)/\(path)"), !document.pages.isEmpty {
                    return kind
                }
            }
        }
        return nil
    }
}
