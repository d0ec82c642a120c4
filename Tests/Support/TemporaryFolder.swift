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

    /// Writes a file, making its directory, and returns its path.
    @discardableResult
    package func write(_ bytes: [UInt8], to name: String) throws -> String {
        let file = file(name)
        try File.createDirectory(String(file[..<(file.lastIndex(of: "/") ?? file.endIndex)]))
        try File.write(bytes, to: file)
        return file
    }

    /// Writes a text file, making its directory, and returns its path.
    @discardableResult
    package func write(_ text: String, to name: String) throws -> String {
        try write(Array(text.utf8), to: name)
    }
}

/// The folder of data sets, where the environment names one.
package let sharedData = File.environment("DUCTUS_DATA")
