import DuctusModels

/// How well predictors do on data sets; every result encodes to the object that `ductus evaluate --json` prints.
public enum Evaluation {
    public struct Characters: Sendable, Codable, Equatable {
        public let samples: Int
        public let accuracy: Double
        /// The share of samples whose class is among the five likeliest.
        public let top5: Double
    }

    public struct Lines: Sendable, Codable, Equatable {
        public let lines: Int
        public let cer: Double
        public let wer: Double
        public let characterAccuracy: Double
        public let decoder: String
        public let seconds: Double
    }

    public struct Detection: Sendable, Codable, Equatable {
        public let pages: Int
        public let pixelAccuracy: Double
        /// Boxes found, matched with the true ones at an intersection over union of at least a half.
        public let precision: Double
        public let recall: Double
        public let f1: Double
        public let seconds: Double
    }

    public struct Pages: Sendable, Codable, Equatable {
        public let pages: Int
        public let cer: Double
        public let wer: Double
        public let seconds: Double
    }

    public static func characters(
        _ predictor: CharacterPredictor, on data: CharacterDataset, limit: Int? = nil
    ) throws -> Characters {
        let names = data.images.classNames.joined()
        guard predictor.characters.characters == names else {
            throw DatasetError.otherClasses(network: predictor.characters.characters, data: names)
        }
        let count = min(limit ?? .max, data.count)
        var (right, near) = (0, 0)
        for start in stride(from: 0, to: count, by: 256) {
            let indices = start..<min(start + 256, count)
            let examples = try indices.map { try data.transformed($0) }
            for (example, output) in zip(examples, predictor.predict(examples.map(\.input))) {
                let label = Int(example.labels.item())
                if output.best[0] == label { right += 1 }
                if output.best.contains(label) { near += 1 }
            }
        }
        return Characters(
            samples: count, accuracy: Double(right) / Double(max(count, 1)), top5: Double(near) / Double(max(count, 1)))
    }

    public static func lines(_ reader: LineReader, on data: LineDataset, limit: Int? = nil) throws -> Lines {
        let start = ContinuousClock.now
        let count = min(limit ?? .max, data.count)
        var metrics = TextMetrics()
        for first in stride(from: 0, to: count, by: 256) {
            let samples = try (first..<min(first + 256, count)).map { try data.raw($0) }
            for (sample, output) in zip(samples, reader.predict(samples.map(\.image))) {
                metrics.add(output.text, reference: sample.text)
            }
        }
        return Lines(
            lines: count, cer: metrics.cer, wer: metrics.wer, characterAccuracy: metrics.characterAccuracy,
            decoder: "best-path", seconds: (ContinuousClock.now - start) / .seconds(1))
    }

    public static func detection(
        _ detector: LineDetector, on data: DetectionDataset, limit: Int? = nil
    ) throws -> Detection {
        let start = ContinuousClock.now
        let count = min(limit ?? .max, data.count)
        var (pixels, matching) = (PixelAccuracy(), BoxMatching())
        for index in 0..<count {
            let (page, lines) = try data.raw(index)
            let sample = DetectionSample(page: page, lines: lines)
            let labels = detector.labels(of: sample.image)
            pixels.add(labels, reference: sample.labels)
            matching.add(detector.find(in: labels, geometry: sample.geometry), reference: lines)
        }
        return Detection(
            pages: count, pixelAccuracy: pixels.value, precision: matching.precision, recall: matching.recall,
            f1: matching.f1, seconds: (ContinuousClock.now - start) / .seconds(1))
    }

    public static func pages(_ reader: ParagraphReader, on data: DetectionDataset, limit: Int? = nil) throws -> Pages {
        let start = ContinuousClock.now
        let count = min(limit ?? .max, data.count)
        var metrics = TextMetrics()
        for index in 0..<count {
            let reference = data.forms[index].lines.map(\.text).joined(separator: "\n")
            metrics.add(reader.read(try data.raw(index).page).text, reference: reference)
        }
        return Pages(
            pages: count, cer: metrics.cer, wer: metrics.wer, seconds: (ContinuousClock.now - start) / .seconds(1))
    }
}

extension Metric {
    /// The mean over lines of 1 − edit distance / length, read along the best path.
    public static func characterAccuracy(_ network: any LineNetwork, _ characters: CharacterSet) -> Metric {
        let reader = LineReader(network: network, characters: characters, input: LineInput())
        return Metric("characterAccuracy") { logits, batch in
            var metrics = TextMetrics()
            let labels = batch.labels.scalars
            let longest = batch.labels.shape[1]
            for (n, output) in reader.decode(logits, widths: batch.widths).enumerated() {
                let reference = Array(labels[n * longest..<n * longest + batch.labelLengths[n]])
                metrics.add(output.text, reference: characters.decode(reference))
            }
            return (metrics.characterAccuracy * Double(metrics.count), metrics.count)
        }
    }
}
