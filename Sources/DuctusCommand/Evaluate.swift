import ArgumentParser
import Ductus

struct Evaluate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Evaluates weights on a data set.",
        discussion: "Subjects:\n\n"
            + Registries.evaluators.all.map { "  \($0.name): \($0.summary)" }.joined(separator: "\n"))

    @Argument(
        help: ArgumentHelp("The subject: \(Self.names.joined(separator: ", ")).", valueName: "subject"))
    var subject: String

    @Option(
        help: ArgumentHelp(
            "The kind of data set: \(Registries.dataKinds.names.joined(separator: ", ")).", valueName: "kind"))
    var dataset: String?

    @Option(help: ArgumentHelp("The directory of the data set.", valueName: "dir"))
    var data: String?

    @Option(help: ArgumentHelp("The split of the data set.", valueName: "name"))
    var split: String?

    @Option(
        help: ArgumentHelp(
            "A weights file or run (default: the pretrained weights).", valueName: "file|run"))
    var weights: String?

    @Option(help: ArgumentHelp("The maximum number of samples.", valueName: "n"))
    var limit: Int?

    @Flag(help: "Prints one JSON object.")
    var json = false

    @OptionGroup var decoding: DecodingOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit must be at least 1.") }
        guard Self.names.contains(subject) else {
            throw ValidationError(
                "There is no subject \"\(subject)\"\(suggestion(for: subject, among: Self.names)); choose one of "
                    + "\(Self.names.joined(separator: ", ")).")
        }
    }

    func run() throws {
        common.apply()
        var request = EvaluationRequest()
        (request.kind, request.directory, request.split) = (dataset, data, split)
        (request.weights, request.limit, request.decoding) = (weights, limit, decoding.decoding)
        request.language = decoding.language
        let result: any Encodable & Sendable =
            if let evaluator = Registries.evaluators[subject] {
                try evaluator.evaluate(request)
            } else {
                try RunEvaluation.evaluate(subject, request, components: .registered)
            }
        try printResults(result)
    }

    /// The subjects: those of Ductus, and the tasks of other packages.
    private static var names: [String] {
        let own = Registries.evaluators.names
        return own + Registries.tasks.names.filter { !own.contains($0) }
    }

    /// Prints a result as JSON, or as a table of names and values.
    private func printResults(_ result: some Encodable) throws {
        let text = try JSONText(encoding: result)
        guard !json, let members = text.object else { return try printResult(text.text + "\n") }
        let width = members.keys.map(\.count).max() ?? 0
        for (key, value) in members.sorted(by: { $0.key < $1.key }) {
            let padding = String(repeating: " ", count: width - key.count + 2)
            try printResult(key + padding + (value.string ?? value.text) + "\n")
        }
    }
}
