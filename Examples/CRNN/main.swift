// Experiments: what improves a line recognizer? Each experiment changes one thing, and everything is recorded.
//
//     swift run -c release LabCRNN [FOLDER THAT HOLDS iam/] [--full | --smoke]

import Ductus
import LabKit

Lab.run { lab in
    // 1. An experiment is a configuration of task, data, network, and training; omitted properties have defaults. Here
    //    it is created in Swift; `ductus train` reads the same from a file.
    var task = LineRecognition()
    if let iam = lab.folder("iam") {
        (task.data.kind, task.data.directory) = ("iam", iam)
    } else {
        (task.data.kind, task.data.directory) = ("lines", "\(lab.output)/drawn-lines")
        try DrawnLines.write(
            training: lab.scaled(smoke: 32, default: 200, full: 3_000), validation: lab.isSmoke ? 8 : 200,
            to: task.data.directory)
    }
    task.data.limit = lab.isFull ? nil : lab.scaled(smoke: 32, default: 800, full: 800)
    var plain = TrainingConfiguration()
    plain.epochs = lab.scaled(smoke: 1, default: 16, full: 30)
    (plain.batchSize, plain.rate) = (8, 4e-3)

    // 2. The second experiment adds augmentation: lines are slanted, stretched, and shifted differently in every epoch,
    //    so that the network cannot memorize them. The third has no LSTM: every column is classified independently.
    var distorted = plain
    distorted.augmentation = Augmentation(shear: 0.3, stretch: 0.15, scale: 0.1, shift: 0.05, contrast: 0.2)
    let network =
        lab.isFull
        ? CRNN.Configuration(classes: Alphabet.iam.count, normalizesAll: true)
        : .init(classes: Alphabet.iam.count, filters: [16, 32, 64, 64, 64], hidden: 96, normalizesAll: true)
    var columnwise = network
    columnwise.recurrentLayers = 0

    // 3. Every run has its own directory, with its configuration, history, provenance, best weights, and latest
    //    checkpoint. `ductus train --resume` resumes an interrupted run.
    var chart = LineChart("Character accuracy, validation", x: "epoch", range: 0...1)
    var best = (accuracy: -Double.infinity, run: "")
    for (name, sizes, training) in [
        ("plain", network, plain), ("distorted", network, distorted), ("no-lstm", columnwise, distorted),
    ] {
        print("\n\(name)")
        let experiment = try Experiment(name: name, task: task, network: CRNN.self, sizes, training: training)
        let run = try Run.create(experiment, in: "\(lab.output)/runs")
        let history = try run.train()

        // 4. Compare the runs by their best epochs.
        let accuracies = history.map { $0.validation["characterAccuracy"] ?? .nan }
        let (accuracy, seconds) = (accuracies.max() ?? .nan, history.reduce(0) { $0 + $1.seconds })
        print("Character accuracy \(percent(accuracy)) after \(Int(seconds)) s; the run is in \(run.directory).")
        chart.add(name, accuracies)
        if accuracy > best.accuracy { best = (accuracy, run.directory) }
    }

    // 5. Visualize the results: the learning curves, and the aligned predictions of the best network for unseen lines.
    //    It has a step for every four columns, with a receptive field of 28 columns.
    let weights = try WeightsFile(best.run)
    let reader = try LineReader(best.run)
    guard let network = weights.network as? CRNN else { return }
    let (characters, input): (Alphabet, LineInput) = (try weights.recipe("characters"), try weights.recipe("input"))
    let unseen = try LineDataset(kind: task.data.kind, directory: task.data.directory, split: "validation")
    let rows = try (0..<min(6, unseen.count)).map { number in
        let (image, text) = try unseen.raw(number)
        print("  \(text)\n→ \(reader.predict(image).text)")
        return [try Image.reading(input.tensor(image), by: network, characters, step: 4, window: 28, scale: 2)]
    }
    try Image.sheet([[chart.image(width: 480, height: 280)]] + rows).writePNG(to: "\(lab.output)/crnn.png")
    print("\(lab.output)/crnn.png shows the learning curves, and predictions of the best network.")
}
