import DuctusTensors

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A temporary folder, deleted with this object.
package final class TemporaryFolder: Sendable {
    package let path: String

    package init() throws {
        path = "\(FileManager.default.temporaryDirectory.path)/ductus-\(UInt64.random(in: 0 ... .max))"
        try File.createDirectory(path)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The sorted names of the items in the folder, including hidden ones.
    package var contents: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
    }

    package func file(_ name: String) -> String { "\(path)/\(name)" }
}
