// Three networks that read lines, and why the last one needs no ruler.
//
//     swift run -c release LabLines [FOLDER THAT HOLDS emnist/, iam/] [--full | --smoke]

import Ductus
import LabKit

/// The characters of the original labs: the last class is the padding of positions, and the blank of CTC.
let characters = Alphabet.fsdl80

/// Lines as they are made: nothing is added at their ends, no contrast is changed.
let input: LineInput = {
    var input = LineInput()
    (input.margin, input.spreadsContrast) = (0, false)
    return input
}()

Lab.run { lab in
    // 1. Look at the data. Lines are made of images of single characters: on a grid, each in a cell of its own; or as
    //    people write, closer together, each line with a distance of its own. The words are from IAM, if it is there.
    let emnist = lab.folder("emnist", "characters62")
    var tight = LineSynthesis()
    tight.maximumLength = lab.scaled(smoke: 6, default: 10, full: 34)
    tight.count = lab.scaled(smoke: 32, default: 3_000, full: 10_000)
    tight.testCount = lab.scaled(smoke: 8, default: 300, full: 1_000)
    tight.text = lab.folder("iam", orElse: "writes what comes with Ductus").map { "iam:\($0)" } ?? ""
    var grid = tight
    grid.maximumOverlap = 0
    let (training, unseen) = try lines(emnist, tight)
    let (gridTraining, gridUnseen) = try lines(emnist, grid)
    let (image, text) = try training.raw(0)
    print("The first of \(training.count) lines is \(image.width) × \(image.height) pixels and says “\(text)”.")
    print("On a grid, lines of as many characters are \(try gridTraining.raw(0).image.width) pixels wide.")

    // 2. A window slides over the line, a character at a time, and a small LeNet names what is in it: it was built for
    //    single characters, and is now applied to each of a line. That works on the grid.
    let columns = 28 * tight.maximumLength
    let (filters, width) = lab.isFull ? ([32, 64], 128) : ([16, 32], 96)
    func positions(window: Int, stride: Int) -> LineCNN.Configuration {
        LineCNN.Configuration(
            classes: characters.count, characters: tight.maximumLength, columns: columns, window: window,
            stride: stride, filters: filters, width: width)
    }
    let sliding = SlidingWindowCNN(positions(window: 28, stride: 28))
    let onGrid = try train(sliding, "window on a grid", gridTraining, gridUnseen, lab)

    // 3. Where distances vary, a character is found in the window that was meant for its neighbor. More and narrower
    //    windows help, three to a character, on average; but the further to the right, the further they are off.
    let convolutions = LineCNN(positions(window: 16, stride: 8))
    let offGrid = try train(convolutions, "windows, no grid", training, unseen, lab)

    // 4. So do not say where a character is. This network makes more steps than there are characters; an LSTM goes from
    //    one to the next, and each names a character or nothing. CTC adds up all ways in which they spell the text.
    let recurrent = LineLSTM(
        .init(classes: characters.count, filters: filters, width: width, hidden: lab.isFull ? 128 : 96))
    let withCTC = try train(recurrent, "LSTM and CTC, no grid", training, unseen, lab)

    // 5. Look at what they learned: how it went, and the same lines as the last two networks read them.
    var chart = LineChart("characters right in new lines", x: "epoch", range: 0...1)
    for (name, history) in [onGrid, offGrid, withCTC] {
        chart.add(name, history.map { $0.validation["characterAccuracy"] ?? .nan })
    }
    let readings = try (0..<4).flatMap { number in
        let line = try unseen.transformed(number).input
        return [
            Image.reading(line, by: convolutions, characters, step: 24, window: 32),
            Image.reading(line, by: recurrent, characters, step: 5, window: 14),
        ]
    }
    try Image.sheet([[chart.image()]] + readings.map { [$0] }).writePNG(to: "\(lab.output)/lines.png")
    try WeightsFile.write(
        recurrent, of: LineReader.model(recurrent, characters: characters, input: input),
        to: "\(lab.output)/lines.safetensors")
    print("\(lab.output)/lines.png shows where they read what.")
}

/// Lines to learn from and new ones, of different characters: those of EMNIST, or drawn ones.
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

/// Trains a network and says what it reads of new lines; its loss follows from what its steps are.
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
        print("  “\(text)” is read as “\(reader.predict(image).text)”")
    }
    print("Of the characters of new lines, \(percent(history.last?.validation["characterAccuracy"])) are right.")
    return (name, history)
}
