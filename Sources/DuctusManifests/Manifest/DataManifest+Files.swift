extension DataManifest {
    /// Reads a manifest.
    /// - Throws: `FileError`, or `ConfigurationError` with the key that is unknown or not valid.
    public init(contentsOf path: String) throws {
        try self.init(yaml: try File.readBytes(path, maximumBytes: 16 << 20), file: path)
    }

    /// Reads a manifest from the bytes of a file.
    package init(yaml bytes: [UInt8], file: String) throws {
        guard case .object(var members) = try JSONText(yaml: bytes, file: file) else {
            throw ConfigurationError(file, "a manifest is a mapping with name, kind, and sources")
        }
        // A version such as 2 or 1.5 is a text all the same.
        if case .number(let text) = members["version"] { members["version"] = .string(text) }
        let (sources, splits) = (members.removeValue(forKey: "sources"), members.removeValue(forKey: "splits"))
        var manifest = try DataManifest().changed(by: .object(members), file: file)
        if let sources {
            guard let elements = sources.array else { throw ConfigurationError(file, "key \"sources\" must be a list") }
            manifest.sources = try elements.enumerated().map { index, element in
                try Source().changed(by: element, file: file, key: "sources[\(index)]")
            }
        }
        if let splits {
            guard let members = splits.object else {
                throw ConfigurationError(file, "key \"splits\" must be a mapping of names")
            }
            for (name, split) in members {
                manifest.splits[name] = try Split().changed(by: split, file: file, key: "splits.\(name)")
            }
        }
        if let problem = manifest.problem { throw ConfigurationError(file, problem) }
        self = manifest
    }

    /// The manifest as a YAML document.
    public var yaml: String {
        get throws {
            var members = try JSONText(encoding: self).object ?? [:]
            if case .object(let choice) = members["kind"], choice.count == 1 { members["kind"] = choice["name"] }
            return try JSONText.object(members).withoutEmptyMembers.yaml
        }
    }

    /// The manifests that come with Ductus, by their names.
    public static let shipped: [String: DataManifest] = {
        // The directories are those that SwiftPM puts resources into.
        let directories = ["resources", "bundle"].map {
            "\(File.programDirectory)/Ductus_DuctusManifests.\($0)/DataSets"
        }
        guard let directory = directories.first(where: File.isDirectory) else { return [:] }
        var manifests: [String: DataManifest] = [:]
        for file in File.names(in: directory) where file.hasSuffix(".yaml") {
            do {
                let manifest = try DataManifest(contentsOf: "\(directory)/\(file)")
                manifests[manifest.name] = manifest
            } catch {
                report("\(error)")
            }
        }
        return manifests
    }()
}

extension JSONText {
    /// Without null, and without empty texts and lists.
    fileprivate var withoutEmptyMembers: JSONText {
        guard case .object(let members) = self else {
            return array.map { .array($0.map(\.withoutEmptyMembers)) } ?? self
        }
        let empty: [JSONText] = [.null, .string(""), .array([]), .object([:]), .boolean(false)]
        return .object(members.mapValues(\.withoutEmptyMembers).filter { !empty.contains($0.value) })
    }
}
