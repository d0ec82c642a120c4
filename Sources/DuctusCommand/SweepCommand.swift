import ArgumentParser
import Ductus
import DuctusReports

struct SweepCommand: DistributedCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep", abstract: "Trains an experiment with different values of some keys.",
        discussion: """
            Every trial is a run in a directory of the sweep, beside sweep.svg and best.json, the configuration of the best \
            trial. A sweep that was interrupted continues with --resume. Of several processes that mpirun or srun starts, \
            every one trains a trial at a time.
            """)

    @Argument(help: ArgumentHelp("A JSON file with experiment, search, and keys.", valueName: "sweep.json"))
    var file: String

    @Option(help: ArgumentHelp("The number of trials at the same time, which share the cores.", valueName: "n"))
    var processes = 1

    @Flag(help: "Continues the sweep where it was interrupted.")
    var resume = false

    @Option(help: ArgumentHelp("The parent directory of the sweep.", valueName: "dir"))
    var runs = "runs"

    @Flag(
        inversion: .prefixedNo,
        help: "Caches transformed samples for the next run, in DUCTUS_FEATURES or .ductus/features.")
    var featureCache = true

    @Flag(help: "Prints a JSON array.")
    var json = false

    @OptionGroup var common: CommonOptions

    func validate() throws {
        if !(1...1024 ~= processes) { throw ValidationError("--processes must be 1 to 1024.") }
    }

    func run() throws {
        common.apply()
        guard Job.communicator.size == 1 else { return try runTogether() }
        let sweep = try Sweep(contentsOf: file, components: .registered)
        var progress = try SweepProgress(sweep, in: "\(runs)/\(sweep.name)", resumes: resume)
        var failures: [String] = []
        while case let tasks = try progress.next(), !tasks.isEmpty {
            try train(tasks, &progress, &failures)
        }
        try finish(progress, failures)
    }

    /// Writes and prints the results.
    func finish(_ progress: SweepProgress, _ failures: [String]) throws {
        let sweep = progress.sweep
        let results = try progress.results()
        try write(results, of: progress)
        if json {
            try printResult(JSONText.array(results.map { $0.json(sweep) }).text + "\n")
        } else {
            try printTable(Self.table(results, sweep))
        }
        if !failures.isEmpty {
            throw SweepFailure(
                "\(progress.directory): \(failures.joined(separator: ", ")) failed; see "
                    + "\(failures.count == 1 ? "its log" : "their logs") beside the runs.")
        }
    }

    /// Trains trials until their next pause, as many at the same time as there are processes, and notes the names of those
    /// that failed.
    private func train(
        _ tasks: [SweepProgress.Task], _ progress: inout SweepProgress, _ failures: inout [String]
    ) throws {
        let count = min(processes, tasks.count)
        // A process gets its share of the cores; one at a time gets all of them.
        let threads = max(1, Threads.count / count)
        var waiting = tasks[...]
        var running: [(child: ChildProcess, task: SweepProgress.Task)] = []
        while !waiting.isEmpty || !running.isEmpty {
            while running.count < count, let task = waiting.popFirst() {
                let directory = try progress.run(of: task.trial).directory
                running.append((try start(directory, until: task.epochs, threads: threads), task))
            }
            guard let (child, hasSucceeded) = ChildProcess.next(of: running.map(\.child)),
                let place = running.firstIndex(where: { $0.child.identifier == child.identifier })
            else { continue }
            note(running.remove(at: place).task, hasSucceeded, &progress, &failures)
        }
    }

    /// Starts to train the run of a trial until an epoch.
    func start(_ directory: String, until epoch: Int, threads: Int) throws -> ChildProcess {
        try ChildProcess(
            [Trial._commandName, directory, "--until", "\(epoch)"] + (featureCache ? [] : ["--no-feature-cache"]),
            environment: ["DUCTUS_NUM_THREADS": "\(threads)"], output: "\(directory).log")
    }

    /// Notes that a trial has been trained, or not.
    func note(
        _ task: SweepProgress.Task, _ hasSucceeded: Bool, _ progress: inout SweepProgress, _ failures: inout [String]
    ) {
        let name = File.name(of: progress.directory(of: task.trial))
        if !hasSucceeded { failures.append(name) }
        progress.finish(task)
        report("\(name) \(hasSucceeded ? "is trained until epoch \(task.epochs)" : "failed").")
    }

    /// Writes the chart and the best configuration.
    private func write(_ results: [SweepResult], of progress: SweepProgress) throws {
        guard let best = results.first, best.value != nil else { return }
        let configuration = try progress.sweep.experiment(of: best.trial).text
        try File.write(Array(configuration.utf8), to: "\(progress.directory)/best.json")
        let chart = progress.sweep.chart(of: results)
        try File.write(Array(chart.svg(width: 860, height: 420).utf8), to: "\(progress.directory)/sweep.svg")
        report("\(progress.directory)/best.json is the best configuration, sweep.svg shows all trials.")
    }

    private static func table(_ results: [SweepResult], _ sweep: Sweep) -> [[String]] {
        let monitor = results.compactMap(\.monitor).first ?? "best"
        return [["trial"] + sweep.keys + ["epochs", monitor, "epoch"]]
            + results.map { result in
                [File.name(of: result.directory)] + result.trial.values.map(\.shown)
                    + ["\(result.epochs)", result.value?.short ?? "", result.epoch.map { "\($0)" } ?? ""]
            }
    }
}

/// A sweep some of whose trials could not be trained.
private struct SweepFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
