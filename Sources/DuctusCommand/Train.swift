import ArgumentParser
import Ductus

struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Trains a network, or resumes a run.")

    @Argument(help: "A JSON file with task, data set, network, and hyperparameters.")
    var configurationFile: String?

    @Option(name: .customLong("set"), help: ArgumentHelp("Overrides a value of the file.", valueName: "a.b=value"))
    var changes: [String] = []

    @Option(help: ArgumentHelp("Resumes the run in this directory.", valueName: "run"))
    var resume: String?

    @Option(help: "The random seed.")
    var seed: UInt64?

    @Option(help: ArgumentHelp("The parent directory of the new run.", valueName: "dir"))
    var runs = "runs"

    @Flag(
        inversion: .prefixedNo,
        help: "Caches transformed samples for the next run, in DUCTUS_FEATURES or .ductus/features.")
    var featureCache = true

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard (configurationFile == nil) != (resume == nil) else {
            throw ValidationError("Give either a configuration file or --resume RUN.")
        }
        if resume != nil, !changes.isEmpty || seed != nil {
            throw ValidationError("--set and --seed cannot be combined with --resume.")
        }
    }

    func run() throws {
        common.apply()
        var run: Run
        if let resume {
            run = try Run.open(resume)
        } else {
            let changes = changes + (seed.map { ["training.seed=\($0)"] } ?? [])
            run = try Run.create(Experiment(contentsOf: configurationFile ?? "", changes: changes), in: runs)
        }
        if featureCache { run.features = FeatureStore() }
        let history: [EpochRecord]
        do {
            history = try run.train()
        } catch {
            if resume == nil { run.discardIfUntrained() }
            throw error
        }
        try printResult(run.directory + "\n")
        if let last = history.last { report("Finished after \(last.epoch) epochs.") }
    }
}
