/// Evaluations of predictors on data sets. Every result is encoded as the object that `ductus evaluate --json` prints.
///
/// ```swift
/// let data = try LineDataset(kind: "iam", directory: "data/iam", split: "validation")
/// let result = try Evaluation.lines(LineReader("runs/lines-20260131-142500"), on: data, limit: 100)
/// print(result.cer, result.wer)
/// ```
/// The ranks of `Job.communicator` evaluate together if all of them call the same function, each some of the samples, and
/// all get the same result.
public enum Evaluation {
    /// The result of a character classifier.
    public struct Characters: Sendable, Codable, Equatable {
        /// The number of characters.
        public let samples: Int
        /// Top-1 accuracy, 0 to 1.
        public let accuracy: Double
        /// Top-5 accuracy, 0 to 1.
        public let top5: Double
    }

    /// The result of a line reader.
    public struct Lines: Sendable, Codable, Equatable {
        /// The number of lines with a reference text.
        public let lines: Int
        /// `TextMetrics.cer` over all lines.
        public let cer: Double
        /// The 95 % interval of `cer`; nil for a single line.
        public let cerInterval: Interval?
        /// `TextMetrics.wer` over all lines.
        public let wer: Double
        /// `TextMetrics.characterAccuracy`, the mean over lines.
        public let characterAccuracy: Double
        /// The decoder, `best-path` or `beam`.
        public let decoder: String
        /// The beam width; nil for best path decoding.
        public let beamWidth: Int?
        /// The error rates of each writer, if the data set knows them.
        public let writers: [String: Writer]?
        /// The languages of the language models, if any.
        public let languages: [String]?
        /// `ConfidenceCalibration.expectedError` of the words; nil if the network does not tell where words are.
        public let wordCalibrationError: Double?
        /// The points of the reliability diagram of the words.
        public let wordReliability: [ConfidenceCalibration.Bin]?
        /// `ConfidenceCalibration.correction` of the words.
        public let wordCorrection: ConfidenceCalibration.Correction?
        /// Wall time, including reading the images.
        public let seconds: Double
    }

    /// The result of a line detector.
    public struct Detection: Sendable, Codable, Equatable {
        /// The number of pages.
        public let pages: Int
        /// `PixelAccuracy` of the label maps, before boxes are extracted.
        public let pixelAccuracy: Double
        /// The share of the predicted boxes that match a true one, with an intersection over union of at least one half.
        public let precision: Double
        /// The share of the true boxes that match a predicted one.
        public let recall: Double
        /// The harmonic mean of precision and recall.
        public let f1: Double
        /// Wall time, including reading the images.
        public let seconds: Double
    }

    /// The result of a page recognizer.
    public struct Pages: Sendable, Codable, Equatable {
        /// The number of pages.
        public let pages: Int
        /// `TextMetrics.cer` over all pages; all characters of a line that is missing or out of order are errors.
        public let cer: Double
        /// The 95 % interval of `cer`; nil for a single page.
        public let cerInterval: Interval?
        /// `TextMetrics.wer` over all pages.
        public let wer: Double
        /// The decoder, `best-path` or `beam`; nil for what another program read.
        public let decoder: String?
        /// The beam width; nil for best path decoding.
        public let beamWidth: Int?
        /// The error rates of each writer, if the data set knows them.
        public let writers: [String: Writer]?
        /// The languages of the language models, if any.
        public let languages: [String]?
        /// Wall time, including reading the images.
        public let seconds: Double
    }

    /// Evaluates a character classifier.
    ///
    /// - Parameters:
    ///   - predictor: the character classifier.
    ///   - data: the data set.
    ///   - limit: the number of characters, drawn at random; all of them if nil.
    /// - Throws: `DatasetError.otherClasses(network:data:)` if the data set has other classes than the network.
    public static func characters(
        _ predictor: CharacterPredictor, on data: CharacterDataset, limit: Int? = nil
    ) throws -> Characters {
        let names = data.images.classNames.joined()
        guard predictor.characters.characters == names else {
            throw DatasetError.otherClasses(network: predictor.characters.characters, data: names)
        }
        let indices = try indices(of: data, limit, "characters")
        let parts = indices.parts(of: 256)
        let hits = try Job.communicator.map(parts.count) { part in
            let examples = try parts[part].map { try data.transformed($0) }
            let labels = examples.map { Int($0.labels.item()) }
            let outputs = predictor.predict(examples.map(\.input))
            return [
                zip(outputs, labels).count { $0.best[0] == $1 }, zip(outputs, labels).count { $0.best.contains($1) },
            ]
        }
        let count = Double(indices.count)
        return Characters(
            samples: indices.count, accuracy: Double(hits.reduce(0) { $0 + $1[0] }) / count,
            top5: Double(hits.reduce(0) { $0 + $1[1] }) / count)
    }

