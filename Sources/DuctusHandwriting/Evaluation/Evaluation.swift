/// How well predictors do on data sets; every result encodes to the object that `ductus evaluate --json` prints.
///
/// ```swift
/// let data = try LineDataset(kind: "iam", directory: "data/iam", split: "validation")
/// let result = try Evaluation.lines(LineReader("runs/lines-20260131-142500"), on: data, limit: 100)
/// print(result.cer, result.wer)
/// ```
public enum Evaluation {
    /// How well characters are named.
    public struct Characters: Sendable, Codable, Equatable {
        /// How many were named.
        public let samples: Int
        /// The share of samples whose class is the likeliest, 0 to 1.
        public let accuracy: Double
        /// The share of samples whose class is among the five likeliest.
        public let top5: Double
    }

    /// How well lines are read.
    public struct Lines: Sendable, Codable, Equatable {
        /// How many were read.
        public let lines: Int
        /// `TextMetrics.cer` over all lines.
        public let cer: Double
        /// `TextMetrics.wer` over all lines.
        public let wer: Double
        /// `TextMetrics.characterAccuracy`, the mean over lines.
        public let characterAccuracy: Double
        /// How texts were chosen: `best-path` or `beam`.
        public let decoder: String
        /// How many beginnings of texts went on in a beam search.
        public let beamWidth: Int?
        /// Wall time, images read from files included.
        public let seconds: Double
    }

    /// How well the lines of pages are found.
    public struct Detection: Sendable, Codable, Equatable {
        /// How many were searched.
        public let pages: Int
        /// `PixelAccuracy` of the label maps, of which boxes are made.
        public let pixelAccuracy: Double
        /// Boxes found, matched with the true ones at an intersection over union of at least a half.
        public let precision: Double
        /// The share of the true boxes that were found, matched likewise.
        public let recall: Double
        /// The harmonic mean of precision and recall.
        public let f1: Double
        /// Wall time, images read from files included.
        public let seconds: Double
    }

    /// How well whole pages are read.
    public struct Pages: Sendable, Codable, Equatable {
        /// How many were read.
        public let pages: Int
        /// `TextMetrics.cer` over all pages; a line missed or out of order counts with all its characters.
        public let cer: Double
        /// `TextMetrics.wer` over all pages.
        public let wer: Double
        /// How texts were chosen: `best-path` or `beam`.
        public let decoder: String
        /// How many beginnings of texts went on in a beam search.
        public let beamWidth: Int?
        /// Wall time, images read from files included.
        public let seconds: Double
    }

    /// Names `limit` characters of a data set, drawn at random; all of them, unless given.
    ///
    /// - Throws: `DatasetError.otherClasses(network:data:)` if the classes are not those that the predictor knows.
    public static func characters(
        _ predictor: CharacterPredictor, on data: CharacterDataset, limit: Int? = nil
    ) throws -> Characters {
        let names = data.images.classNames.joined()
        guard predictor.characters.characters == names else {
            throw DatasetError.otherClasses(network: predictor.characters.characters, data: names)
        }
        // Files may be ordered by class.
        let data = data.sampled(limit ?? .max)
        let count = data.count
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

    /// Reads the first `limit` lines of a data set, all of them unless given.
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
            decoder: reader.effectiveDecoding.name, beamWidth: reader.effectiveDecoding.beamWidth,
            seconds: (ContinuousClock.now - start) / .seconds(1))
    }

    /// Finds the lines of the first `limit` pages of a data set, of all of them unless given.
    ///
    /// Only the part of a page that has lines is searched, as in training: `DetectionGeometry`.
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

    /// Reads the first `limit` pages of a data set, all of them unless given, from the image to the text.
    public static func pages(_ reader: some PageRecognizer, on data: DetectionDataset, limit: Int? = nil) throws -> Pages {
        let start = ContinuousClock.now
        let count = min(limit ?? .max, data.count)
        var metrics = TextMetrics()
        for index in 0..<count {
            let reference = data.pages[index].page.text
            metrics.add(reader.read(try data.raw(index).page).text, reference: reference)
        }
        return Pages(
            pages: count, cer: metrics.cer, wer: metrics.wer, decoder: reader.effectiveDecoding.name,
            beamWidth: reader.effectiveDecoding.beamWidth, seconds: (ContinuousClock.now - start) / .seconds(1))
    }
}
