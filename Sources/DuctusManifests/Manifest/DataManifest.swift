/// What a data set is: where it comes from, how it is built, under which terms, and which version this is.
///
/// ```yaml
/// name: letters
/// version: "2"
/// title: Letters of the archive
/// license: {name: CC BY 4.0, citation: The archive, 2026}
/// kind: lines
/// sources:
///   - file: letters.tar.gz
///     urls: [https://example.org/letters.tar.gz, https://mirror.example.org/letters.tar.gz]
///     bytes: 81273
///     sha256: "0f…"
///     unpack: {strip: 1}
/// splits: {train: {samples: 700}, validation: {samples: 75}}
/// ```
///
/// A source without a hash is verified by what was first fetched: the store remembers the hash, and requires it from then
/// on. `files` identifies everything that the data set consists of once it is built; see ``FileListing``.
public struct DataManifest: Configuration, Equatable {
    /// The name: lower-case letters, digits, dots, and hyphens.
    public var name = ""
    /// The version, which changes whenever the contents do.
    public var version = "1"
    /// What the data are, in a few words.
    public var title = ""
    /// The page of those who publish the data.
    public var homepage: String?
    /// The terms of use.
    public var license = License()
    /// The kind of data that reads the directory; see `Registries.dataKinds`.
    public var kind: Choice = "lines"
    /// What to do to get sources that require a login.
    public var login: String?
    /// The files that the data set is built from.
    public var sources: [Source] = []
    /// The splits.
    public var splits: [String: Split] = [:]
    /// What the data set consists of when it is built; nil until then.
    public var files: Files?

    /// An empty manifest.
    public init() {}

    /// The terms of use.
    public struct License: Configuration, Equatable {
        /// The name of the license, such as `CC BY 4.0`.
        public var name = ""
        /// The text of the license.
        public var url: String?
        /// What the license demands, in a sentence or two.
        public var terms: String?
        /// Whether the terms must be accepted before the data are fetched.
        public var requiresAcceptance = false
        /// What to cite.
        public var citation: String?

        /// No license.
        public init() {}
    }

    /// A file that a data set is built from: an archive, or a part of the data set.
    public struct Source: Configuration, Equatable {
        /// The name of the file.
        public var file = ""
        /// Where it can be downloaded; the first that works is used.
        public var urls: [String] = []
        /// Whether the addresses require a login, so that the file has to be downloaded in a browser and imported.
        public var requiresLogin = false
        /// The size.
        public var bytes: Int?
        /// The SHA-256 in hexadecimal digits.
        public var sha256: String?
        /// The path of the file in the data set; by default, its name. Archives have none.
        public var path: String?
        /// How the archive is unpacked; nil for a file that is used as it is.
        public var unpack: Unpacking?

        /// An empty source.
        public init() {}

        public var problem: String? {
            if file.isEmpty || file.contains("/") || file.hasPrefix(".") {
                return "key \"file\" is \"\(file)\"; it must be the name of a file"
            }
            if let url = urls.first(where: { !$0.hasPrefix("https://") && !$0.hasPrefix("http://") }) {
                return "key \"urls\" has \"\(url)\"; an address begins with https:// or http://"
            }
            if let sha256, ContentHash(hexadecimal: sha256) == nil {
                return "key \"sha256\" is \"\(sha256)\"; it must have 64 hexadecimal digits, in quotation marks"
            }
            if let path, !path.isPathWithin { return "key \"path\" is \"\(path)\", which leads out of the data set" }
            return problem("bytes", bytes, in: 0...(1 << 50)) ?? problem("unpack", unpack)
        }
    }

    /// How an archive (zip, tar, or gzip-compressed tar) is unpacked.
    public struct Unpacking: Configuration, Equatable {
        /// The directory that the files are put into; by default, that of the data set.
        public var into = ""
        /// The number of leading directories that are removed from every path.
        public var strip = 0
        /// Whether all directories are removed.
        public var flatten = false
        /// The files to unpack, as patterns with `*` for any characters; all of them, unless given.
        public var only: [String] = []

        /// All files, as they are.
        public init() {}

        public var problem: String? {
            if !into.isEmpty, !into.isPathWithin {
                return "key \"into\" is \"\(into)\", which leads out of the data set"
            }
            return problem("strip", strip, in: 0...32)
        }
    }

    /// A split: how large it is, or which samples it has.
    public struct Split: Configuration, Equatable {
        /// The number of samples.
        public var samples: Int?
        /// The names of the samples, such as the forms of IAM. They are written to `splits/NAME.txt`.
        public var ids: [String]?
        /// A file of the data set with the names, one per line, in place of `ids`.
        public var from: String?
        /// Whether the names in the file are those of lines, of which the last part is removed: `a01-000u-00`.
        public var fromLines = false

        /// An empty split.
        public init() {}
    }

    /// What a data set consists of.
    public struct Files: Configuration, Equatable {
        /// The number of files.
        public var count = 0
        /// Their size.
        public var bytes = 0
        /// The SHA-256 of their listing.
        public var sha256 = ""

        /// Nothing.
        public init() {}
    }

    public var problem: String? {
        for (key, value) in [("name", name), ("version", version)] where !value.isIdentifier {
            return "key \"\(key)\" is \"\(value)\"; it must have letters, digits, dots, and hyphens only"
        }
        for (index, source) in sources.enumerated() {
            if let problem = source.problem {
                return problem.replacing("key \"", with: "key \"sources[\(index)].", maxReplacements: 1)
            }
        }
        let names = sources.map(\.file)
        if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
            return "key \"sources\" has \"\(twice)\" twice"
        }
        if let name = splits.keys.sorted().first(where: { !$0.isIdentifier }) {
            return "key \"splits\" has \"\(name)\"; a name has letters, digits, dots, and hyphens only"
        }
        return nil
    }

    /// The name and the version: `mnist@1`.
    public var reference: String { "\(name)@\(version)" }

    /// The hash of the manifest, whatever its formatting: the version of the data for all that depend on it.
    public var hash: ContentHash {
        get throws { ContentHash(try JSONText(encoding: self).text) }
    }
}

extension String {
    /// Whether the text is a name without characters that have a meaning in paths.
    var isIdentifier: Bool {
        !isEmpty && !hasPrefix(".") && utf8.count <= 100
            && unicodeScalars.allSatisfy {
                $0.isASCII && ($0.properties.isAlphabetic || "0123456789.-_".contains(Character($0)))
            }
    }

    /// Whether the text is a relative path that does not lead out of its directory.
    var isPathWithin: Bool {
        let parts = split(separator: "/", omittingEmptySubsequences: false)
        return !isEmpty && !contains("\\") && !contains("\0") && utf8.count < 1000
            && parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
    }
}
