// Classification of single characters: ten digits, then all 62 digits and letters.
//
//     swift run -c release LabCharacters [FOLDER THAT HOLDS mnist/ AND characters62/ OR emnist/] [--full | --smoke]

import Ductus
import LabKit

Lab.run { lab in
    try classifyDigits(lab)
    try classifyAllCharacters(lab)
}

/// Ten well-separated classes: a small network learns them within minutes.
func classifyDigits(_ lab: Lab) throws {
    let (training, test) = try data(lab, kind: "mnist", in: lab.folder("mnist"), drawing: "0123456789")

    // 1. Inspect the data: raw, as on disk, and transformed, as the input of the network.
    let (pixels, label) = training.raw(0)
    let example = try training.transformed(0)
    print("The first of \(training.count) digits is a \(label); its maximum pixel value is \(pixels.max() ?? 0).")
    print(
        "The input is \(example.input.shape), its maximum \(example.input.max().item()), the label \(example.labels).")

    // 2. Train.
    let network = LeNet(
        lab.scaled(
            smoke: .init(classes: 10, filters: [8, 16], width: 32),
            default: .init(classes: 10, filters: [16, 32], width: 64), full: .init(classes: 10)))
    let unseen = try test.cached()
    try train(network, on: training.cached(), epochs: lab.scaled(smoke: 2, default: 3, full: 12), validating: unseen)

    // 3. Evaluate on unseen digits.
    let confusion = try ConfusionMatrix(of: network, on: inOrder(unseen), classNames: test.images.classNames)
    print("The accuracy on \(unseen.count) unseen digits is \(percent(confusion.accuracy)). The main errors are")
    print(worst(confusion, 5))
    let weights = "\(lab.output)/characters.safetensors"
    try WeightsFile.write(
        network, of: CharacterPredictor.model(network, characters: Alphabet("0123456789", blank: 10)),
        metrics: ["accuracy": confusion.accuracy], to: weights)
    print("`ductus evaluate characters --weights \(weights) …` evaluates the weights.")

    // 4. Visualize the predictions: a row for every predicted class, errors in red frames.
    let sample = inOrder(unseen).batch(Array(0..<min(300, unseen.count)), epoch: 0)
    let answers = network(sample.input).argmax().scalars
    let rows = (0..<10).map { digit in
        answers.indices.filter { answers[$0] == digit }.prefix(24).map { index in
            var picture = Image(ink: unseen.examples[index].input).rgb()
            if sample.labels[index] != digit { picture.frame(Box(x: 0, y: 0, width: 28, height: 28), in: .red) }
            return picture
        }
    }
    try Image.sheet(rows).writePNG(to: "\(lab.output)/characters.png")
    print("\(lab.output)/characters.png shows the predictions.\n")
}

