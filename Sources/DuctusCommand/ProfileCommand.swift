import ArgumentParser
import Ductus

struct ProfileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profile", abstract: "Measures what the operations of a network cost.",
        discussion: """
            With a configuration file, training steps and inference are measured on batches of the first training samples; \
            with weights, the inference of one typical input. Times are in milliseconds.
            """)

    @Argument(help: "A JSON file with task, data set, network, and hyperparameters.")
    var configurationFile: String?

    @Option(name: .customLong("set"), help: ArgumentHelp("Overrides a value of the file.", valueName: "a.b=value"))
    var changes: [String] = []

    @Option(help: ArgumentHelp("A weights file or run.", valueName: "file|run"))
    var weights: String?

    @Option(help: ArgumentHelp("The number of batches.", valueName: "n"))
    var batches = 1

    @Flag(help: "Prints every operation with its settings and shapes, in order.")
    var trace = false

    @Flag(help: "Prints one JSON object.")
    var json = false

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard (configurationFile == nil) != (weights == nil) else {
            throw ValidationError("Give either a configuration file or --weights FILE.")
        }
        if weights != nil, !changes.isEmpty { throw ValidationError("--set cannot be combined with --weights.") }
        if batches < 1 { throw ValidationError("--batches must be at least 1.") }
        if trace, json { throw ValidationError("--trace cannot be combined with --json, which has every operation.") }
    }

    func run() throws {
        common.apply()
        if let weights {
            let profile = try WeightsFile(weights).profile(batches: batches)
            return try printResults([("inference", profile)], json: JSONText(encoding: ["inference": profile]))
        }
        let experiment = try Experiment(contentsOf: configurationFile ?? "", changes: changes)
        let profile = try experiment.profile(batches: batches)
        try printResults(
            [("training", profile.training), ("inference", profile.inference)], json: JSONText(encoding: profile))
    }

    private func printResults(_ profiles: [(name: String, profile: Profile)], json object: JSONText) throws {
        if json { return try printResult(object.text + "\n") }
        let texts = profiles.map { $0.name + (trace ? "\n\($0.profile.trace)\n" : ", \($0.profile)\n") }
        try printResult(texts.joined(separator: "\n"))
    }
}
