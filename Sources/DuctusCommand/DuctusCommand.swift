import ArgumentParser
import Ductus

/// The command line of Ductus. Results go to standard output, progress and errors to standard error; the exit status is 1
/// when the input was at fault and 2 when the usage was.
///
/// A package with networks, data sets and tasks of its own registers them and calls the same command line:
///
/// ```swift
/// Registries.networks.register(MyNetwork.self)
/// Registries.tasks.register(MyTask.self)
/// DuctusCommand.main()
/// ```
public struct DuctusCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "ductus", abstract: "Reads handwriting, and trains the networks that do.",
        subcommands: [Read.self, Train.self, Evaluate.self, DataCommand.self, Synthesize.self, Weights.self])

    public init() {}

    /// Runs the command that the arguments name, and ends the program with its exit status.
    public static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let error where exitCode(for: error) == .success {
            exit(withError: error)
        } catch let error where isUsage(error) {
            report(error is UsageError ? "ductus: \(error)" : fullMessage(for: error))
            stop(2)
        } catch {
            report("ductus: \(error)")
            stop(1)
        }
    }

    /// Whether the words of the call are off, rather than what they name.
    private static func isUsage(_ error: any Error) -> Bool {
        exitCode(for: error) == .validationFailure || error is ValidationError || error is UsageError
    }
}

/// What every command takes.
struct CommonOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Threads to use; all cores, if absent.", valueName: "n"))
    var threads: Int?

    func validate() throws {
        if let threads, threads < 1 { throw ValidationError("--threads must be at least 1.") }
    }

    func apply() { if let threads { Threads.count = threads } }
}

/// How texts are chosen, for commands that read.
struct DecodingOptions: ParsableArguments {
    enum Decoder: String, ExpressibleByArgument, CaseIterable {
        case bestPath = "best-path"
        case beam
    }

    @Option(help: "How texts are chosen: by the likeliest character of every step, or by a beam search.")
    var decoder: Decoder = .bestPath

    @Option(
        help: ArgumentHelp(
            "How many hypotheses a beam search keeps; \(Decoding.defaultBeamWidth), if absent.",
            valueName: "n"))
    var beamWidth: Int?

    func validate() throws {
        guard let beamWidth else { return }
        guard decoder == .beam else { throw ValidationError("--beam-width goes with --decoder beam.") }
        guard 1...10_000 ~= beamWidth else { throw ValidationError("--beam-width must be 1 to 10000.") }
    }

    var decoding: Decoding {
        decoder == .beam ? .beam(width: beamWidth ?? Decoding.defaultBeamWidth) : .bestPath
    }
}
