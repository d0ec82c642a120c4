import ArgumentParser
import Ductus

struct Doctor: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Checks the machine, and a configuration with its data, before a training.",
        discussion: """
            With a configuration, every picture is read, and a few batches are trained on without writing anything. The exit \
            status is 1 if something would spoil the training.
            """)

    @Argument(help: "A JSON file with task, data set, network, and hyperparameters.")
    var configurationFile: String?

    @Option(name: .customLong("set"), help: ArgumentHelp("Overrides a value of the file.", valueName: "a.b=value"))
    var changes: [String] = []

    @Flag(inversion: .prefixedNo, help: "Trains on a few batches to measure time and memory.")
    var trial = true

    @Flag(help: "Prints one JSON object.")
    var json = false

    @OptionGroup var common: CommonOptions

    func validate() throws {
        if configurationFile == nil, !changes.isEmpty { throw ValidationError("--set requires a configuration file.") }
    }

    func run() throws {
        common.apply()
        let machine = MachineReport()
        var members: [String: JSONText] = [
            "machine": try JSONText(encoding: machine),
            "machineProblems": .array(machine.problems.map(JSONText.string)),
        ]
        if !json { try Self.print(machine) }
        guard let configurationFile else {
            return json ? try printResult(JSONText.object(members).text + "\n") : ()
        }
        let experiment = try Experiment(contentsOf: configurationFile, changes: changes)
        let examination = try Examination(of: experiment)
        if !json { try Self.print(examination) }
        members["splits"] = try JSONText(encoding: examination.splits)
        members["findings"] = try JSONText(encoding: examination.findings)
        if trial, !examination.hasProblems {
            let cost = try experiment.rehearse(measuringFor: 10).cost
            if let cost, !json { try Self.print(cost, epochs: experiment.training.epochs, machine) }
            members["cost"] = try JSONText(encoding: cost)
        }
        if json { try printResult(JSONText.object(members).text + "\n") }
        if examination.hasProblems {
            let count = examination.findings.count { $0.severity == .problem }
            throw ConfigurationError(
                configurationFile, "\(count) problem\(count == 1 ? "" : "s") would spoil the training")
        }
    }

    private static func print(_ machine: MachineReport) throws {
        try printTable([
            ["BLAS", machine.blas], ["instruction set", machine.instructionSet],
            ["processors", "\(machine.processors)"], ["threads", "\(machine.threads)"],
            [
                "memory",
                File.shown(bytes: machine.memory)
                    + (machine.availableMemory.map { ", \(File.shown(bytes: $0)) available" } ?? ""),
            ],
            [
                "matrix products",
                "\(Int(machine.rate)) GFLOP/s, \(Int(machine.rateOfOneThread)) on one thread",
            ],
        ])
        for problem in machine.problems { try printResult("warning  \(problem)\n") }
    }

    private static func print(_ examination: Examination) throws {
        try printResult("\n")
        try printTable(
            examination.splits.map {
                [File.shown($0.name), $0.isTraining ? "training" : "validation", "\($0.samples) samples"]
            })
        for finding in examination.findings {
            try printResult("\(finding.severity.rawValue)  \(File.shown(finding.message))\n")
        }
        if examination.findings.isEmpty { try printResult("Nothing is wrong with the data.\n") }
    }

    private static func print(_ cost: TrainingCost, epochs: Int, _ machine: MachineReport) throws {
        let epoch = Duration.seconds(cost.secondsPerEpoch)
        try printTable(
            [["parameters", "\(cost.parameters)"]]
                + (cost.peakMemory.map { [["memory", "\(File.shown(bytes: $0)) at most so far"]] } ?? []) + [
                    [
                        "an epoch",
                        "about \(epoch.short) for \(cost.batchesPerEpoch) batches, by \(cost.measuredBatches), "
                            + "without validation",
                    ],
                    ["all \(epochs) epochs", "about \((epoch * epochs).short)"],
                ])
        if let available = machine.availableMemory, let peak = cost.peakMemory, peak > available {
            try printResult("warning  That is more memory than is available.\n")
        }
    }
}
