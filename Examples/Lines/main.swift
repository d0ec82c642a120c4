// Three networks that recognize lines, and why the last one learns its own alignment.
//
//     swift run -c release LabLines [FOLDER THAT HOLDS emnist/, iam/] [--full | --smoke]

import Ductus
import LabKit

/// The alphabet of the original labs: the last class is the padding of positions, and the blank of CTC.
let characters = Alphabet.fsdl80

/// Preprocessing of synthetic lines: no margin, no contrast stretching.
let input: LineInput = {
    var input = LineInput()
    (input.margin, input.spreadsContrast) = (0, false)
    return input
}()

Lab.run { lab in
    // 1. The data. Lines are composed of images of single characters: on a grid, one per cell; or overlapping, as in
    //    real handwriting, with an overlap that varies between lines. The text is from IAM, if available.
    let emnist = lab.folder("emnist", "characters62")
    var tight = LineSynthesis()
    tight.maximumLength = lab.scaled(smoke: 6, default: 10, full: 34)
    tight.count = lab.scaled(smoke: 32, default: 3_000, full: 10_000)
    tight.testCount = lab.scaled(smoke: 8, default: 300, full: 1_000)
    tight.text = lab.folder("iam", orElse: "uses the text included in Ductus").map { "iam:\($0)" } ?? ""
    var grid = tight
    grid.maximumOverlap = 0
    let (training, unseen) = try lines(emnist, tight)
    let (gridTraining, gridUnseen) = try lines(emnist, grid)
    let (image, text) = try training.raw(0)
    print("The first of \(training.count) lines is \(image.width) × \(image.height) pixels; its text is “\(text)”.")
    print("On a grid, lines with the same maximum length are \(try gridTraining.raw(0).image.width) pixels wide.")

    // 2. A sliding window with a stride of one character: a small LeNet, designed for single characters, classifies
    //    each window. That works on the grid.
    let columns = 28 * tight.maximumLength
    let (filters, width) = lab.isFull ? ([32, 64], 128) : ([16, 32], 96)
    func positions(window: Int, stride: Int) -> LineCNN.Configuration {
        LineCNN.Configuration(
            classes: characters.count, characters: tight.maximumLength, columns: columns, window: window,
            stride: stride, filters: filters, width: width)
    }
    let sliding = SlidingWindowCNN(positions(window: 28, stride: 28))
    let onGrid = try train(sliding, "window on a grid", gridTraining, gridUnseen, lab)

    // 3. If distances vary, characters end up in the windows of their neighbors. More and narrower windows, three per
    //    character, help on average; but the misalignment increases toward the right.
    let convolutions = LineCNN(positions(window: 16, stride: 8))
    let offGrid = try train(convolutions, "windows, no grid", training, unseen, lab)

    // 4. Learn the alignment instead. This network has more steps than characters; an LSTM connects them, and each
    //    predicts a character or the blank. CTC sums the probabilities of all alignments with the text.
    let recurrent = LineLSTM(
        .init(classes: characters.count, filters: filters, width: width, hidden: lab.isFull ? 128 : 96))
    let withCTC = try train(recurrent, "LSTM and CTC, no grid", training, unseen, lab)

    // 5. Visualize the results: the learning curves, and the predictions of the last two networks for the same lines.
    var chart = LineChart("Character accuracy, validation", x: "epoch", range: 0...1)
    for (name, history) in [onGrid, offGrid, withCTC] {
        chart.add(name, history.map { $0.validation["characterAccuracy"] ?? .nan })
    }
    let readings = try (0..<4).flatMap { number in
        let line = try unseen.transformed(number).input
        return [
            try Image.reading(line, by: convolutions, characters, step: 24, window: 32),
            try Image.reading(line, by: recurrent, characters, step: 5, window: 14),
        ]
    }
    try Image.sheet([[chart.image(width: 480, height: 280)]] + readings.map { [$0] }).writePNG(
        to: "\(lab.output)/lines.png")
    try WeightsFile.write(
        recurrent, of: LineReader.model(recurrent, characters: characters, input: input),
        to: "\(lab.output)/lines.safetensors")
    print("\(lab.output)/lines.png shows the learning curves and the aligned predictions.")
}

/// Training and test lines, of different character images: those of EMNIST, or synthetic ones.
func lines(_ emnist: String?, _ synthesis: LineSynthesis) throws -> (training: LineDataset, unseen: LineDataset) {
    func split(_ name: String, count: Int, number: Int) throws -> LineDataset {
        if let emnist {
            return try LineDataset(
                kind: Choice(synthesis), directory: emnist, split: name, characters: characters, input: input)
        }
        let letters = CharacterImages.drawn(count: 1_240, seed: UInt64(number))
        return LineDataset(
            try SynthesizedLines(
                letters, text: LineSynthesis.defaultText, count: count, synthesis: synthesis, stream: number),
            characters: characters, input: input)
    }
    return (
        try split("train", count: synthesis.count, number: 0), try split("test", count: synthesis.testCount, number: 1)
    )
}

/// Trains a network, with the loss of its alignment, and prints predictions for unseen lines.
func train<N: ConfigurableNetwork & LineNetwork>(
    _ network: N, _ name: String, _ training: LineDataset, _ unseen: LineDataset, _ lab: Lab
) throws -> (name: String, history: [EpochRecord]) {
    print("\n\(name): \(N.name), \(network.parameterCount) parameters")
    var model = Model(
        network, loss: .lines(network, blank: characters.blank), metrics: [.characterAccuracy(network, characters)],
        optimizer: .adamW(rate: 2e-3, schedule: .oneCycle(warmup: 0.2), clipNorm: 5))
    let history = try model.fit(
        BatchLoader(training.cached(), batchSize: 16, shuffles: true, minimumWidth: network.minimumWidth),
        epochs: lab.scaled(smoke: 1, default: 8, full: 16),
        validating: BatchLoader(
            unseen.cached(), batchSize: 16, shuffles: false, minimumWidth: network.minimumWidth),
        callbacks: [.progress()])
    let reader = LineReader(network: network, characters: characters, input: input)
    for number in 0..<3 {
        let (image, text) = try unseen.raw(number)
        print("  “\(text)” → “\(reader.predict(image).text)”")
    }
    print("The character accuracy on unseen lines is \(percent(history.last?.validation["characterAccuracy"])).")
    return (name, history)
}
