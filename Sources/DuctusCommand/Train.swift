import ArgumentParser
import Ductus

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

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
        var experiment: Experiment
        if let resume {
            experiment = try Experiment(resuming: resume)
        } else {
            let changes = changes + (seed.map { ["training.seed=\($0)"] } ?? [])
            let file = try ExperimentFile(contentsOf: configurationFile ?? "", changes: changes)
            experiment = Experiment(file, directory: freshDirectory(file.configuration.name))
        }
        if featureCache { experiment.features = FeatureStore() }
        let history = try experiment.run(resuming: resume != nil)
        printResult(experiment.directory + "\n")
        if let best = history.last { report("Done after \(best.epoch) epochs; use --weights \(experiment.directory).") }
    }

    /// `runs/NAME-20260131-142500`, with a number after it if that is taken.
    private func freshDirectory(_ name: String) -> String {
        let time = Date.now.formatted(
            .iso8601.year().month().day().timeSeparator(.omitted).dateSeparator(.omitted)
                .time(includingFractionalSeconds: false).dateTimeSeparator(.space)
        ).replacing(" ", with: "-")
        let base = "\(runs)/\(name)-\(time.prefix(15))"
        var (path, number) = (base, 2)
        while File.exists(path) { (path, number) = ("\(base)-\(number)", number + 1) }
        return path
    }
}
