// A network that names handwritten digits.
//
//     swift run -c release LabCharacters [FOLDER THAT HOLDS mnist/] [--full]

import Ductus
import LabKit

Lab.run { lab in
    if let mnist = lab.folder("mnist") {
        try study(
            CharacterDataset(kind: "mnist", directory: mnist, split: "train"),
            CharacterDataset(kind: "mnist", directory: mnist, split: "test"), lab)
    } else {
        try study(DrawnDigits(count: 6_000, seed: 1), DrawnDigits(count: 1_000, seed: 2), lab)
    }
}

func study<Digits: Dataset>(_ training: Digits, _ test: Digits, _ lab: Lab) throws
where Digits.Raw == (pixels: [UInt8], label: Int) {
    // 1. Look at the data: as it is on disk, and as the network sees it.
    let (pixels, label) = try training.raw(0)
    let example = try training.transformed(0)
    print("The first of \(training.count) digits is a \(label); its ink goes up to \(pixels.max() ?? 0).")
    print("The network sees \(example.input.shape), up to \(example.input.max().item()), and learns \(example.labels).")

    // 2. Train.
    let network = LeNet(
        lab.isFull ? .init(classes: 10) : .init(classes: 10, filters: [16, 32], width: 64))
    print("It has \(network.parameterCount) parameters.")
    var model = Model(
        network, loss: .softmaxCrossEntropy, optimizer: .adamW(rate: 2e-3, schedule: .oneCycle(warmup: 0.2)))
    let unseen = try test.cached()
    let unseenBatches = BatchLoader(unseen, batchSize: 256, shuffles: false)
    try model.fit(
        BatchLoader(training.cached(), batchSize: 64, shuffles: true),
        epochs: lab.isFull ? 10 : 5, validating: unseenBatches, callbacks: [.progress()])

    // 3. Measure, on digits that it has never seen.
    let results = model.evaluate(unseenBatches)
    print("Of \(unseen.count) new digits it names \(percent(results["accuracy"])) right.")
    let weights = "\(lab.output)/characters.safetensors"
    try WeightsFile.write(
        network, for: .characters, characters: CharacterSet("0123456789", blank: 10), metrics: results, to: weights)
    print("`ductus evaluate characters --weights \(weights) …` measures them again.")

    // 4. Look at what it learned: a row for every answer, mistakes in red frames.
    let sample = unseenBatches.batch(Array(0..<min(300, unseen.count)), epoch: 0)
    let answers = network(sample.input).argmax().scalars
    let rows = try (0..<10).map { digit in
        try answers.indices.filter { answers[$0] == digit }.prefix(24).map { index in
            let (pixels, label) = try test.raw(index)
            var picture = Image(width: 28, height: 28, channels: 1, pixels: pixels).rgb()
            if label != digit { picture.frame(Box(x: 0, y: 0, width: 28, height: 28), in: .red) }
            return picture
        }
    }
    try Image.sheet(rows).writePNG(to: "\(lab.output)/characters.png")
    print("\(lab.output)/characters.png shows its answers.")
}
