import ArgumentParser
import Ductus

struct Evaluate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measures weights on a data set.",
        discussion: "What can be measured:\n\n"
            + Registries.evaluators.all.map { "  \($0.name): \($0.summary)" }.joined(separator: "\n"))

    @Argument(
        help: ArgumentHelp(
            "What is measured: \(Self.names.joined(separator: ", ")).", valueName: "what"))
    var what: String

    @Option(
        help: ArgumentHelp(
            "The kind of data set: \(Registries.dataKinds.names.joined(separator: ", ")).", valueName: "kind"))
    var dataset: String?

    @Option(help: ArgumentHelp("Where the data set is.", valueName: "dir"))
    var data: String?

    @Option(help: ArgumentHelp("The part of the data set to measure on.", valueName: "name"))
    var split: String?

    @Option(help: ArgumentHelp("A weights file or a run; what comes with Ductus, if absent.", valueName: "file|run"))
    var weights: String?

    @Option(help: ArgumentHelp("So many samples only.", valueName: "n"))
    var limit: Int?

    @Flag(help: "Prints one JSON object.")
    var json = false

    @OptionGroup var decoding: DecodingOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit must be at least 1.") }
        guard Self.names.contains(what) else {
            throw ValidationError(
                "There is no evaluation of \"\(what)\"\(suggestion(for: what, among: Self.names)); choose one of "
                    + "\(Self.names.joined(separator: ", ")).")
        }
    }

    func run() throws {
        common.apply()
        var request = EvaluationRequest()
        (request.kind, request.directory, request.split) = (dataset, data, split)
        (request.weights, request.limit, request.decoding) = (weights, limit, decoding.decoding)
        let result: any Encodable & Sendable =
            if let evaluator = Registries.evaluators[what] {
                try evaluator.evaluate(request)
            } else {
                try RunEvaluation.evaluate(what, request, components: .registered)
            }
        try show(result)
    }

    /// What can be measured: what comes with Ductus, and the tasks of other packages.
    private static var names: [String] {
        let own = Registries.evaluators.names
        return own + Registries.tasks.names.filter { !own.contains($0) }
    }

    /// Prints a result: as JSON, or as `name value` lines.
    private func show(_ result: some Encodable) throws {
        let text = try JSONText(encoding: result)
        guard !json, let members = text.object else { return printResult(text.text + "\n") }
        let width = members.keys.map(\.count).max() ?? 0
        for (key, value) in members.sorted(by: { $0.key < $1.key }) {
            let padding = String(repeating: " ", count: width - key.count + 2)
            printResult(key + padding + (value.string ?? value.text) + "\n")
        }
    }
}
