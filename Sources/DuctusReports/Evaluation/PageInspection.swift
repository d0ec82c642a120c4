import DuctusCharts
import DuctusHandwriting

/// What a detector of lines finds on pages.
struct PageInspection: Sendable {
    /// A page with what was found on it.
    struct Sample: Sendable {
        let name: String
        let picture: String
        let note: String
    }

    /// All figures, by name.
    let figures: [(name: String, value: String)]
    /// Some pages.
    let samples: [Sample]

    /// Label maps of a detector over pages: what it takes for odd lines is orange, for even lines blue.
    init(_ detector: LineDetector, on data: DetectionDataset, limit: Int?) throws {
        let result = try Evaluation.detection(detector, on: data, limit: limit)
        figures = [
            ("pixel accuracy", result.pixelAccuracy.percent), ("f1 of boxes", result.f1.percent),
            ("precision", result.precision.percent), ("recall", result.recall.percent), ("pages", "\(result.pages)"),
        ]
        samples = try Self.samples(of: data) { page, lines in
            let sample = DetectionSample(page: page, lines: lines)
            let labels = detector.labels(of: sample.image)
            let wrong = zip(labels, sample.labels).count { $0 != $1 }
            let share = 1 - Double(wrong) / Double(max(labels.count, 1))
            return (
                try sample.image.tinted(by: labels).dataURI(height: 256), "\(share.percent) of the pixels are right."
            )
        }
    }

    /// Baselines of a detector on pages.
    init(_ detector: BaselineDetector, on data: DetectionDataset, limit: Int?) throws {
        let result = try Evaluation.baselines(detector, on: data, limit: limit)
        figures = [
            ("f1 of baselines", result.f1.percent), ("precision", result.precision.percent),
            ("recall", result.recall.percent), ("f1 of boxes", result.boxF1.percent), ("pages", "\(result.pages)"),
        ]
        samples = try Self.samples(of: data) { page, _ in
            let lines = detector.lines(on: page)
            var picture = page.rgb()
            for (number, line) in lines.enumerated() {
                let color: Image.Color = number.isMultiple(of: 2) ? .blue : .red
                for (from, to) in zip(line.baseline, line.baseline.dropFirst()) {
                    picture.drawLine(
                        from: (Int(from.x), Int(from.y)), to: (Int(to.x), Int(to.y)), color: color,
                        thickness: max(2, page.width / 250))
                }
            }
            return (try picture.dataURI(height: 640), "\(lines.count) lines found.")
        }
    }

    /// Some pages of a data set, drawn at random.
    private static func samples(
        of data: DetectionDataset, _ show: (Image, [Box]) throws -> (picture: String, note: String)
    ) throws -> [Sample] {
        try data.sampled(4).indices.sorted().map { index in
            let (page, lines) = try data.raw(index)
            let (picture, note) = try show(page, lines)
            return Sample(name: data.name(of: index), picture: picture, note: note)
        }
    }
}

extension Image {
    /// A gray picture of a page with its pixels tinted by class.
    fileprivate func tinted(by labels: [UInt8]) -> Image {
        let tints: [[Int]] = [[255, 255, 255], [255, 196, 160], [165, 208, 245]]
        let colors = zip(grayscale().pixels, labels).flatMap { gray, label in
            tints[min(Int(label), tints.count - 1)].map { UInt8($0 * Int(gray) / 255) }
        }
        return Image(width: width, height: height, channels: 3, pixels: colors)
    }
}
