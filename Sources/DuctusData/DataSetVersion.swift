#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Which version of a data set is in a directory, by its manifest.
public struct DataSetVersion: Sendable, Codable, Equatable {
    /// The name of the data set.
    public let name: String
    /// The version that its publisher has given it.
    public let version: String
    /// The hash of the manifest, which identifies all contents.
    public let manifest: String

    /// Where a directory says which data set it is.
    package static let file = ".ductus/version.json"

    package init(name: String, version: String, manifest: String) {
        (self.name, self.version, self.manifest) = (name, version, manifest)
    }

    /// The data set in a directory; nil if that does not say.
    package init?(of directory: String) {
        guard let bytes = try? File.readBytes("\(directory)/\(Self.file)", maximumBytes: 1 << 16),
            let version = try? JSONDecoder().decode(Self.self, from: Data(bytes))
        else { return nil }
        self = version
    }

    /// The data set in a few words: `letters@2 (manifest 0f4e…)`.
    package var summary: String { "\(name)@\(version) (manifest \(manifest.prefix(12)))" }
}
