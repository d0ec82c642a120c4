// A network that finds the lines on a page: it gives every pixel one of three classes.
//
//     swift run -c release LabDetection [FOLDER THAT HOLDS iam/] [--full]

import Ductus
import LabKit

Lab.run { lab in
    if let iam = lab.folder("iam") {
        try study(
            DetectionDataset(kind: "iam", directory: iam, split: "train"),
            DetectionDataset(kind: "iam", directory: iam, split: "validation"), lab)
    } else {
        try study(DrawnPages(count: 160, seed: 1), DrawnPages(count: 20, seed: 2), lab)
    }
}

func study<Pages: Dataset>(_ training: Pages, _ test: Pages, _ lab: Lab) throws
where Pages.Raw == (page: Image, lines: [Box]) {
    // 1. Look at the data: as it is on disk, and as the network sees it.
    let (page, lines) = try training.raw(0)
    let example = try training.transformed(0)
    print("The first of \(training.count) pages is \(page.width) × \(page.height) pixels and has \(lines.count) lines.")
    let background = example.labels.scalars.count { $0 == 0 }
    print("The network sees \(example.input.shape) and learns a class for every pixel,")
    print("of which \(percent(Double(background) / Double(example.labels.count))) are background.")

    // 2. Train. Lines are classes 1 and 2 in turn, so that neighbours that touch stay apart; 0 is background.
    let network = FCN(.init(filters: 16, blockSize: 4, dilations: [1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2]))
    print("It has \(network.parameterCount) parameters.")
    var model = Model(
        network, loss: .softmaxCrossEntropy,
        optimizer: .adamW(rate: 3e-3, schedule: .oneCycle(warmup: 0.1), clipNorm: 1))
    let unseen = try test.cached(first: lab.isFull ? .max : 20)
    let unseenBatches = BatchLoader(unseen, batchSize: 4, shuffles: false)
    try model.fit(
        BatchLoader(
            training.cached(first: lab.isFull ? .max : 160), batchSize: 4, shuffles: true,
            augmentation: Augmentation(scale: 0.1, shift: 0.05, mirrors: true)),
        epochs: lab.isFull ? 30 : 8, validating: unseenBatches, callbacks: [.progress()])

    // 3. Measure on pages that it has never seen: pixels first, then the boxes that a detector makes of them.
    let accuracy = model.evaluate(unseenBatches)["accuracy"]
    print("Of \(unseen.count) new pages it labels \(percent(accuracy)) of the pixels right.")
    let weights = "\(lab.output)/detection.safetensors"
    try WeightsFile.write(network, for: .detection, to: weights)
    let pages = try (0..<unseen.count).map(test.raw)
    let found = LineDetector(network: network).predict(pages.map(\.page))
    var matching = BoxMatching()
    for (page, boxes) in zip(pages, found) { matching.add(boxes, reference: page.lines) }
    print(
        "It finds \(percent(matching.recall)) of the lines, and \(percent(matching.precision)) of its boxes are lines.")

    // 4. Look at what it learned: the class of every pixel, and the boxes on the page.
    let rows = zip(pages, found).prefix(4).map { page, boxes in
        let sample = DetectionSample(page: page.page, lines: page.lines)
        let logits = network(sample.image.detectionInput.expandingShape(at: 0))
        let classes = sample.image.tinted(by: logits.argmax().scalars.map { UInt8($0) })
        var picture = page.page.rgb()
        for box in boxes { picture.frame(box, in: .green, thickness: picture.width / 200) }
        let width = picture.width * classes.height / picture.height
        return [classes, picture.resized(width: width, height: classes.height)]
    }
    try Image.sheet(rows).writePNG(to: "\(lab.output)/detection.png")
    print("\(lab.output)/detection.png shows the lines it found.")
}
