// Networks that read a line by writing it, character after character, and that choose by attention where to look.
//
//     swift run -c release LabAttention [FOLDER THAT HOLDS mnist/, AND iam/ FOR --full] [--full | --smoke]

import Ductus
import Glibc
import LabKit

func env(_ k: String, _ d: Double) -> Double { getenv(k).flatMap { Double(String(cString: $0)) } ?? d }

Lab.run { lab in
    if lab.isFull, let iam = lab.folder("iam") {
        try study(
            LineDataset(kind: "iam", directory: iam, split: "train"),
            LineDataset(kind: "iam", directory: iam, split: "validation"), characters: .iam, lab)
    } else if let mnist = lab.folder("mnist") {
        func lines(_ split: String, _ count: Int) throws -> LineDataset {
            var synthesis = LineSynthesis()
            synthesis.maximumLength = 10
            var random = RandomStream(seed: 1)
            let numbers = (0..<20_000).map { _ in
                let c = Int.random(in: 1...4, using: &random)
                return (0..<c).map { _ in String(Int.random(in: 0...9, using: &random)) }.joined()
            }
            return LineDataset(
                try SynthesizedLines(
                    .mnist(in: mnist, split: split), text: numbers.joined(separator: " "), count: count,
                    synthesis: synthesis, stream: split == "train" ? 0 : 1),
                characters: CharacterSet(" 0123456789"))
        }
        try study(lines("train", Int(env("N", 4000))), lines("test", 500), characters: CharacterSet(" 0123456789"), lab)
    } else {
        let lines = DrawnLines(count: Int(env("N", 4000)), seed: 1)
        try study(lines, DrawnLines(count: 500, seed: 2), characters: lines.characters, lab)
    }
}

func study<Lines: Dataset>(_ training: Lines, _ test: Lines, characters: CharacterSet, _ lab: Lab) throws
where Lines.Raw == (image: Image, text: String) {
    let (image, text) = try training.raw(0)
    print("The first of \(training.count) lines is \(image.width) × \(image.height) pixels and says “\(text)”.")
    let lines = try training.cached()
    let unseen = try test.cached(first: 300)
    let raw = try (0..<unseen.count).map(test.raw)
    let which = getenv("NET").map { String(cString: $0) } ?? "both"
    if which != "tr" {
        let network = Seq2Seq(.init(
            classes: characters.count, filters: [16, 32, 64, 64, 64], hidden: 64, normalizesAll: true, width: 128, embedding: 32, maximumLength: 32))
        try learn(network, rate: env("RATE", 2e-3), epochs: Int(env("E", 8)), lines, unseen, raw, characters, lab)
    }
    if which != "s2s" {
        let network = LineTransformer(.init(
            classes: characters.count, filters: [16, 32, 64, 64, 64], recurrentWidth: 64, recurrentLayers: Int(env("REC", 0)), normalizesAll: true,
            width: 128, layers: 2, heads: 4, hidden: 256, maximumLength: 32))
        try learn(network, rate: env("TRATE", 1e-3), epochs: Int(env("TE", 8)), lines, unseen, raw, characters, lab)
    }
}

func learn<N: ConfigurableNetwork & TextGenerator>(
    _ network: N, rate: Double, epochs: Int, _ lines: ExampleCache, _ unseen: ExampleCache,
    _ raw: [(image: Image, text: String)], _ characters: CharacterSet, _ lab: Lab) throws {
    print("\(N.name) has \(network.parameterCount) parameters.")
    var model = Model(
        network, loss: .teacherForcing(network),
        metrics: [tokenAccuracy(network), .characterAccuracy(network, characters)],
        optimizer: .adamW(rate: rate, schedule: .oneCycle(warmup: 0.2), clipNorm: 1))
    try model.fit(
        BatchLoader(lines, batchSize: Int(env("B", 16)), shuffles: true, minimumWidth: network.minimumWidth), epochs: epochs,
        validating: BatchLoader(unseen, batchSize: 16, shuffles: false, minimumWidth: network.minimumWidth),
        callbacks: [.progress()])
    var reader = LineReader(network: network, characters: characters)
    for width in [1, 4] {
        reader.search = BeamSearch(width: width)
        var metrics = TextMetrics()
        for (line, reading) in zip(raw, reader.predict(raw.map(\.image))) { metrics.add(reading.text, reference: line.text) }
        print("beam \(width): \(percent(metrics.characterAccuracy))")
    }
    let rows = unseen.examples.prefix(6).map { example in
        let memory = network(example.input.expandingShape(at: 0))
        let text = BeamSearch().texts(network, memory)[0]
        let weights = network.attentionWeights(memory, writing: text.tokens)
        let heads = weights.shape[0]
        print(characters.decode(text.tokens), text.confidence)
        return [attentionMap(example.input, weights.mean(axes: [0]))] + (heads == 1 ? [] : (0..<heads).map { attentionMap(example.input, weights.row($0)) })
    }
    try Image.sheet(Array(rows)).writePNG(to: "\(lab.output)/attention-\(N.name).png")
}

func tokenAccuracy(_ network: any TextGenerator) -> Metric {
    Metric("tokenAccuracy") { memory, batch in
        let (prefix, answers) = network.lesson(batch.labels, lengths: batch.labelLengths)
        let lengths = network.memoryLengths(widths: batch.widths, of: memory.shape[1])
        let logits = network.decoder.logits(memory, lengths: lengths, prefix: prefix)
        let pairs = zip(logits.argmax().scalars, answers.scalars).filter { $0.1 >= 0 }
        return (Double(pairs.count { $0 == $1 }), pairs.count)
    }
}

func attentionMap(_ input: Tensor<Float>, _ weights: Tensor<Float>) -> Image {
    let (height, width) = (input.shape[0], input.shape[1])
    var pixels = input.scalars.map { UInt8(255 * (1 - $0)) }
    for token in 0..<weights.shape[0] {
        let shares = weights.row(token).scalars
        // Step t sees 28 columns from 4 t on, and stands for the four in their middle.
        let strip = (0..<width).map { column -> UInt8 in
            let step = column / 4 - 3
            return shares.indices.contains(step) ? UInt8(255 * (1 - min(1, shares[step]))) : 255
        }
        pixels += strip + strip + strip + [UInt8](repeating: 230, count: width)
    }
    return Image(width: width, height: height + 4 * weights.shape[0], channels: 1, pixels: pixels)
        .resized(width: 3 * width, height: 3 * (height + 4 * weights.shape[0]))
}
