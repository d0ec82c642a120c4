import ArgumentParser
import Ductus

struct Train: DistributedCommand {
    static let configuration = CommandConfiguration(
        abstract: "Trains a network, or resumes a run.",
        discussion: """
            SIGTERM or SIGUSR1 writes a checkpoint after the current step and ends with exit status 75; the run can then be \
            resumed.
            """)

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
        StopSignals.watch()
        let ranks = Job.communicator.size
        var run = try Run.onAllRanks(components: .registered) {
            if let resume { return try Run.open(resume) }
            return try Run.create(experiment(ranks: ranks), in: runs)
        }
        if featureCache { run.features = Job.communicator.isFirst ? FeatureStore() : FeatureStore(note: { _ in }) }
        let history: [EpochRecord]
        do {
            history = try run.train(callbacks: [.progress(), .interruption { StopSignals.haveArrived }])
        } catch {
            if resume == nil, Job.communicator.isFirst { run.discardIfUntrained() }
            throw error
        }
        try printResult(run.directory + "\n")
        if let last = history.last, Job.communicator.isFirst { report("Finished after \(last.epoch) epochs.") }
    }

    /// The experiment of the file. If it leaves batches whole, every rank gets a shard.
    private func experiment(ranks: Int) throws -> Experiment {
        var changes = changes + (seed.map { ["training.seed=\($0)"] } ?? [])
        let experiment = try Experiment(contentsOf: configurationFile ?? "", changes: changes)
        guard ranks > 1, experiment.training.shards == 1 else { return experiment }
        report("Batches are cut into \(ranks) shards, one for each process (training.shards).")
        changes.append("training.shards=\(ranks)")
        return try Experiment(contentsOf: configurationFile ?? "", changes: changes)
    }
}
