/// A reliability diagram: how often answers are right, by their confidence. Where confidences are calibrated, the bars end on
/// the diagonal.
///
/// See A. Niculescu-Mizil and R. Caruana, *Predicting Good Probabilities with Supervised Learning*, 2005.
public struct ReliabilityChart: Chart {
    /// Answers of similar confidence.
    public struct Bin: Sendable, Equatable {
        /// The number of answers.
        public let count: Int
        /// Their mean confidence, 0 to 1.
        public let confidence: Double
        /// The share that is right, 0 to 1.
        public let accuracy: Double

        /// A bin.
        public init(count: Int, confidence: Double, accuracy: Double) {
            (self.count, self.confidence, self.accuracy) = (count, confidence, accuracy)
        }
    }

    public let title: String
    private let bins: [Bin]
    private let label: String
    private let expectedError: Double?

    /// A diagram of the bins that have answers.
    ///
    /// - Parameters:
    ///   - title: the title.
    ///   - y: what is right, such as `share of right words`.
    ///   - bins: the bins, of equal width.
    ///   - expectedError: the expected calibration error, for the description; nil without answers.
    public init(
        _ title: String, y: String = "share of right answers", _ bins: [Bin], expectedError: Double? = nil
    ) {
        (self.title, label, self.bins, self.expectedError) = (title, y, bins, expectedError)
    }

    public func drawing(width: Double, height: Double) -> Drawing {
        let summary =
            expectedError.map { "The expected calibration error is \($0.brief)." }
            ?? "How often answers are right, by their confidence."
        var plot = Plot(
            Drawing(title, summary: summary, width: width, height: height), x: Scale([Double](), within: 0...1),
            y: Scale([Double](), within: 0...1), labels: ("confidence", label))
        let largest = Double(bins.map(\.count).max() ?? 1)
        for (number, bin) in bins.enumerated() where bin.count > 0 {
            let (low, high) = (Double(number) / Double(bins.count), Double(number + 1) / Double(bins.count))
            guard let start = plot.place(low, 0), let end = plot.place(high, bin.accuracy) else { continue }
            // Bins with few answers are pale, because their shares are uncertain.
            let opacity = 0.25 + 0.65 * (Double(bin.count) / largest).squareRoot()
            plot.drawing.add(
                .rectangle(x: start.x + 1, y: end.y, width: end.x - start.x - 2, height: start.y - end.y), .series(0),
                opacity: opacity,
                note: "\(bin.count) of mean confidence \(bin.confidence.brief): \(bin.accuracy.brief) right")
        }
        if let start = plot.place(0, 0), let end = plot.place(1, 1) {
            plot.drawing.add(.line([start, end], width: 1.5, dash: [5, 4]), .axis)
        }
        for bin in bins where bin.count > 0 {
            guard let place = plot.place(bin.confidence, bin.accuracy) else { continue }
            plot.drawing.add(.disk(place, radius: 3.5), .series(1))
        }
        return plot.drawing
    }
}