    /// Samples in their order, drawn at random if there is a limit: files may be sorted by class, writer, or page.
    /// - Throws: `DatasetError.empty(_:)` if there are none, because nothing measured on nothing is a figure.
    static func indices(of data: some Dataset, _ limit: Int?, _ what: String) throws(DatasetError) -> [Int] {
        let indices = data.sampled(limit ?? .max).indices.sorted()
        guard !indices.isEmpty else { throw .empty(what) }
        return indices
    }

    /// Evaluates a line reader.
    ///
    /// - Parameters:
    ///   - reader: the line reader.
    ///   - data: the data set.
    ///   - limit: the number of lines, drawn at random; all of them if nil.
    ///   - condition: a change of every picture; the same for a line in every evaluation.
    /// - Throws: an error of the data set; `DatasetError.empty(_:)` if no line has a reference text. Lines without one
    ///   are left out.
    public static func lines(
        _ reader: LineReader, on data: LineDataset, limit: Int? = nil, condition: PageCondition? = nil
    ) throws -> Lines {
        let start = ContinuousClock.now
        let readings = try readings(reader, of: data, limit, condition)
        let (texts, calibration, metrics) = (readings.texts, readings.calibration, readings.texts.all)
        return Lines(
            lines: metrics.count, cer: metrics.cer, cerInterval: texts.interval, wer: metrics.wer,
            characterAccuracy: metrics.characterAccuracy, decoder: reader.effectiveDecoding.name,
            beamWidth: reader.effectiveDecoding.beamWidth, writers: texts.writers,
            languages: languages(reader.languageModels, reader.effectiveDecoding),
            wordCalibrationError: calibration.expectedError,
            wordReliability: calibration.bins.isEmpty ? nil : calibration.bins, wordCorrection: calibration.correction,
            seconds: (ContinuousClock.now - start) / .seconds(1))
    }

    /// Reads lines, and compares them with their references. Lines without one are left out, and counted in a message.
    /// - Throws: an error of the data set; `DatasetError.empty(_:)` if no line has a reference text.
    package static func readings(
        _ reader: LineReader, of data: LineDataset, _ limit: Int?, _ condition: PageCondition? = nil
    ) throws -> LineReadings {
        let indices = try indices(of: data, limit, "lines")
        let parts = indices.parts(of: 256)
        let lines = try Job.communicator.map(parts.count) { part in
            let samples = try parts[part].map { (index: $0, raw: try data.raw($0)) }
                .filter { !$0.raw.text.normalizedWords.isEmpty }
            let images = samples.map { sample in condition.changed(sample.raw.image, sample.index) }
            return zip(samples, reader.predict(images)).map { sample, output in
                LineReadings.Line(
                    index: sample.index, text: output.text, reference: sample.raw.text, confidence: output.confidence,
                    words: output.words.map { LineReadings.Word(text: $0.text, confidence: $0.confidence) })
            }
        }
        let readings = LineReadings(lines: Array(lines.joined()), data)
        let missing = indices.count - readings.lines.count
        if missing > 0 { report("\(missing) lines without a text left out.") }
        guard !readings.lines.isEmpty else { throw DatasetError.empty("lines with a text") }
        return readings
    }

    /// The languages of the language models that a decoding uses.
    static func languages(_ models: [LanguageModel], _ decoding: Decoding) -> [String]? {
        models.isEmpty || decoding == .bestPath ? nil : models.map(\.language)
    }

    /// Evaluates a line detector, on the part of each page that has lines, as in training (`DetectionGeometry`).
    ///
    /// - Parameters:
    ///   - detector: the line detector.
    ///   - data: the data set.
    ///   - limit: the number of pages, drawn at random; all of them if nil.
    /// - Throws: an error of the data set.
    public static func detection(
        _ detector: LineDetector, on data: DetectionDataset, limit: Int? = nil
    ) throws -> Detection {
        let start = ContinuousClock.now
        let indices = try indices(of: data, limit, "pages")
        var (pixels, matching) = (PixelAccuracy(), BoxMatching())
        let pages = try Job.communicator.map(indices.count) { place in
            let (page, lines) = try data.raw(indices[place])
            let sample = DetectionSample(page: page, lines: lines)
            let labels = detector.labels(of: sample.image)
            var result = DetectedPage()
            result.pixels.add(labels, reference: sample.labels)
            result.boxes.add(detector.find(in: labels, geometry: sample.geometry), reference: lines)
            return result
        }
        for page in pages {
            pixels.add(page.pixels)
            matching.add(page.boxes)
        }
        guard matching.expected > 0 else { throw DatasetError.empty("lines") }
        return Detection(
            pages: indices.count, pixelAccuracy: pixels.value, precision: matching.precision, recall: matching.recall,
            f1: matching.f1, seconds: (ContinuousClock.now - start) / .seconds(1))
    }
}

/// What is measured on a page.
private struct DetectedPage: Codable {
    var pixels = PixelAccuracy()
    var boxes = BoxMatching()
}

extension [Int] {
    /// Consecutive parts of a size; the last may be smaller.
    fileprivate func parts(of size: Int) -> [ArraySlice<Int>] {
        stride(from: 0, to: count, by: size).map { self[$0..<Swift.min($0 + size, count)] }
    }
}