/// 62 classes, some of which can only be distinguished by context: 0 and O, 1, l, and I, s and S.
func classifyAllCharacters(_ lab: Lab) throws {
    let everything = Alphabet.fsdl80.characters.filter { $0.isLetter || $0.isNumber }
    let (training, test) = try data(
        lab, kind: "emnist", in: lab.folder("characters62", "emnist"), drawing: String(everything))
    let names = training.images.classNames

    // 1. Inspect the classes: their means, spreads, and most and least typical samples.
    let seen = try training.sampled(lab.scaled(smoke: 620, default: 12_000, full: .max)).cached()
    let unseen = try test.sampled(lab.scaled(smoke: 310, default: 6_000, full: .max)).cached()
    let classes = seen.classes(named: names)
    let (fewest, most) = (classes.map(\.count).min() ?? 0, classes.map(\.count).max() ?? 0)
    let byUnity = classes.sorted { $0.spread < $1.spread }
    print("The training set has \(seen.count) characters of \(names.count) classes, \(fewest) to \(most) per class.")
    print(
        "The classes with the lowest spread are \(byUnity.prefix(4).map(\.name).joined(separator: " ")), "
            + "those with the highest \(byUnity.suffix(4).map(\.name).joined(separator: " ")).")
    try Image.sheet(of: classes, in: seen).writePNG(to: "\(lab.output)/classes.png")
    print(
        "\(lab.output)/classes.png shows every class: mean, deviation, six typical samples, six atypical ones in red.")

    // 2. Train two networks on the same data: a multilayer perceptron, and a convolutional network.
    let distortions = Augmentation(shear: 0.3, stretch: 0.15, scale: 0.15, shift: 0.08, contrast: 0.2)
    let width = lab.scaled(smoke: 32, default: 128, full: 256)
    let networks: [any ConfigurableNetwork] = [
        MLP(.init(classes: names.count, width: width)),
        LeNet(
            .init(
                classes: names.count, filters: lab.scaled(smoke: [4, 8], default: [16, 32], full: [32, 64]),
                width: width)),
    ]
    let matrices = try networks.map { network in
        print("\n\(type(of: network).name):")
        let epochs = lab.scaled(smoke: 2, default: 15, full: 60)
        try train(network, on: seen, epochs: epochs, validating: unseen, distortions: distortions)
        return try ConfusionMatrix(of: network, on: inOrder(unseen), classNames: names)
    }

    // 3. Compare them overall and by class.
    print("\nOn \(unseen.count) unseen characters,")
    for (network, matrix) in zip(networks, matrices) {
        print(
            "- the accuracy of the \(type(of: network).name) (\(network.parameterCount) parameters) is "
                + "\(percent(matrix.accuracy)), ignoring case \(percent(matrix.merged { $0.lowercased() }.accuracy));")
    }
    let confusion = matrices[1]
    let byAccuracy = names.indices.sorted { confusion.accuracy(of: $0) < confusion.accuracy(of: $1) }
    func list(_ labels: some Sequence<Int>) -> String {
        labels.map { "\(names[$0]) \(percent(confusion.accuracy(of: $0)))" }.joined(separator: ", ")
    }
    print("- the second is worst on \(list(byAccuracy.prefix(6))), and best on \(list(byAccuracy.suffix(6))).")

    // 4. Inspect its errors.
    print("Its main errors are\n\(worst(confusion, 12))")
    let chart = ConfusionChart("The second network on unseen characters", confusion)
    try chart.writePNG(to: "\(lab.output)/confusion.png", width: 760, height: chart.naturalHeight(width: 760))
    print("\(lab.output)/confusion.png shows all of them: rows are true classes, columns predicted classes.")
}

/// The two splits of a data set, or synthetic characters if it is missing.
func data(_ lab: Lab, kind: String, in folder: String?, drawing characters: String) throws
    -> (training: CharacterDataset, test: CharacterDataset)
{
    guard let folder else {
        let count = lab.scaled(smoke: 100, default: 300, full: 600) * characters.count
        return (
            CharacterDataset(.drawn(characters, count: count, seed: 1)),
            CharacterDataset(.drawn(characters, count: count / 5, seed: 2))
        )
    }
    return try (
        CharacterDataset(kind: Choice(kind), directory: folder, split: "train", isBalanced: kind == "emnist"),
        CharacterDataset(kind: Choice(kind), directory: folder, split: "test")
    )
}

/// Trains with a one-cycle learning rate schedule.
func train(
    _ network: some Network, on data: ExampleCache, epochs: Int, validating unseen: ExampleCache,
    distortions: Augmentation? = nil
) throws {
    print("It has \(network.parameterCount) parameters.")
    var model = Model(
        network, loss: .softmaxCrossEntropy, optimizer: .adamW(rate: 2e-3, schedule: .oneCycle(warmup: 0.2)))
    try model.fit(
        BatchLoader(data, batchSize: 64, shuffles: true, augmentation: distortions), epochs: epochs,
        validating: inOrder(unseen), callbacks: [.progress()])
}

func inOrder(_ data: ExampleCache) -> BatchLoader { BatchLoader(data, batchSize: 256, shuffles: false) }

/// The most frequent errors, one per line: `4 as 9, 5 of 982`.
func worst(_ confusion: ConfusionMatrix, _ count: Int) -> String {
    let names = confusion.classNames
    return confusion.mistakes.prefix(count)
        .map { "  \(names[$0.truth]) as \(names[$0.answer]), \($0.count) of \(confusion.count(of: $0.truth))" }
        .joined(separator: "\n")
}
