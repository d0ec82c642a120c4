import Foundation
import Testing

/// Whether the documents name files that exist.
@Suite struct LinkTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private static var documents: [URL] {
        let folders = ["docs", "Examples", "Benchmarks", "Tests/Fixtures"].map { root.appendingPathComponent($0) }
        let below = folders.flatMap { folder in
            FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
        }
        let top = ["README.md", "CONTRIBUTING.md"].map { root.appendingPathComponent($0) }
        // Packages that were fetched for a build have documents of their own.
        return top + below.filter { $0.pathExtension == "md" && !$0.path.contains("/.build") }
    }

    @Test func relativeLinksLeadToFiles() throws {
        for document in Self.documents {
            // Code between fences has brackets of its own.
            let text = try String(contentsOf: document, encoding: .utf8).components(separatedBy: "```").enumerated()
                .filter { $0.offset.isMultiple(of: 2) }.map(\.element).joined()
            for link in text.matches(of: /\]\(([^)#:\s]+)(#[^)]*)?\)/) {
                let path = document.deletingLastPathComponent().appendingPathComponent(String(link.1)).path
                #expect(FileManager.default.fileExists(atPath: path), "\(document.lastPathComponent): \(link.1)")
            }
        }
    }

    /// The ways through the modules are drawn with the files that they pass.
    @Test func theArchitectureNamesFilesThatExist() throws {
        let text = try String(contentsOf: Self.root.appendingPathComponent("docs/architecture.md"), encoding: .utf8)
        let files = text.matches(of: /C?Ductus[A-Za-z]+\/[A-Za-z+\/_0-9]+\.(swift|c|h)/).map { String($0.0) }
        #expect(files.count > 15)
        for file in files {
            let path = Self.root.appendingPathComponent("Sources/\(file)").path
            #expect(FileManager.default.fileExists(atPath: path), "\(file)")
        }
    }
}
