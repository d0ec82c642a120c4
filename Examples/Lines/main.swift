// A network that reads lines of handwriting, without ever being told where a letter is.
//
//     swift run -c release LabLines [FOLDER THAT HOLDS iam/] [--full]

import Ductus
import LabKit

Lab.run { lab in
    if let iam = lab.folder("iam") {
        try study(
            LineDataset(kind: "iam", directory: iam, split: "train"),
            LineDataset(kind: "iam", directory: iam, split: "validation"), characters: .iam, lab)
    } else {
        let lines = DrawnLines(count: 1_500, seed: 1)
        try study(lines, DrawnLines(count: 300, seed: 2), characters: lines.characters, lab)
    }
}

func study<Lines: Dataset>(_ training: Lines, _ test: Lines, characters: CharacterSet, _ lab: Lab) throws
where Lines.Raw == (image: Image, text: String) {
    // 1. Look at the data: as it is on disk, and as the network sees it.
    let (image, text) = try training.raw(0)
    let example = try training.transformed(0)
    print("The first of \(training.count) lines is \(image.width) × \(image.height) pixels and says “\(text)”.")
    print("The network sees \(example.input.shape) and learns the classes \(example.labels.scalars.prefix(8)) …")

    // 2. Train. The network makes a step of every four columns; CTC finds out which steps belong to which character.
    let network = CRNN(
        .init(classes: characters.count, filters: [16, 32, 64, 64, 64], hidden: 96, normalizesAll: true))
    print("It has \(network.parameterCount) parameters.")
    var model = Model(
        network, loss: .ctc(blank: characters.blank, steps: network.steps),
        metrics: [.characterAccuracy(network, characters)],
        optimizer: .adamW(rate: 4e-3, schedule: .oneCycle(warmup: 0.2), clipNorm: 5))
    let unseen = try test.cached(first: lab.isFull ? .max : 200)
    try model.fit(
        BatchLoader(
            training.cached(first: lab.isFull ? .max : 3_000), batchSize: 8, shuffles: true,
            minimumWidth: network.minimumWidth),
        epochs: lab.isFull ? 30 : 8,
        validating: BatchLoader(unseen, batchSize: 8, shuffles: false, minimumWidth: network.minimumWidth),
        callbacks: [.progress()])

    // 3. Keep the network with all that a reader needs, and read lines that it has never seen.
    let weights = "\(lab.output)/lines.safetensors"
    try WeightsFile.write(network, for: .lines, characters: characters, to: weights)
    let lines = try (0..<unseen.count).map(test.raw)
    let readings = LineReader(network: network, characters: characters).predict(lines.map(\.image))
    var metrics = TextMetrics()
    for (line, reading) in zip(lines, readings) { metrics.add(reading.text, reference: line.text) }
    for (line, reading) in zip(lines, readings).prefix(8) { print("  \(line.text)\n→ \(reading.text)") }
    print("Of \(metrics.count) new lines it reads \(percent(metrics.characterAccuracy)) of the characters right.")

    // 4. Look at what it learned: lines as the network sees them, framed wherever it came upon a character.
    let decoder = BestPathDecoder(classes: characters.count, blank: characters.blank)
    let rows = unseen.examples.prefix(8).map { example in
        let input = example.input
        let path = decoder.decode(network(input.expandingShape(at: 0)).scalars)
        var picture = Image(
            width: input.shape[1], height: input.shape[0], channels: 1,
            pixels: input.scalars.map { UInt8(255 * (1 - $0)) }
        ).resized(width: 3 * input.shape[1], height: 3 * input.shape[0]).rgb()
        for (number, character) in path.characters.enumerated() {
            // Step t sees 28 columns from 4 t on; in the picture, three pixels are a column.
            let (start, width) = (12 * character.frames.lowerBound + 36, 12 * character.frames.count)
            let place = Box(x: start, y: 0, width: width, height: picture.height)
            picture.frame(place, in: number.isMultiple(of: 2) ? .red : .blue)
        }
        return [picture]
    }
    try Image.sheet(rows).writePNG(to: "\(lab.output)/lines.png")
    print("\(lab.output)/lines.png shows where it read what.")
}
