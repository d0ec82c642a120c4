// Experiments: what helps a network that reads handwriting? One thing is changed at a time, everything is kept.
//
//     swift run -c release LabCRNN [FOLDER THAT HOLDS iam/] [--full | --smoke]

import Ductus
import LabKit

Lab.run { lab in
    // 1. An experiment is a configuration: where the data are, which network, how it is trained. What is not said has
    //    its default. Here it is made in Swift; `ductus train` reads the same from a file.
    var plain = ExperimentConfiguration()
    plain.name = "plain"
    if let iam = lab.folder("iam") {
        (plain.data.kind, plain.data.directory) = ("iam", iam)
    } else {
        (plain.data.kind, plain.data.directory) = ("lines", "\(lab.output)/drawn-lines")
        try DrawnLines.write(
            training: lab.scaled(smoke: 32, default: 200, full: 3_000), validation: lab.isSmoke ? 8 : 200,
            to: plain.data.directory)
    }
    plain.data.limit = lab.scaled(smoke: 32, default: 800, full: 0)
    plain.training.epochs = lab.scaled(smoke: 1, default: 16, full: 30)
    (plain.training.batchSize, plain.training.rate) = (8, 4e-3)

    // 2. The second experiment differs in one thing: lines are slanted, stretched and shifted anew whenever they are
    //    seen, so that the network cannot learn them by heart. The third one has no LSTM: every column is on its own.
    var distorted = plain
    distorted.name = "distorted"
    distorted.training.augmentation = Augmentation(shear: 0.3, stretch: 0.15, scale: 0.1, shift: 0.05, contrast: 0.2)
    let network =
        lab.isFull
        ? CRNN.Configuration(classes: Alphabet.iam.count, normalizesAll: true)
        : .init(classes: Alphabet.iam.count, filters: [16, 32, 64, 64, 64], hidden: 96, normalizesAll: true)
    var columnwise = network
    columnwise.recurrentLayers = 0
    var alone = distorted
    alone.name = "no-lstm"

    // 3. Every experiment has a directory of its own, with its configuration, its history, and its best and its last
    //    weights. `ductus train --resume` goes on where one was interrupted.
    var chart = LineChart("characters right, validation", x: "epoch", range: 0...1)
    var best = (accuracy: -Double.infinity, run: "")
    for (configuration, sizes) in [(plain, network), (distorted, network), (alone, columnwise)] {
        let run = "\(lab.output)/runs/\(configuration.name)"
        print("\n\(configuration.name)")
        let history = try Experiment(ExperimentFile(configuration, network: CRNN.self, sizes), directory: run).run()

        // 4. Compare: each is judged by its best epoch.
        let accuracies = history.map { $0.validation["characterAccuracy"] ?? .nan }
        let (accuracy, seconds) = (accuracies.max() ?? .nan, history.reduce(0) { $0 + $1.seconds })
        print("\(percent(accuracy)) of the characters right after \(Int(seconds)) s; \(run) has everything.")
        chart.add(configuration.name, accuracies)
        if accuracy > best.accuracy { best = (accuracy, run) }
    }

    // 5. Look at what the best one learned: the curves of all, and lines that it has never seen, with what it reads
    //    where. It makes a step of every four columns, and each sees 28 of them.
    let weights = try WeightsFile(best.run)
    let reader = try LineReader(best.run)
    guard let network = weights.network as? CRNN, let characters = weights.characters else { return }
    let unseen = try LineDataset(kind: plain.data.kind, directory: plain.data.directory, split: "validation")
    let rows = try (0..<min(6, unseen.count)).map { number in
        let (image, text) = try unseen.raw(number)
        print("  \(text)\n→ \(reader.predict(image).text)")
        return [Image.reading(weights.input.tensor(image), by: network, characters, step: 4, window: 28, scale: 2)]
    }
    try Image.sheet([[chart.image()]] + rows).writePNG(to: "\(lab.output)/crnn.png")
    print("\(lab.output)/crnn.png shows the curves, and what the best network read where.")
}
