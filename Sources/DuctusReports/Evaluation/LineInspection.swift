import DuctusCharts
import DuctusHandwriting

/// What a line recognizer does on a data set: not only how many errors it makes, but which, where, and of whose hand.
struct LineInspection: Sendable {
    /// A line with its reading.
    struct Line: Sendable {
        let name: String
        let writer: String?
        let reference: String
        let text: String
        let confidence: Double
        /// The picture of the line within a page.
        var picture = ""
    }

    /// The share of errors of a writer, with its 95 % interval over resampled lines.
    struct Writer: Sendable {
        let name: String
        let lines: Int
        let cer: Double
        let interval: ClosedRange<Double>
    }

    /// All figures, by name.
    private(set) var figures: [(name: String, value: String)] = []
    /// The lines with the largest shares of errors, the worst first.
    private(set) var worst: [Line] = []
    /// The longest lines without an error, or those with the smallest shares of errors.
    private(set) var best: [Line] = []
    private(set) var mistakes: [CharacterErrors.Mistake] = []
    private(set) var confusion: ConfusionChart?
    private(set) var reliability: ReliabilityChart?
    private(set) var lengths: HistogramChart?
    /// The writers, the worst first; empty if they are not known.
    private(set) var writers: [Writer] = []

    /// Reads lines and compares them with their references. Lines without one are left out.
    ///
    /// - Parameters:
    ///   - reader: the recognizer.
    ///   - data: the lines.
    ///   - limit: the number of lines, drawn at random; all of them if nil.
    ///   - examples: the number of worst and of best lines that are shown.
    /// - Throws: an error of the data; `DatasetError.empty(_:)` if no line has a reference.
    init(_ reader: LineReader, on data: LineDataset, limit: Int?, examples: Int = 6) throws {
        let readings = try Evaluation.readings(reader, of: data, limit)
        var errors = CharacterErrors()
        let read = readings.lines.map { reading in
            let alignment = Alignment(reading.text, reference: reading.reference)
            errors.add(alignment)
            let line = Line(
                name: data.name(of: reading.index), writer: data.source.writer(of: reading.index),
                reference: reading.reference, text: reading.text, confidence: reading.confidence)
            return (
                index: reading.index, line: line, distance: alignment.distance,
                length: reading.reference.normalizedScalars.count
            )
        }
        figures = Self.figures(readings.texts)
        func rate(_ line: (index: Int, line: Line, distance: Int, length: Int)) -> Double {
            Double(line.distance) / Double(max(line.length, 1))
        }
        let ranked = read.sorted { (rate($1), $0.index) < (rate($0), $1.index) }
        worst = try ranked.prefix(examples).filter { $0.distance > 0 }.map {
            try Self.pictured($0.line, data, $0.index)
        }
        let others = read.sorted { (rate($0), $1.length, $0.index) < (rate($1), $0.length, $1.index) }
        best = try others.prefix(examples).map { try Self.pictured($0.line, data, $0.index) }
        mistakes = errors.mistakes
        confusion = errors.chart("Characters with the most errors", characters: 20)
        if let error = readings.calibration.expectedError {
            reliability = ReliabilityChart(
                "Confidence of words", y: "share of right words",
                readings.calibration.allBins.map { bin in
                    .init(count: bin?.count ?? 0, confidence: bin?.confidence ?? 0, accuracy: bin?.right ?? 0)
                }, expectedError: error)
        }
        lengths = HistogramChart(
            "Error rates of lines", x: "character error rate", read.map { min(rate($0), 1) }, bins: 20)
        writers = Self.writers(read.map { ($0.line.writer, $0.distance, $0.length) })
    }

    private static func pictured(_ line: Line, _ data: LineDataset, _ index: Int) throws -> Line {
        var line = line
        line.picture = try data.raw(index).image.grayscale().dataURI(height: 72)
        return line
    }

    private static func figures(_ texts: TextEvaluation) -> [(name: String, value: String)] {
        let all = texts.all
        var figures: [(name: String, value: String)] = [
            ("character error rate", all.cer.percent), ("word error rate", all.wer.percent),
            ("character accuracy", all.characterAccuracy.percent), ("lines", "\(all.count)"),
        ]
        if let interval = texts.interval {
            let range = "\(interval.low.percent) – \(interval.high.percent)"
            figures.insert(("95 % interval over \(interval.resampled)", range), at: 1)
        }
        return figures
    }

    /// The error rates of writers, if all are known, with intervals over 1,000 resamples of their lines.
    private static func writers(_ lines: [(writer: String?, distance: Int, length: Int)]) -> [Writer] {
        var groups: [String: [(distance: Int, length: Int)]] = [:]
        for line in lines {
            guard let writer = line.writer else { return [] }
            groups[writer, default: []].append((line.distance, line.length))
        }
        return groups.map { name, lines in
            let rates = TextEvaluation.resampledCER(of: lines, count: TextEvaluation.resamples)
            let outside = TextEvaluation.resamples * 25 / 1000
            let (distance, length) = lines.reduce((0, 0)) { ($0.0 + $1.distance, $0.1 + $1.length) }
            return Writer(
                name: name, lines: lines.count, cer: Double(distance) / Double(max(length, 1)),
                interval: rates[outside]...rates[TextEvaluation.resamples - 1 - outside])
        }.sorted { ($1.cer, $0.name) < ($0.cer, $1.name) }
    }
}

extension Double {
    /// `7.25 %`
    package var percent: String { (100 * self).fixed(2) + " %" }
}
