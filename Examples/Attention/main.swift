// Two encoder-decoder networks that generate the text of a line character by character, with attention.
//
//     swift run -c release LabAttention [FOLDER THAT HOLDS mnist/, AND iam/ FOR --full] [--full | --smoke]

import Ductus
import LabKit

/// The characters of numbers.
let digits = Alphabet(" 0123456789")

Lab.run { lab in
    // 1. The data: numbers composed of handwritten digits, up to ten characters per line. Training on whole lines of
    //    English works the same way, but takes hours.
    if lab.isFull, let iam = lab.folder("iam", orElse: "uses numbers") {
        try study(
            LineDataset(kind: "iam", directory: iam, split: "train"),
            LineDataset(kind: "iam", directory: iam, split: "validation"), characters: .iam, lab)
    } else if let mnist = lab.folder("mnist") {
        try study(
            numbers(mnist, "train", count: 3_000), numbers(mnist, "test", count: 300), characters: digits, lab)
    } else {
        try study(
            DrawnLines(count: lab.isSmoke ? 48 : 3_000, seed: 1), DrawnLines(count: lab.isSmoke ? 8 : 300, seed: 2),
            characters: digits, lab)
    }
}

func study<Lines: Dataset>(_ training: Lines, _ unseen: Lines, characters: Alphabet, _ lab: Lab) throws
where Lines.Raw == (image: Image, text: String) {
    let (image, text) = try training.raw(0)
    print("The first of \(training.count) lines is \(image.width) × \(image.height) pixels; its text is “\(text)”.")

    // 2. Sequence to sequence. The encoder, convolutions and a bidirectional LSTM, turns the line into a memory, a
    //    vector for every four columns. The decoder, a second LSTM, is given the previous character, attends to the
    //    memory, and predicts the next character. After the last one, it predicts the end token.
    let recurrent = Seq2Seq(
        lab.isFull
            ? .init(classes: characters.count, filters: [32, 64, 128, 128, 128], normalizesAll: true, dropout: 0.2)
            : .init(
                classes: characters.count, filters: [16, 32, 64, 64, 64], hidden: 64, normalizesAll: true, width: 128,
                embedding: 32))
    let first = try train(
        recurrent, rate: lab.isFull ? 1e-3 : 2e-3, epochs: lab.scaled(smoke: 1, default: 5, full: 30), training, unseen,
        characters, lab)

    // 3. The decoder of the transformer has no LSTM: it attends to the previous characters as well, and to the memory
    //    with several heads. All characters of a text are trained in parallel, but it needs more epochs.
    let transformer = LineTransformer(
        lab.isFull
            ? .init(
                classes: characters.count, filters: [32, 64, 128, 128, 128], recurrentLayers: 1, normalizesAll: true)
            : .init(
                classes: characters.count, filters: [16, 32, 64, 64, 64], normalizesAll: true, width: 128, layers: 2,
                heads: 4, hidden: 256))
    let second = try train(
        transformer, rate: lab.isFull ? 5e-4 : 1e-3, epochs: lab.scaled(smoke: 1, default: 7, full: 60), training,
        unseen, characters, lab)

    // 4. Visualize the results: the learning curves, and the attention weights for every character. The positions of
    //    the characters were not given.
    var chart = LineChart("Character accuracy, validation", x: "epoch", range: 0...1)
    chart.add(Seq2Seq.name, first.map { max(0, $0.validation["characterAccuracy"] ?? .nan) })
    chart.add(LineTransformer.name, second.map { max(0, $0.validation["characterAccuracy"] ?? .nan) })
    let rows = try (0..<5).map { number in
        let line = try unseen.transformed(number).input
        return try [recurrent as any TextGenerator, transformer].map { try attentionMaps($0, line, characters)[0] }
    }
    let heads = try attentionMaps(transformer, unseen.transformed(0).input, characters).dropFirst()
    try Image.sheet([[chart.image(width: 480, height: 280)]] + rows).writePNG(to: "\(lab.output)/attention.png")
    try Image.sheet(heads.map { [$0] }).writePNG(to: "\(lab.output)/attention-heads.png")
    print("\(lab.output)/attention.png shows the attention weights, attention-heads.png each head of the transformer.")
}

