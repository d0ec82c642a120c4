import Foundation
import Testing

/// Whether the modules keep to the table in `docs/architecture.md`.
@Suite struct ImportTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The modules that each module may import, by the table.
    private static func table() throws -> [String: Set<String>] {
        let text = try String(contentsOf: root.appendingPathComponent("docs/architecture.md"), encoding: .utf8)
        var allowed: [String: Set<String>] = [:]
        for row in text.split(separator: "\n") where row.hasPrefix("| ") {
            let cells = row.split(separator: "|").map { names(in: $0) }
            guard cells.count == 4, row.split(separator: "|")[1].contains("`") else { continue }
            for module in cells[1] { allowed[module] = Set(cells[2]) }
        }
        return allowed
    }

    /// What stands between backticks.
    private static func names(in cell: Substring) -> [String] {
        cell.split(separator: "`", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }
            .map { String($0.element) }
    }

    /// What comes with Swift.
    private static let system: Set = [
        "Darwin", "Dispatch", "Foundation", "FoundationEssentials", "Glibc", "Musl", "Swift", "Synchronization",
    ]

    /// The modules that the files of a folder import.
    private static func imports(of module: String) throws -> [(file: String, imported: String)] {
        let folder = root.appendingPathComponent("Sources/\(module)")
        let files =
            FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?
            .compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" } ?? []
        return try files.flatMap { file in
            try String(contentsOf: file, encoding: .utf8).split(separator: "\n").compactMap { line in
                let words = line.split(separator: " ").drop { $0.hasPrefix("@") || $0 == "package" || $0 == "public" }
                guard words.first == "import" else { return nil }
                let kinds: Set<Substring> = ["class", "enum", "func", "struct", "protocol", "typealias", "var", "let"]
                let name = words.dropFirst().drop { kinds.contains($0) }.first?.prefix { $0 != "." } ?? ""
                return (file.lastPathComponent, String(name))
            }
        }
    }

    @Test func theTableListsEveryModule() throws {
        let folders = try FileManager.default.contentsOfDirectory(
            atPath: Self.root.appendingPathComponent("Sources").path)
        #expect(try Set(Self.table().keys) == Set(folders.filter { !$0.hasPrefix(".") }))
    }

    @Test func modulesImportOnlyWhatTheyMay() throws {
        let table = try Self.table()
        for module in table.keys.sorted() {
            // What a permitted module exports is permitted, too.
            var allowed = table[module] ?? []
            var count = 0
            while count < allowed.count {
                count = allowed.count
                for name in allowed where name.hasPrefix("Ductus") { allowed.formUnion(table[name] ?? []) }
            }
            for (file, imported) in try Self.imports(of: module) where !Self.system.contains(imported) {
                #expect(allowed.contains(imported), "\(module)/\(file) imports \(imported)")
            }
        }
    }

    @Test func dependenciesHaveNoCycles() throws {
        let table = try Self.table()
        func reaches(_ module: String, _ target: String, _ depth: Int = 0) -> Bool {
            depth < table.count
                && (table[module] ?? []).contains { $0 == target || reaches($0, target, depth + 1) }
        }
        for module in table.keys { #expect(!reaches(module, module), "\(module) depends on itself") }
    }
}
