import ArgumentParser
import Ductus

struct Evaluate: DistributedCommand {
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
            "A weights file, a run, or open (default: the pretrained weights).", valueName: "file|run"))
    var weights: String?

    @Option(help: ArgumentHelp("The maximum number of samples.", valueName: "n"))
    var limit: Int?

    @Option(
        help: ArgumentHelp(
            "For lines and pages, changes every picture: \(PageCondition.all.map(\.name).joined(separator: ", ")).",
            valueName: "name"))
    var condition: String?

    @Option(
        help: ArgumentHelp(
            "For pages, a directory in which every picture is written as it is read, NAME.png.", valueName: "dir"))
    var pictures: String?

    @Option(
        help: ArgumentHelp(
            "For pages, a directory with what another program read, NAME.txt, to be evaluated instead.",
            valueName: "dir"))
    var readings: String?

    @Flag(help: "Prints one JSON object.")
    var json = false

    @OptionGroup var decoding: DecodingOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit must be at least 1.") }
        if condition != nil, !["lines", "pages"].contains(subject) {
            throw ValidationError("--condition is for the subjects lines and pages.")
        }
        if pictures != nil || readings != nil, subject != "pages" {
            throw ValidationError("--pictures and --readings are for the subject pages.")
        }
        if readings != nil,
            condition != nil || pictures != nil || weights != nil || decoding.decoder != nil
                || decoding.language != nil
        {
            throw ValidationError(
                "With --readings nothing is read: leave out weights, decoding, condition, and pictures.")
        }
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
        (request.condition, request.pictures, request.readings) = (condition, pictures, readings)
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
            try printResult(key + padding + Self.cell(value) + "\n")
        }
    }

    /// A value in a table: `low 0.08, high 0.1` for an object of simple values; the number of others.
    private static func cell(_ value: JSONText) -> String {
        if let elements = value.array { return "\(elements.count), listed by --json" }
        guard let members = value.object else { return value.string ?? value.text }
        let cells = members.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.string ?? $0.value.text)" }
        return members.values.contains { $0.object != nil }
            ? "\(members.count), listed by --json" : cells.joined(separator: ", ")
    }
}
