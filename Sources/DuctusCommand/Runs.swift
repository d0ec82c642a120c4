import ArgumentParser
import Ductus

struct Runs: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lists, shows, compares, reports, sends, and removes training runs.",
        subcommands: [List.self, Show.self, Compare.self, Report.self, Sync.self, Remove.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the runs in a directory.",
            discussion: """
                KEY is a metric of the best epoch, such as characterAccuracy or loss; name, state, epochs, best, epoch, or \
                seconds; or a key of the configuration, such as network or training.rate.
                """)

        @Argument(help: ArgumentHelp("The parent directory of the runs.", valueName: "dir"))
        var directory = "runs"

        @Option(help: ArgumentHelp("Sorts by a value, the smallest first.", valueName: "key"))
        var sort: String?

        @Flag(help: "Sorts with the largest value first.")
        var descending = false

        @Option(
            name: .customLong("filter"),
            help: ArgumentHelp(
                "Lists only runs with such a value; OP is =, !=, <, <=, >, or >=. May be repeated.",
                valueName: "key op value"))
        var filters: [String] = []

        @Flag(help: "Prints a JSON array.")
        var json = false

        func validate() throws {
            if descending, sort == nil { throw ValidationError("--descending requires --sort KEY.") }
        }

        func run() throws {
            let filters = try filters.map { text throws(UsageError) in try RunFilter(text) }
            let all = try RunSummary.all(in: directory)
            var runs = all.compactMap { try? $0.result.get() }
            for key in filters.map(\.key) + (sort.map { [$0] } ?? []) { try runs.checkKey(key) }
            runs = runs.filter { run in filters.allSatisfy { $0.accepts(run) } }
            if let sort { runs = runs.sorted(by: sort, descending: descending) }
            // The values of a damaged run are not known, so that it meets no condition.
            let damaged = all.compactMap { listed -> (directory: String, error: any Error)? in
                if case .failure(let error) = listed.result { (listed.directory, error) } else { nil }
            }
            for (_, error) in damaged { report("ductus: \(error)") }
            let shown = filters.isEmpty ? damaged.map(\.directory) : []
            if json {
                let objects = try runs.map { try $0.json } + shown.map(Self.damaged)
                return try printResult(JSONText.array(objects).text + "\n")
            }
            if all.isEmpty { return report("There are no runs in \(directory).") }
            try printTable(
                [["name", "task", "network", "epochs", "state", "monitor", "best", "epoch", "time"]]
                    + runs.map(Self.row)
                    + shown.map { [File.shown(File.name(of: $0)), "", "", "", "damaged", "", "", "", ""] })
        }

        private static func row(_ run: RunSummary) -> [String] {
            [
                File.shown(run.name), run.task, run.network, "\(run.history.count)/\(run.plannedEpochs)",
                run.state.rawValue, run.monitor ?? "", run.bestValue?.short ?? "",
                run.best.map { "\($0.epoch)" } ?? "", Duration.seconds(run.seconds).short,
            ]
        }

        private static func damaged(_ directory: String) -> JSONText {
            .object([
                "directory": .string(directory), "name": .string(File.name(of: directory)), "state": .string("damaged"),
            ])
        }
    }

    struct Compare: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows what differs between runs, and the metrics of their best epochs.")

        @Argument(help: ArgumentHelp("The directories of two or more runs.", valueName: "run"))
        var directories: [String]

        @Flag(help: "Prints one JSON object.")
        var json = false

        func validate() throws {
            if directories.count < 2 { throw ValidationError("Give two or more runs.") }
        }

        func run() throws {
            let comparison = RunComparison(try directories.map { try RunSummary($0) })
            if json { return try printResult(comparison.json.text + "\n") }
            var rows = [[""] + comparison.runs.map { File.shown($0.name) }]
            for part in [comparison.configuration, comparison.data, comparison.code] {
                rows += part.map { row in [row.key] + row.values.map { $0.map(\.shown) ?? "" } }
            }
            rows += comparison.metrics.map { row in [row.key] + row.values.map { $0?.number?.short ?? "" } }
            rows.append(["best epoch"] + comparison.runs.map { $0.best.map { "\($0.epoch)" } ?? "" })
            rows.append(["time"] + comparison.runs.map { Duration.seconds($0.seconds).short })
            try printTable(rows)
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Removes runs.",
            discussion: "Only files that a run consists of are removed. A run in training is not removed.")

        @Argument(help: ArgumentHelp("The directories of the runs.", valueName: "run"))
        var directories: [String]

        @Flag(help: "Keeps the weights of the best epoch, which can be used without the run.")
        var keepBest = false

        func run() throws {
            for removal in try Run.remove(directories, keepingBest: keepBest) {
                let kept = removal.remaining.isEmpty ? "" : "; kept \(removal.remaining.joined(separator: ", "))"
                report(
                    "Removed \(removal.directory): \(removal.files.joined(separator: ", ")), "
                        + "\(File.shown(bytes: removal.bytes))\(kept).")
            }
        }
    }
}
