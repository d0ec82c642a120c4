import ArgumentParser
import Ductus

struct DataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data", abstract: "Shows what networks learn from.", subcommands: [Features.self])
}

struct Features: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows transformed samples, and those that are kept on disk.",
        discussion: "They are kept in the directory that DUCTUS_FEATURES names, or in .ductus/features.",
        subcommands: [List.self, Show.self, Clear.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists what is kept.")

        @Flag(help: "Prints a JSON array.")
        var json = false

        func run() throws {
            let entries = FeatureStore().entries
            if json { return printResult(try JSONText(encoding: entries).text + "\n") }
            Features.printTable(
                entries.map { entry in
                    let key = entry.path.split(separator: "/").last?.prefix(12) ?? ""
                    let size = "\((entry.bytes + 999_999) / 1_000_000) MB"
                    return ["\(key)", entry.name, "\(entry.examples) examples", entry.code, size]
                })
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows the classes of a data set as a network sees them.",
            discussion: """
                Of single characters: how many examples a class has, and how far they are from its mean; --output draws \
                the mean and the deviation of each class, and its most and least typical examples. Of lines: how often \
                each character occurs.
                """)

        @Option(help: ArgumentHelp("The kind of data set: \(Registries.dataKinds.names.joined(separator: ", ")).", valueName: "kind"))
        var dataset: String

        @Option(help: ArgumentHelp("Where the data set is.", valueName: "dir"))
        var data: String

        @Option(help: ArgumentHelp("The part of the data set.", valueName: "name"))
        var split: String

        @Option(help: ArgumentHelp("Where the picture of single characters goes.", valueName: "file.png"))
        var output: String?

        @OptionGroup var common: CommonOptions

        func run() throws {
            common.apply()
            guard Registries.dataKinds[dataset] is any CharacterDataKind.Type else {
                let lines = try LineDataset(kind: Choice(dataset), directory: data, split: split)
                let counts = try FeatureStore().features(of: lines, named: "\(dataset) \(split)").labelCounts
                let labels = counts.indices.filter { $0 != lines.characters.blank && counts[$0] > 0 }
                return Features.printTable(
                    labels.map { ["“\(lines.characters.decode([Int32($0)]))”", "\(counts[$0])"] })
            }
            let characters = try CharacterDataset(kind: Choice(dataset), directory: data, split: split)
            let examples = try characters.cached()
            let classes = examples.classes(named: characters.images.classNames)
            Features.printTable(
                [["class", "examples", "spread"]] + classes.map { [$0.name, "\($0.count)", $0.spread.short] })
            try output.map { try Image.sheet(of: classes, in: examples).writePNG(to: $0) }
        }
    }

    struct Clear: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Removes everything that is kept.")

        func run() throws {
            let store = FeatureStore()
            report("\(try store.clear()) files removed from \(store.directory).")
        }
    }

    /// Rows of cells, in columns.
    fileprivate static func printTable(_ rows: [[String]]) {
        let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        for row in rows {
            let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            var line = cells.joined(separator: "  ")
            while line.hasSuffix(" ") { line.removeLast() }
            printResult(line + "\n")
        }
    }
}
