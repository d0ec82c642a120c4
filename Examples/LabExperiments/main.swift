// Experiments that can be trusted: versions of data, two configurations compared, a sweep of four, and a report.
//
//     swift run -c release LabExperiments [FOLDER THAT HOLDS iam/] [--full | --smoke]

import Ductus
import DuctusReports
import LabKit

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

Lab.run { lab in
    // 1. A data set has a version: a hash of what is in it. Here lines of digits are drawn, so that one can be changed.
    var task = LineRecognition()
    if let iam = lab.folder("iam") {
        (task.data.kind, task.data.directory) = ("iam", iam)
        task.data.limit = lab.isFull ? nil : 800
    } else {
        (task.data.kind, task.data.directory) = ("lines", "\(lab.output)/experiment-lines")
        try DrawnLines.write(
            training: lab.scaled(smoke: 32, default: 200, full: 3_000), validation: lab.isSmoke ? 8 : 100,
            to: task.data.directory)
        try showVersions(of: task.data.directory)
    }

    // 2. A configuration determines the result, together with data and code. The second experiment differs from the first
    //    in one thing.
    var training = TrainingConfiguration()
    training.epochs = lab.scaled(smoke: 2, default: 8, full: 20)
    (training.batchSize, training.rate) = (8, 4e-3)
    let network = CRNN.Configuration(
        classes: Alphabet.iam.count, filters: [16, 32, 64, 64, 64], hidden: lab.isSmoke ? 16 : 96, normalizesAll: true)
    let plain = try Experiment(name: "plain", task: task, network: CRNN.self, network, training: training)
    training.augmentation = Augmentation(shear: 0.3, stretch: 0.15, scale: 0.1, shift: 0.05, contrast: 0.2)
    let distorted = try Experiment(name: "distorted", task: task, network: CRNN.self, network, training: training)

    // 3. A run records both, and what came out. From its files alone, runs can be compared.
    let runs = try [plain, distorted].map { experiment in
        print("\n\(experiment.name)")
        let run = try Run.create(experiment, in: "\(lab.output)/runs")
        try run.train()
        return try RunSummary(run.directory)
    }
    for run in runs {
        print("\(run.name): \(run.monitor ?? "best") \(percent(run.bestValue)) in epoch \(run.best?.epoch ?? 0)")
    }

    // 4. A sweep tries values of some keys. It has a directory; if this lab is killed here and run again with the same
    //    data, the sweep continues where it was. `ductus sweep` trains several trials at the same time.
    try plain.text.write(toFile: "\(lab.output)/plain.json", atomically: true, encoding: .utf8)
    let request = """
        {
            "name": "rates", "experiment": "plain.json", "search": "grid",
            "keys": { "training.rate": [0.001, 0.004], "network.recurrentLayers": [0, 1] }
        }
        """
    try request.write(toFile: "\(lab.output)/sweep.json", atomically: true, encoding: .utf8)
    let sweep = try Sweep(contentsOf: "\(lab.output)/sweep.json")
    let directory = "\(lab.output)/sweeps/rates-\(task.data.kind.name)-\(training.epochs)"
    var progress = try SweepProgress(sweep, in: directory, resumes: true)
    print("\n\(sweep.trials.count) trials of \(sweep.keys.joined(separator: ", "))")
    let results = try progress.train()
    for result in results { print("  \(result.trial.texts.joined(separator: ", ")): \(percent(result.value))") }

    // 5. A report is a page without anything outside of it, to be sent to others. With the data at hand, the best weights
    //    are evaluated, and the page shows which lines and characters they get wrong, and of whose hand.
    try RunReport(runs, isEvaluated: true).write(to: "\(lab.output)/experiments.html")
    var curves = LineChart("Character accuracy, validation", x: "epoch", range: 0...1)
    for run in runs {
        curves.add(
            run.name, run.history.map { $0.validation["characterAccuracy"] ?? .nan },
            best: run.best.map { $0.epoch - 1 })
    }
    let pictures = try [curves.image(width: 560), sweep.chart(of: results).image(width: 560)]
    try Image.sheet(pictures.map { [$0] }).writePNG(to: "\(lab.output)/experiments.png")
    print("\n\(lab.output)/experiments.html compares the two runs; experiments.png shows them and the sweep.")
}

/// Shows that the version of a data set is that of its contents: a changed transcription changes it, and undoing the change
/// restores it.
func showVersions(of directory: String) throws {
    let table = "\(directory)/lines.tsv"
    let text = try String(contentsOfFile: table, encoding: .utf8)
    let rows = text.split(separator: "\n", omittingEmptySubsequences: false)
    func version() throws -> String {
        let lines = try LineDataset(kind: "lines", directory: directory, split: "train")
        return String("\(try lines.dataVersion())".prefix(12))
    }
    print("The training lines have the version \(try version());")
    try ([rows[0], rows[1] + "7"] + rows.dropFirst(2)).joined(separator: "\n")
        .write(toFile: table, atomically: true, encoding: .utf8)
    print("with one digit more in the first transcription, \(try version());")
    try text.write(toFile: table, atomically: true, encoding: .utf8)
    print("and without it again, \(try version()).")
}
