import ArgumentParser
import Ductus

/// The command line of Ductus. Results go to standard output, progress and errors to standard error. The exit status is 1 for
/// invalid input and 2 for invalid usage.
///
/// A package with its own networks, data sets, and tasks registers them and runs the same command line:
///
/// ```swift
/// Registries.networks.register(MyNetwork.self)
/// Registries.tasks.register(MyTask.self)
/// DuctusCommand.main()
/// ```
public struct DuctusCommand: ParsableCommand {
    /// The name, abstract, and subcommands.
    public static let configuration = CommandConfiguration(
        commandName: "ductus", abstract: "Recognizes handwriting, and trains networks for it.",
        version: Release.version,
        subcommands: [
            Read.self, Train.self, Evaluate.self, Runs.self, SweepCommand.self, Trial.self, ProfileCommand.self,
            DataCommand.self, Synthesize.self, LanguageModelCommand.self, Weights.self, Doctor.self,
        ])

    /// An empty command, for the argument parser.
    public init() {}

    /// Runs the command of the arguments and exits.
    public static func main() { main(on: SingleProcess()) }

    /// Runs the command of the arguments together with the other ranks of a job, which run the same, and exits.
    public static func main(on communicator: any Communicator) {
        Job.$communicator.withValue(communicator) {
            var isParsed = false
            do {
                let arguments = File.programArguments
                try checkName(arguments.first)
                var command = try parseAsRoot(arguments)
                try checkRanks(command)
                isParsed = true
                try command.run()
            } catch {
                end(with: error, isKnownToAll: !isParsed)
            }
        }
    }

    /// Suggests the command that was probably meant.
    private static func checkName(_ name: String?) throws {
        let shown = configuration.subcommands.filter { $0.configuration.shouldDisplay }
        let names = shown.map { $0._commandName } + ["help"]
        guard let name, !name.hasPrefix("-"), !(names + [Trial._commandName]).contains(name) else { return }
        throw ValidationError(
            "There is no command \"\(name)\"\(suggestion(for: name, among: names)); choose one of "
                + "\(names.dropLast().joined(separator: ", ")).")
    }
}

/// The options of all commands.
struct CommonOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The number of threads (default: one per core).", valueName: "n"))
    var threads: Int?

    func validate() throws {
        if let threads, threads < 1 { throw ValidationError("--threads must be at least 1.") }
    }

    func apply() {
        if let threads { Threads.count = threads }
        let (ranks, processors) = (Job.communicator.ranksOnHost, Machine.processors)
        if ranks > 1, Job.communicator.isFirst, ranks * Threads.count > processors {
            report(
                "\(ranks) processes with \(Threads.count) threads each share the \(processors) processors of this host; with "
                    + "fewer of either, they need not wait for each other.")
        }
    }
}

/// The options of commands that recognize text.
struct DecodingOptions: ParsableArguments {
    enum Decoder: String, ExpressibleByArgument, CaseIterable {
        case bestPath = "best-path"
        case beam
    }

    @Option(
        help: ArgumentHelp(
            "Decoding with the most likely character of every step (\(Decoder.bestPath.rawValue)), or with a beam search "
                + "(\(Decoder.beam.rawValue), the default if there are language models).",
            valueName: Decoder.allCases.map(\.rawValue).joined(separator: "|")))
    var decoder: Decoder?

    @Option(
        help: ArgumentHelp(
            "The language of the language model, none, or a language model file (default: the language in which a line is "
                + "most likely, of the language models beside the weights).",
            valueName: "en|fr|none|file.lm"))
    var language: String?

    @Option(
        help: ArgumentHelp(
            "The number of hypotheses of the beam search (default: \(Decoding.defaultBeamWidth), with a language model "
                + "\(Decoding.languageBeamWidth)).", valueName: "n"))
    var beamWidth: Int?

    func validate() throws {
        guard let beamWidth else { return }
        guard decoder == .beam else { throw ValidationError("--beam-width requires --decoder beam.") }
        guard 1...10_000 ~= beamWidth else { throw ValidationError("--beam-width must be 1 to 10000.") }
    }

    /// The decoding that was asked for.
    var decoding: Decoding? {
        decoder.map { $0 == .beam ? .beam(width: beamWidth ?? Decoding.defaultBeamWidth) : .bestPath }
    }
}
