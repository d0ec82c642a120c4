// From a page to its text: a network gives every pixel a class, of which boxes are made; what is in them is read.
//
//     swift run -c release LabParagraphs [FOLDER THAT HOLDS iam/] [--full | --smoke]

import Ductus
import LabKit

Lab.run { lab in
    if let iam = lab.folder("iam") {
        let unseen = try DetectionDataset(kind: "iam", directory: iam, split: "validation")
        try study(
            DetectionDataset(kind: "iam", directory: iam, split: "train"), unseen,
            reading: stride(from: 0, to: unseen.count, by: lab.isFull ? 1 : 8).map {
                (try unseen.raw($0).page, unseen.pages[$0].page.text)
            },
            lab)
    } else {
        // Drawn pages are nothing but ups and downs; the page that is read comes with the examples.
        try study(
            DrawnPages(count: lab.isSmoke ? 8 : 120, seed: 1), DrawnPages(count: lab.isSmoke ? 4 : 16, seed: 2),
            reading: [SamplePage.read()], lab)
    }
}

func study<Pages: Dataset>(
    _ training: Pages, _ unseen: Pages, reading pages: [(image: Image, text: String)], _ lab: Lab
) throws where Pages.Raw == (page: Image, lines: [Box]) {
    // 1. Look at the data: as it is on disk, and as the networks see it. Lines are classes 1 and 2 in turn, so that
    //    neighbors that touch stay apart; 0 is background.
    let (page, lines) = try training.raw(0)
    let example = try training.transformed(0)
    print("The first of \(training.count) pages is \(page.width) × \(page.height) pixels and has \(lines.count) lines.")
    print("The networks see \(example.input.shape) and learn a class, of three, for each of these pixels.")
    // Every page is placed anew several times: smaller, higher, further to the right.
    let known = try VariedPages(training.sampled(lab.isFull ? .max : 120), views: lab.isFull ? 4 : 2).cached()
    let unseen = unseen.sampled(lab.isFull ? .max : 16)
    let new = try unseen.cached()
    let labels = new.examples.flatMap(\.labels.scalars)
    let background = Double(labels.count { $0 == 0 }) / Double(labels.count)
    print("Who calls everything background is right at \(percent(background)) of the pixels of new pages.")

    // 2. Train two networks. To tell odd lines from even ones, a pixel must see the page up to its edge. One network
    //    keeps its size and spreads the points of its convolutions further and further apart …
    let spread = FCN(
        lab.isFull
            ? .init(filters: 16, blockSize: 2, dilations: [2, 2, 2, 2, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4])
            : .init(filters: 16, blockSize: 4, dilations: [1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2]))
    try train(spread, known, new, epochs: lab.scaled(smoke: 1, default: 10, full: 4), lab)
    //    … the other shrinks the page step by step until a pixel is a sixty-fourth of it, and enlarges it again; at every
    //    size, it is reminded of what it saw there on the way down. Then every pixel is told what its row holds: a line's
    //    box is as high as its tallest letter, wherever that stands.
    let shrinking = UNet(.init(filters: 8, maximumFilters: 64, depth: 6, rowContext: true))
    try train(shrinking, known, new, epochs: lab.scaled(smoke: 1, default: 5, full: 8), lab)

    // 3. Make boxes. Predicted classes are ragged: holes are filled, thin bridges and specks removed, and what then hangs
    //    together is a line; see LineBoxes.
    let samples = try (0..<new.count).map(unseen.raw)
    for (name, network) in [("FCN", spread as any Network), ("UNet", shrinking)] {
        var matching = BoxMatching()
        for (sample, boxes) in zip(samples, LineDetector(network: network).predict(samples.map(\.page))) {
            matching.add(boxes, reference: sample.lines)
        }
        let (recall, precision) = (percent(matching.recall), percent(matching.precision))
        print("\(name): \(recall) of the lines are found, \(precision) of the boxes are lines.")
    }

    // 4. Read what is in the boxes. Networks that read lines are trained in other labs; here the one that comes with the
    //    package reads, and tells how much is lost when the lines are found by a network of some minutes.
    let pretrained = try PageReader.pretrained()
    let reader = PageReader(detector: LineDetector(network: shrinking), reader: pretrained.reader)
    for (name, reader) in [("the UNet", reader), ("the package's detector", pretrained)] {
        var metrics = TextMetrics()
        for page in pages { metrics.add(reader.read(page.image).text, reference: page.text) }
        print("Lines found by \(name): of \(pages.count) pages, \(percent(metrics.cer)) of the characters are wrong.")
    }

    // 5. Look at what they learned: the true classes, those of the two networks, and the boxes; then a page that is read.
    let maps = samples.prefix(3).map { sample in
        let map = DetectionSample(page: sample.page, lines: sample.lines)
        return [map.image.tinted(by: map.labels), classes(spread, map.image), classes(shrinking, map.image)]
    }
    let reading = reader.read(pages[0].image)
    var picture = pages[0].image.rgb()
    for line in reading.lines { picture.frame(line.box, in: .green, thickness: picture.width / 200) }
    let small = picture.resized(width: 512, height: 512 * picture.height / picture.width)
    let texts = reading.lines.map { [Image.text($0.text)] }
    for line in reading.lines { print("  \(line.text)") }
    try Image.sheet(maps + [[small]] + texts).writePNG(to: "\(lab.output)/paragraphs.png")
    print("\(lab.output)/paragraphs.png shows the classes, the boxes and what was read.")
}

/// Trains a network that gives pixels classes, and says how it does on pages that it has never seen.
func train<N: ConfigurableNetwork & PixelNetwork>(
    _ network: N, _ training: ExampleCache, _ unseen: ExampleCache, epochs: Int, _ lab: Lab
) throws {
    print("\n\(N.name) has \(network.parameterCount) parameters.")
    var model = Model(
        network, loss: .softmaxCrossEntropy,
        optimizer: .adamW(rate: 2e-3, schedule: .oneCycle(warmup: 0.1), clipNorm: 1))
    let distortions = Augmentation(contrast: 0.2, mirrors: true)
    let history = try model.fit(
        BatchLoader(training, batchSize: 4, shuffles: true, augmentation: distortions), epochs: epochs,
        validating: BatchLoader(unseen, batchSize: 4, shuffles: false), callbacks: [.progress()])
    let seconds = history.reduce(0) { $0 + $1.seconds }
    print(
        "After \(Int(seconds)) s it labels \(percent(history.last?.validation["accuracy"])) of the pixels of",
        "\(unseen.count) new pages right.")
    try WeightsFile.write(network, of: LineDetector.model(network), to: "\(lab.output)/\(N.name).safetensors")
}

/// A map of a page, tinted by the classes that a network gives its pixels.
func classes(_ network: some Network, _ map: Image) -> Image {
    let logits = network(DetectionInput().tensor(map).expandingShape(at: 0))
    return map.tinted(by: logits.argmax().scalars.map { UInt8($0) })
}