/// Trains an autoregressive network, and evaluates it with and without teacher forcing.
func train<N: ConfigurableNetwork & TextGenerator, Lines: Dataset>(
    _ network: N, rate: Double, epochs: Int, _ training: Lines, _ unseen: Lines, _ characters: Alphabet, _ lab: Lab
) throws -> [EpochRecord] where Lines.Raw == (image: Image, text: String) {
    print("\n\(N.name) has \(network.parameterCount) parameters.")
    var model = Model(
        network, loss: .teacherForcing(network, smoothing: lab.isFull ? 0.05 : 0),
        metrics: [.characterAccuracy(network, characters), tokenAccuracy(network)],
        optimizer: .adamW(rate: rate, schedule: .oneCycle(warmup: 0.2), clipNorm: lab.isFull ? 5 : 1))
    let distortions = Augmentation(shear: 0.3, stretch: 0.15, scale: 0.1, shift: 0.05, contrast: 0.2)
    let history = try model.fit(
        BatchLoader(
            training.cached(), batchSize: 16, shuffles: true, augmentation: lab.isFull ? distortions : nil,
            minimumWidth: network.minimumWidth),
        epochs: epochs,
        validating: BatchLoader(
            unseen.cached(), batchSize: 16, shuffles: false, minimumWidth: network.minimumWidth),
        callbacks: [.progress()])
    try WeightsFile.write(
        network, of: LineReader.model(network, characters: characters), to: "\(lab.output)/\(N.name).safetensors")
    print("The token accuracy with teacher forcing is \(percent(history.last?.validation["tokenAccuracy"])).")

    // At inference, greedy decoding takes the most likely character at every step; beam search keeps several
    // hypotheses.
    let lines = try (0..<unseen.count).map(unseen.raw)
    var reader = LineReader(network: network, characters: characters)
    for width in [1, 4] {
        reader.decoding = width == 1 ? .bestPath : .beam(width: width)
        let readings = reader.predict(lines.map(\.image))
        var metrics = TextMetrics()
        for (line, reading) in zip(lines, readings) { metrics.add(reading.text, reference: line.text) }
        let endings = zip(lines, readings).count { $0.text.count == $1.text.count }
        print(
            width == 1 ? "Greedy: " : "Beam width \(width): ", "character accuracy ",
            percent(metrics.characterAccuracy), "; ", percent(Double(endings) / Double(lines.count)),
            " of the texts have the right length.", separator: "")
        if width == 1 {
            for (line, reading) in zip(lines, readings).prefix(4) { print("  “\(line.text)” → “\(reading.text)”") }
        }
    }
    return history
}

/// The token accuracy with teacher forcing: how often the next token, including the end, is correct given the true
/// prefix.
func tokenAccuracy(_ network: any TextGenerator) -> Metric {
    Metric("tokenAccuracy") { memory, batch in
        let (inputs, targets) = network.teacherForcing(batch.labels, lengths: batch.labelLengths)
        let lengths = network.memoryLengths(widths: batch.widths, of: memory.shape[1])
        let logits = network.decoder.logits(memory, lengths: lengths, prefix: inputs)
        let tokens = zip(logits.argmax().scalars, targets.scalars).filter { $0.1 >= 0 }
        return (Double(tokens.count { $0 == $1 }), tokens.count)
    }
}

/// The attention maps of a network: the mean over all heads, then each head.
func attentionMaps(_ network: any TextGenerator, _ line: Tensor<Float>, _ characters: Alphabet) throws -> [Image] {
    let memory = network(line.expandingShape(at: 0))
    let text = BeamSearch().texts(network, memory)[0]
    let weights = network.attentionWeights(memory, tokens: text.tokens)
    let labels = text.tokens.map { $0 < characters.count ? characters.decode([$0]) : "?" } + ["end"]
    let maps = [weights.mean(axes: [0])] + (0..<weights.shape[0]).map { weights.row($0) }
    return try maps.map { try Image.attention(line, labels, $0) }
}

/// Lines of numbers, composed of digits from a split of MNIST.
func numbers(_ mnist: String, _ split: String, count: Int) throws -> LineDataset {
    var synthesis = LineSynthesis()
    synthesis.maximumLength = 10
    var random = RandomStream(seed: 1)
    let text = (0..<20_000).map { _ in "\(Int.random(in: 0...999, using: &random))" }.joined(separator: " ")
    return LineDataset(
        try SynthesizedLines(
            .mnist(in: mnist, split: split), text: text, count: count, synthesis: synthesis,
            stream: split == "train" ? 0 : 1),
        characters: digits)
}
