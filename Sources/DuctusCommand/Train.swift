import ArgumentParser
import Ductus
import DuctusReports

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

    @Flag(help: "Takes one step, validates on one batch, and writes nothing, to see whether training would work.")
    var dryRun = false

    @Flag(help: "Searches for a learning rate: prints the loss at rising rates, and the rate where it falls fastest.")
    var findRate = false

    @Option(help: ArgumentHelp("Draws the losses of --find-rate.", valueName: "file.svg"))
    var plot: String?

    @Option(
        help: ArgumentHelp(
            "Writes when processes computed and sent gradients, of the first \(Timeline.limit) steps, for chrome://tracing.",
            valueName: "file.json"))
    var timeline: String?

    @OptionGroup var common: CommonOptions

    func validate() throws {
        if dryRun || findRate, resume != nil || dryRun && findRate {
            throw ValidationError("--dry-run and --find-rate need a configuration file, and exclude each other.")
        }
        if plot != nil, !findRate { throw ValidationError("--plot is for --find-rate.") }
        guard (configurationFile == nil) != (resume == nil) else {
            throw ValidationError("Give either a configuration file or --resume RUN.")
        }
        if resume != nil, !changes.isEmpty || seed != nil {
            throw ValidationError("--set and --seed cannot be combined with --resume.")
        }
    }

    func run() throws {
        common.apply()
        if dryRun { return try printRehearsal(experiment(ranks: 1).rehearse()) }
        if findRate {
            return try printRates(experiment(ranks: 1).searchRate(features: featureCache ? FeatureStore() : nil))
        }
        StopSignals.watch()
        let ranks = Job.communicator.size
        var run = try Run.onAllRanks(components: .registered) {
            if let resume { return try Run.open(resume) }
            return try Run.create(experiment(ranks: ranks), in: runs)
        }
        if featureCache { run.features = Job.communicator.isFirst ? FeatureStore() : FeatureStore(note: { _ in }) }
        let history: [EpochRecord]
        do {
            history = try recordingTimeline {
                try run.train(callbacks: [.progress(), .interruption { StopSignals.haveArrived }])
            }
        } catch {
            if resume == nil, Job.communicator.isFirst { run.discardIfUntrained() }
            throw error
        }
        try printResult(run.directory + "\n")
        if let last = history.last, Job.communicator.isFirst { report("Finished after \(last.epoch) epochs.") }
    }

    /// Calls a function that trains, and writes the timeline if there is to be one.
    private func recordingTimeline<Result>(_ train: () throws -> Result) throws -> Result {
        guard let timeline else { return try train() }
        let recorded = Timeline(of: Job.communicator)
        let result = try Job.$timeline.withValue(recorded, operation: train)
        let steps = try recorded.gathered()
        guard Job.communicator.isFirst else { return result }
        try File.write(Array(try Timeline.trace(of: steps).utf8), to: timeline)
        if steps.joined().isEmpty {
            report("\(timeline) has no steps: batches are not cut into shards; set training.shards to 2 or more.")
        } else if Job.communicator.size > 1, let share = Timeline.hiddenShare(of: steps) {
            report("\(Int((100 * share).rounded())) % of the communication of gradients took place during computation.")
        }
        return result
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

    private func printRehearsal(_ rehearsal: Rehearsal) throws {
        let results = rehearsal.validation.sorted { $0.key < $1.key }.map { ["validation \($0.key)", $0.value.short] }
        try printTable(
            [
                ["parameters", "\(rehearsal.parameters)"], ["training loss", rehearsal.step.loss.short],
                ["gradient norm", rehearsal.step.gradientNorm.short],
            ] + results + [["checkpoint", File.shown(bytes: rehearsal.checkpointBytes)]])
        report("Training would work, as far as one batch shows; nothing was written.")
    }

    private func printRates(_ search: RateSearch) throws {
        // Every fifth step and the last is enough for people.
        let shown = search.points.indices.filter { $0.isMultiple(of: 5) || $0 == search.points.count - 1 }
        try printTable(
            [["rate", "loss"]] + shown.map { ["\(Float(search.points[$0].rate))", search.points[$0].loss.short] })
        if let plot { try File.write(Array(search.chart.svg().utf8), to: plot) }
        report(
            search.suggestion.map { "The loss falls fastest at a rate of \(Float($0)): set training.rate to that." }
                ?? "The loss does not fall at any rate; check the data, the network, and the loss.")
    }
}
