import ArgumentParser
import Ductus
import DuctusReports

extension Runs {
    struct Report: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Writes a page about a run, or a comparison of several.",
            discussion: """
                The page is one HTML file with curves, configuration, data, code, and machine. With --evaluate, the best \
                weights are evaluated on the validation data of each run, and the page shows the errors that they make.
                """)

        @Argument(help: ArgumentHelp("The directories of one or more runs.", valueName: "run"))
        var directories: [String]

        @Option(
            name: .shortAndLong,
            help: ArgumentHelp("The file, or - for standard output.", valueName: "file.html"))
        var output = "report.html"

        @Flag(help: "Evaluates the best weights, which needs the data of the runs.")
        var evaluate = false

        @Option(help: ArgumentHelp("The maximum number of samples to evaluate, drawn at random.", valueName: "n"))
        var limit: Int?

        @OptionGroup var common: CommonOptions

        func validate() throws {
            if directories.isEmpty { throw ValidationError("Give one or more runs.") }
            if let limit, limit < 1 { throw ValidationError("--limit must be at least 1.") }
            if limit != nil, !evaluate { throw ValidationError("--limit is for --evaluate.") }
        }

        func run() throws {
            common.apply()
            let report = try RunReport(
                directories.map { try RunSummary($0) }, isEvaluated: evaluate, limit: limit)
            let page = try report.html()
            if output == "-" { return try printResult(page) }
            try File.write(Array(page.utf8), to: output)
            try printResult(output + "\n")
        }
    }
}
