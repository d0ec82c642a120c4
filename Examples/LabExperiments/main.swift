// Experiments that can be trusted: versions of data, two configurations compared, a sweep of four, and a report.
//
//     swift run -c release LabExperiments [FOLDER THAT HOLDS iam/] [--full | --smoke]

import Ductus
import DuctusManifests
import DuctusReports
import LabKit

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

Lab.run { lab in
    // 1. A data set has a version and a manifest, whose hash is that of everything in it. Here lines of digits are drawn and
    //    imported into a store, so that one can be changed.
    var task = LineRecognition()
    if let iam = lab.folder("iam") {
        (task.data.kind, task.data.directory) = ("iam", iam)
        task.data.limit = lab.isFull ? nil : 800
    } else {
        (task.data.kind, task.data.directory) = ("lines", try importLines(lab))
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

/// Draws lines and imports them as a data set, of which every file is verified. With another transcription, they are another
/// version, which has all files but one in common with the first.
/// - Returns: the directory of the first version.
func importLines(_ lab: Lab) throws -> String {
    let drawn = "\(lab.output)/experiment-lines"
    let store = DataStore(directory: "\(lab.output)/experiment-store")
    for directory in [drawn, store.directory] { try? FileManager.default.removeItem(atPath: directory) }
    try DrawnLines.write(
        training: lab.scaled(smoke: 32, default: 200, full: 3_000), validation: lab.isSmoke ? 8 : 100, to: drawn)
    var manifest = DataManifest()
    (manifest.name, manifest.version, manifest.kind) = ("digits", "1", "lines")
    let first = try store.importDirectory(drawn, as: manifest)
    let files = try store.listing(of: first.manifest) ?? FileListing([])
    let wrong = try DataStore.wrongFiles(in: first.directory, of: files)
    print("digits@1 has \(files.entries.count) files, \(wrong.count) of them wrong, and the manifest")
    print("  \(try first.manifest.hash).")

    let table = try String(contentsOfFile: "\(drawn)/lines.tsv", encoding: .utf8)
    let rows = table.split(separator: "\n", omittingEmptySubsequences: false)
    try ([rows[0], rows[1] + "7"] + rows.dropFirst(2)).joined(separator: "\n")
        .write(toFile: "\(drawn)/lines.tsv", atomically: true, encoding: .utf8)
    manifest.version = "2"
    print("digits@2 has the manifest")
    print("  \(try store.importDirectory(drawn, as: manifest).manifest.hash).")
    let difference = try DataDifference(
        from: store.located("digits@1").samples(), to: store.located("digits@2").samples())
    for text in difference.changedTexts { print("  \(text.name): “\(text.old)” → “\(text.new)”") }
    print("  \(difference.same) other lines are the same.")
    return first.directory
}
