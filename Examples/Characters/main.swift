// Networks that name single characters: ten digits, then all 62 digits and letters.
//
//     swift run -c release LabCharacters [FOLDER THAT HOLDS mnist/ AND characters62/ OR emnist/] [--full | --smoke]

import Ductus
import LabKit

Lab.run { lab in
    try nameDigits(lab)
    try nameAllCharacters(lab)
}

/// Ten classes that hardly overlap: a small network knows them within minutes.
func nameDigits(_ lab: Lab) throws {
    let (training, test) = try data(lab, kind: "mnist", in: lab.folder("mnist"), drawing: "0123456789")

    // 1. Look at the data: as it is on disk, and as the network sees it.
    let (pixels, label) = training.raw(0)
    let example = try training.transformed(0)
    print("The first of \(training.count) digits is a \(label); its ink goes up to \(pixels.max() ?? 0).")
    print("The network sees \(example.input.shape), up to \(example.input.max().item()), and learns \(example.labels).")

    // 2. Train.
    let network = LeNet(
        lab.scaled(
            smoke: .init(classes: 10, filters: [8, 16], width: 32),
            default: .init(classes: 10, filters: [16, 32], width: 64), full: .init(classes: 10)))
    let unseen = try test.cached()
    try train(network, on: training.cached(), epochs: lab.scaled(smoke: 2, default: 3, full: 12), validating: unseen)

    // 3. Measure, on digits that it has never seen.
    let confusion = ConfusionMatrix(of: network, on: inOrder(unseen), classNames: test.images.classNames)
    print("Of \(unseen.count) new digits it names \(percent(confusion.accuracy)) right. Most often it takes")
    print(worst(confusion, 5))
    let weights = "\(lab.output)/characters.safetensors"
    try WeightsFile.write(
        network, of: CharacterPredictor.model(network, characters: Alphabet("0123456789", blank: 10)),
        metrics: ["accuracy": confusion.accuracy], to: weights)
    print("`ductus evaluate characters --weights \(weights) …` measures them again.")

    // 4. Look at what it learned: a row for every answer, mistakes in red frames.
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
    print("\(lab.output)/characters.png shows its answers.\n")
}

/// 62 classes, some of which only their neighbors on the line would tell apart: 0 and O, 1 and l and I, every s and S.
func nameAllCharacters(_ lab: Lab) throws {
    let everything = Alphabet.fsdl80.characters.filter { $0.isLetter || $0.isNumber }
    let (training, test) = try data(
        lab, kind: "emnist", in: lab.folder("characters62", "emnist"), drawing: String(everything))
    let names = training.images.classNames

    // 1. Look at the classes: their means, how far they spread, and who is most and least like the rest.
    let seen = try training.sampled(lab.scaled(smoke: 620, default: 12_000, full: .max)).cached()
    let unseen = try test.sampled(lab.scaled(smoke: 310, default: 6_000, full: .max)).cached()
    let classes = seen.classes(named: names)
    let (fewest, most) = (classes.map(\.count).min() ?? 0, classes.map(\.count).max() ?? 0)
    let byUnity = classes.sorted { $0.spread < $1.spread }
    print("\(seen.count) characters of \(names.count) classes, \(fewest) to \(most) of each, are there to learn from.")
    print(
        "Most alike are all \(byUnity.prefix(4).map(\.name).joined(separator: " ")); "
            + "least alike are all \(byUnity.suffix(4).map(\.name).joined(separator: " ")).")
    try Image.sheet(of: classes, in: seen).writePNG(to: "\(lab.output)/classes.png")
    print(
        "\(lab.output)/classes.png shows every class: mean, deviation, six typical examples, the six oddest in red.")

    // 2. Train two networks on the same: one to which every pixel is a number of its own, one that looks at places.
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
        return ConfusionMatrix(of: network, on: inOrder(unseen), classNames: names)
    }

    // 3. Compare them, as a whole and class by class.
    print("\nOf \(unseen.count) new characters")
    for (network, matrix) in zip(networks, matrices) {
        print(
            "- the \(type(of: network).name) (\(network.parameterCount) parameters) names \(percent(matrix.accuracy)) "
                + "right, \(percent(matrix.merged { $0.lowercased() }.accuracy)) if case does not count;")
    }
    let confusion = matrices[1]
    let byAccuracy = names.indices.sorted { confusion.accuracy(of: $0) < confusion.accuracy(of: $1) }
    func list(_ labels: some Sequence<Int>) -> String {
        labels.map { "\(names[$0]) \(percent(confusion.accuracy(of: $0)))" }.joined(separator: ", ")
    }
    print("- hardest for the second are \(list(byAccuracy.prefix(6))); easiest \(list(byAccuracy.suffix(6))).")

    // 4. Look at its mistakes.
    print("It takes\n\(worst(confusion, 12))")
    try Image.confusion(confusion).writePNG(to: "\(lab.output)/confusion.png")
    print("\(lab.output)/confusion.png shows all of them: a row for the truth, a column for the answer.")
}

/// The two splits of a data set, or drawn characters in its place.
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

/// Trains with a rate that rises and falls.
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

/// `9 for 4, 5 of 1009`, a line each.
func worst(_ confusion: ConfusionMatrix, _ count: Int) -> String {
    let names = confusion.classNames
    return confusion.mistakes.prefix(count)
        .map { "  \(names[$0.truth]) for \(names[$0.answer]), \($0.count) of \(confusion.count(of: $0.truth))" }
        .joined(separator: "\n")
}
