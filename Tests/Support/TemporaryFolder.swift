import DuctusTensors

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A folder that lives as long as this object.
package final class TemporaryFolder: Sendable {
    package let path: String

    package init() throws {
        path = "\(FileManager.default.temporaryDirectory.path)/ductus-\(UInt64.random(in: 0 ... .max))"
        try File.createDirectory(path)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The names of what lies in the folder, hidden ones too, sorted.
    package var contents: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
    }

    package func file(_ name: String) -> String { "\(path)/\(name)" }
}
