import ArgumentParser
import Ductus
import DuctusManifests

/// The options of commands that read the samples of a data set.
struct KindOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The kind of data (default: that of the manifest, or what the files look like).", valueName: "kind"))
    var kind: String?

    var choice: Choice? { kind.map { Choice($0) } }
}

extension DataCommand {
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows the manifest and the samples of a data set.",
            discussion: """
                Counts of samples, pages, and writers; the lengths of the texts; the characters, and those that an alphabet \
                lacks. --sheet draws samples of every split.
                """)

        @Argument(help: "A data set, or a directory.")
        var name: String

        @Option(
            name: .customLong("split"), help: ArgumentHelp("Only these splits. May be repeated.", valueName: "name"))
        var splits: [String] = []

        @Option(
            help: ArgumentHelp(
                "The alphabet that should cover the texts: iam, fsdl-80, or a JSON file with characters and blank.",
                valueName: "file|name"))
        var characters: String?

        @Option(help: ArgumentHelp("The contact sheet.", valueName: "file.png"))
        var sheet: String?

        @Flag(help: "Prints one JSON object.")
        var json = false

        @OptionGroup var kindOptions: KindOptions
        @OptionGroup var options: StoreOptions

        func run() throws {
            let data = try options.dataStore.located(name, kind: kindOptions.choice)
            let samples = try data.samples(splits: splits.isEmpty ? nil : splits)
            let summary = DataSummary(samples, alphabet: try characters.map { try Alphabet(named: $0) })
            try sheet.map { try samples.sheet().writePNG(to: $0) }
            if json {
                var members = try JSONText(encoding: summary).object ?? [:]
                members["name"] = .string(data.name)
                members["directory"] = .string(data.directory)
                members["manifest"] = try data.manifest.map { .string("\(try $0.hash)") } ?? .null
                return try printResult(JSONText.object(members).text + "\n")
            }
            try printTable(Self.origin(data))
            try printResult("\n")
            try printTable(Self.splits(summary))
            try printResult("\n\(Self.histogram(summary))\n")
            try printTable(Self.characters(summary, hasAlphabet: characters != nil))
        }

        private static func origin(_ data: LocatedData) throws -> [[String]] {
            var rows = [["name", data.name], ["directory", File.shown(data.directory)], ["kind", data.kind.name]]
            guard let manifest = data.manifest else { return rows }
            let license = manifest.license
            let parts = [
                ("title", manifest.title), ("homepage", manifest.homepage ?? ""), ("license", license.name),
                ("terms", license.terms ?? ""), ("cite", license.citation ?? ""), ("manifest", "\(try manifest.hash)"),
                ("files", manifest.files.map { "\($0.count), \(File.shown(bytes: $0.bytes))" } ?? ""),
            ]
            rows += parts.filter { !$0.1.isEmpty }.map { [$0.0, $0.1] }
            return rows
        }

        private static func splits(_ summary: DataSummary) -> [[String]] {
            [
                [
                    "split", summary.unit.rawValue, "pages", "writers", "characters", "different", "without text",
                    "without picture",
                ]
            ]
                + summary.splits.map { split in
                    [
                        split.name, "\(split.samples)", split.pages.map { "\($0)" } ?? "",
                        split.writers.map { "\($0)" } ?? "", "\(split.characters)", "\(split.differentCharacters)",
                        "\(split.emptyTexts)", "\(split.missingImages)",
                    ]
                }
        }

        /// A bar for each range of lengths of each split.
        private static func histogram(_ summary: DataSummary) -> String {
            guard summary.unit != .characters else { return "" }
            return summary.splits.map { split in
                let most = split.lengths.map(\.samples).max() ?? 1
                return "lengths of \(split.name)\n"
                    + split.lengths.map { range in
                        let label = "\(range.from)–\(range.through)"
                        let bar = String(repeating: "▇", count: (range.samples * 40 + most - 1) / max(most, 1))
                        return String(repeating: " ", count: max(0, 9 - label.count))
                            + "\(label)  \(bar) \(range.samples)\n"
                    }.joined()
            }.joined(separator: "\n")
        }

        private static func characters(_ summary: DataSummary, hasAlphabet: Bool) -> [[String]] {
            func list(_ counts: [DataSummary.CharacterCount]) -> String {
                counts.map { "\($0.character == " " ? "␣" : $0.character) \($0.count)" }.joined(separator: "  ")
            }
            var rows = [["characters", list(summary.characters)]]
            if hasAlphabet {
                rows.append([
                    "not in the alphabet",
                    summary.unknownCharacters.isEmpty
                        ? "none"
                        : "\(list(summary.unknownCharacters))  in \(summary.samplesWithUnknownCharacters) \(summary.unit.rawValue)",
                ])
                rows.append(["not in the data", summary.absentCharacters.isEmpty ? "none" : summary.absentCharacters])
            }
            return rows
        }
    }

    struct Diff: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Compares two data sets or versions, sample by sample.",
            discussion: "Samples are known by their names, single characters by their pictures.")

        @Argument(help: ArgumentHelp("The data set or directory before.", valueName: "a"))
        var old: String

        @Argument(help: ArgumentHelp("The data set or directory after.", valueName: "b"))
        var new: String

        @Flag(help: "Prints one JSON object.")
        var json = false

        @OptionGroup var kindOptions: KindOptions
        @OptionGroup var options: StoreOptions

        func run() throws {
            let store = options.dataStore
            let (before, after) = (
                try store.located(old, kind: kindOptions.choice), try store.located(new, kind: kindOptions.choice)
            )
            let difference = try DataDifference(from: before.samples(), to: after.samples())
            if json { return try printResult(JSONText(encoding: difference).text + "\n") }
            for (sign, names) in [("- removed", difference.removed), ("+ added", difference.added)] {
                for name in names { try printResult("\(sign)  \(File.shown(name))\n") }
            }
            for name in difference.changedPictures { try printResult("~ picture  \(File.shown(name))\n") }
            for text in difference.changedTexts {
                try printResult("~ text  \(File.shown(text.name)): “\(text.old)” → “\(text.new)”\n")
            }
            for move in difference.moved {
                try printResult("~ split  \(File.shown(move.name)): \(move.old) → \(move.new)\n")
            }
            try printResult(
                "\(difference.added.count) added, \(difference.removed.count) removed, "
                    + "\(difference.changedPictures.count) changed pictures, \(difference.changedTexts.count) changed texts, "
                    + "\(difference.moved.count) moved, \(difference.same) the same\n")
        }
    }
}
