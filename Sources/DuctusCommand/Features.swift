import ArgumentParser
import Ductus

struct Features: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Inspects transformed samples and their cache.",
        discussion: "The cache is the directory DUCTUS_FEATURES, or .ductus/features.",
        subcommands: [List.self, Show.self, Clear.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists the cached data sets.")

        @Flag(help: "Prints a JSON array.")
        var json = false

        func run() throws {
            let entries = FeatureStore().entries
            if json { return try printResult(JSONText(encoding: entries).text + "\n") }
            try printTable(
                entries.map { entry in
                    let key = entry.path.split(separator: "/").last?.prefix(12) ?? ""
                    let size = "\((entry.bytes + 999_999) / 1_000_000) MB"
                    return ["\(key)", entry.name, "\(entry.examples) examples", entry.code, size]
                })
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows the classes of a data set.",
            discussion: """
                For single characters: the number of examples of every class, and their mean distance from the class \
                mean; --output draws the mean and deviation of every class with its most and least typical examples. For \
                lines: the number of occurrences of every character.
                """)

        @Option(
            help: ArgumentHelp(
                "The kind of data set: \(Registries.dataKinds.names.joined(separator: ", ")).", valueName: "kind"))
        var dataset: String

        @Option(help: ArgumentHelp("The directory of the data set.", valueName: "dir"))
        var data: String

        @Option(help: ArgumentHelp("The split of the data set.", valueName: "name"))
        var split: String

        @Option(help: ArgumentHelp("The image of the classes of single characters.", valueName: "file.png"))
        var output: String?

        @OptionGroup var common: CommonOptions

        func run() throws {
            common.apply()
            guard Registries.dataKinds[dataset] is any CharacterDataKind.Type else {
                let lines = try LineDataset(kind: Choice(dataset), directory: data, split: split)
                let counts = try FeatureStore().features(of: lines, named: "\(dataset) \(split)").labelCounts
                let labels = counts.indices.filter { $0 != lines.characters.blank && counts[$0] > 0 }
                return try printTable(
                    labels.map { ["“\(lines.characters.decode([Int32($0)]))”", "\(counts[$0])"] })
            }
            let characters = try CharacterDataset(kind: Choice(dataset), directory: data, split: split)
            let examples = try characters.cached()
            let classes = examples.classes(named: characters.images.classNames)
            try printTable(
                [["class", "examples", "spread"]] + classes.map { [$0.name, "\($0.count)", $0.spread.short] })
            try output.map { try Image.sheet(of: classes, in: examples).writePNG(to: $0) }
        }
    }

    struct Clear: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Clears the cache.")

        func run() throws {
            let store = FeatureStore()
            report("Removed \(try store.clear()) files from \(store.directory).")
        }
    }
}
