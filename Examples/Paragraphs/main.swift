// From a page to its text: segmentation of pixels, extraction of line boxes, and recognition of the lines in them.
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
        // Synthetic pages are scribbles without text; the page to recognize is the sample page.
        try study(
            DrawnPages(count: lab.isSmoke ? 8 : 120, seed: 1), DrawnPages(count: lab.isSmoke ? 4 : 16, seed: 2),
            reading: [SamplePage.read()], lab)
    }
}

func study<Pages: Dataset>(
    _ training: Pages, _ unseen: Pages, reading pages: [(image: Image, text: String)], _ lab: Lab
) throws where Pages.Raw == (page: Image, lines: [Box]) {
    // 1. Inspect the data: raw, as on disk, and transformed, as the input of the networks. Lines alternate between
    //    classes 1 and 2, so that touching neighbors remain separate; 0 is background.
    let (page, lines) = try training.raw(0)
    let example = try training.transformed(0)
    print("The first of \(training.count) pages is \(page.width) × \(page.height) pixels and has \(lines.count) lines.")
    print("The input is \(example.input.shape); the label map has one of three classes for each of these pixels.")
    // Several views of every page, with different sizes and positions.
    let known = try VariedPages(training.sampled(lab.isFull ? .max : 120), views: lab.isFull ? 4 : 2).cached()
    let unseen = unseen.sampled(lab.isFull ? .max : 16)
    let new = try unseen.cached()
    let labels = new.examples.flatMap(\.labels.scalars)
    let background = Double(labels.count { $0 == 0 }) / Double(labels.count)
    print("Predicting background everywhere gives a pixel accuracy of \(percent(background)) on unseen pages.")

    // 2. Train two networks. Distinguishing odd from even lines requires a receptive field up to the edge of the page.
    //    One network keeps the resolution and uses increasingly dilated convolutions …
    let spread = FCN(
        lab.isFull
            ? .init(filters: 16, blockSize: 2, dilations: [2, 2, 2, 2, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4])
            : .init(filters: 16, blockSize: 4, dilations: [1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2]))
    try train(spread, known, new, epochs: lab.scaled(smoke: 1, default: 10, full: 4), lab)
    //    … the other downsamples the page to 1/64 in six steps and upsamples it again, with a skip connection at every
    //    resolution. Finally, every pixel gets the context of its row: a line's box is as high as its tallest letter,
    //    wherever that is.
    let shrinking = UNet(.init(filters: 8, maximumFilters: 64, depth: 6, rowContext: true))
    try train(shrinking, known, new, epochs: lab.scaled(smoke: 1, default: 5, full: 8), lab)

    // 3. Extract boxes. Predictions are noisy: holes are filled, thin bridges and specks removed, and connected
    //    components are lines; see LineBoxes.
    let samples = try (0..<new.count).map(unseen.raw)
    for (name, network) in [("FCN", spread as any Network), ("UNet", shrinking)] {
        var matching = BoxMatching()
        for (sample, boxes) in zip(samples, LineDetector(network: network).predict(samples.map(\.page))) {
            matching.add(boxes, reference: sample.lines)
        }
        let (recall, precision) = (percent(matching.recall), percent(matching.precision))
        print("\(name): line recall \(recall), precision \(precision).")
    }

    // 4. Recognize the text in the boxes. Line readers are trained in other labs; here, the pretrained one shows how
    //    much accuracy is lost with a line detector trained for a few minutes.
    let pretrained = try PageReader.pretrained()
    let reader = PageReader(detector: LineDetector(network: shrinking), reader: pretrained.reader)
    for (name, reader) in [("the UNet", reader), ("the pretrained line detector", pretrained)] {
        var metrics = TextMetrics()
        for page in pages { metrics.add(reader.read(page.image).text, reference: page.text) }
        print("With \(name), the character error rate on \(pages.count) pages is \(percent(metrics.cer)).")
    }

    // 5. Visualize the results: the true classes, those of the two networks, and the boxes and text of a page.
    let maps = samples.prefix(3).map { sample in
        let map = DetectionSample(page: sample.page, lines: sample.lines)
        return [map.image.tinted(by: map.labels), classes(spread, map.image), classes(shrinking, map.image)]
    }
    let reading = reader.read(pages[0].image)
    var picture = pages[0].image.rgb()
    for line in reading.lines { picture.frame(line.box, in: .green, thickness: picture.width / 200) }
    let small = picture.resized(width: 512, height: 512 * picture.height / picture.width)
    let texts = try reading.lines.map { [try Image.text($0.text)] }
    for line in reading.lines { print("  \(line.text)") }
    try Image.sheet(maps + [[small]] + texts).writePNG(to: "\(lab.output)/paragraphs.png")
    print("\(lab.output)/paragraphs.png shows the classes, the boxes, and the recognized text.")
}

/// Trains a segmentation network and prints its pixel accuracy on unseen pages.
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
        "After \(Int(seconds)) s, its pixel accuracy is \(percent(history.last?.validation["accuracy"])) on",
        "\(unseen.count) unseen pages.")
    try WeightsFile.write(network, of: LineDetector.model(network), to: "\(lab.output)/\(N.name).safetensors")
}

/// A map of a page, tinted by the predicted classes of its pixels.
func classes(_ network: some Network, _ map: Image) -> Image {
    let logits = network(DetectionInput().tensor(map).expandingShape(at: 0))
    return map.tinted(by: logits.argmax().scalars.map { UInt8($0) })
}
