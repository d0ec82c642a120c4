import ArgumentParser
import Ductus

struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Trains a network as a configuration file says, or goes on with a run.")

    @Argument(help: "A JSON file that names data set, network and hyper-parameters.")
    var configurationFile: String?

    @Option(name: .customLong("set"), help: ArgumentHelp("Changes a value of the file.", valueName: "a.b=value"))
    var changes: [String] = []

    @Option(help: ArgumentHelp("The directory of a run to go on with.", valueName: "run"))
    var resume: String?

    @Option(help: "What all random numbers follow from.")
    var seed: UInt64?

    @Option(help: ArgumentHelp("Where runs are kept.", valueName: "dir"))
    var runs = "runs"

    @Flag(
        inversion: .prefixedNo,
        help: "Keeps the transformed lines and pages for the next run, in DUCTUS_FEATURES or .ductus/features.")
    var featureCache = true

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard (configurationFile == nil) != (resume == nil) else {
            throw ValidationError("Give either a configuration file or --resume RUN.")
        }
        if resume != nil, !changes.isEmpty || seed != nil {
            throw ValidationError("A resumed run keeps its configuration: --set and --seed do not go with --resume.")
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
        printResult(run.directory + "\n")
        if let last = history.last { report("Done after \(last.epoch) epochs; use --weights \(run.directory).") }
    }
}
