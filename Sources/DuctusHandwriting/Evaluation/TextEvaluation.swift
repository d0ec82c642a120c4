/// The error rates of recognized texts: as a whole, by writer, and how much the character error rate would vary with
/// other writers or pages.
package struct TextEvaluation {
    /// All texts.
    package private(set) var all = TextMetrics()
    private var samples: [(writer: String?, page: String?, metrics: TextMetrics)] = []

    /// The number of resamples of the bootstrap.
    package static let resamples = 1000

    /// No texts.
    package init() {}

    /// Adds a recognized text and its reference.
    package mutating func add(_ text: String, reference: String, writer: String?, page: String?) {
        var metrics = TextMetrics()
        metrics.add(text, reference: reference)
        all.add(metrics)
        samples.append((writer, page, metrics))
    }

    /// The error rates of each writer; nil unless all are known.
    package var writers: [String: Evaluation.Writer]? {
        groups(by: \.writer)?.mapValues { Evaluation.Writer(samples: $0.count, cer: $0.cer, wer: $0.wer) }
    }

    /// The 95 % interval of the character error rate over the coarsest units of which there are at least two: writers,
    /// pages or single texts. Nil if there is only one text.
    package var interval: Evaluation.Interval? {
        let writers = groups(by: \.writer).map { ("writers", $0) }
        let pages = groups(by: \.page).map { ("pages", $0) }
        for (unit, groups) in [writers, pages].compactMap(\.self) where groups.count > 1 {
            return interval(over: groups.sorted { $0.key < $1.key }.map(\.value), unit)
        }
        return samples.count > 1 ? interval(over: samples.map(\.metrics), "texts") : nil
    }

    private func interval(over groups: [TextMetrics], _ unit: String) -> Evaluation.Interval {
        let cer = Self.resampledCER(of: groups.map(\.characterErrors), count: Self.resamples)
        let outside = Self.resamples * 25 / 1000
        return Evaluation.Interval(low: cer[outside], high: cer[Self.resamples - 1 - outside], resampled: unit)
    }

    private func groups(by name: (_ sample: (writer: String?, page: String?, metrics: TextMetrics)) -> String?)
        -> [String: TextMetrics]?
    {
        var groups: [String: TextMetrics] = [:]
        for sample in samples {
            guard let name = name(sample) else { return nil }
            groups[name, default: TextMetrics()].add(sample.metrics)
        }
        return groups
    }

    /// The character error rates of random groups, as many as there are, drawn with replacement; sorted.
    ///
    /// - Parameters:
    ///   - errors: the sum of edit distances and of reference lengths of each group.
    ///   - count: the number of draws. Draw i depends on i alone.
    package static func resampledCER(of errors: [(distance: Int, length: Int)], count: Int) -> [Double] {
        let stream = RandomStream(seed: 1)
        return parallelMap(count) { index in
            var random = stream.split(index)
            var (distance, length) = (0, 0)
            for _ in errors {
                let group = errors[Int.random(in: 0..<errors.count, using: &random)]
                distance += group.distance
                length += group.length
            }
            return length > 0 ? Double(distance) / Double(length) : distance > 0 ? 1 : 0
        }.sorted()
    }
}

extension Evaluation {
    /// The error rates of a writer.
    public struct Writer: Sendable, Codable, Equatable {
        /// The number of lines or pages.
        public let samples: Int
        /// `TextMetrics.cer` over them.
        public let cer: Double
        /// `TextMetrics.wer` over them.
        public let wer: Double
    }

    /// The interval that has 95 % of the character error rates of 1,000 random resamples of the data set.
    ///
    /// Resampled are whole writers, or pages where those are not known, with replacement, because lines of a writer are
    /// not independent of each other (Bisani and Ney, *Bootstrap estimates for confidence intervals in ASR performance
    /// evaluation*, ICASSP 2004). The seed is fixed.
    public struct Interval: Sendable, Codable, Equatable {
        /// The lower end.
        public let low: Double
        /// The upper end.
        public let high: Double
        /// What was resampled: `writers`, `pages`, or `texts`.
        public let resampled: String
    }
}
