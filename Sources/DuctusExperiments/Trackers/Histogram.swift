/// The distribution of some numbers, in parts of equal width.
public struct Histogram: Codable, Sendable, Equatable {
    /// The number of parts.
    static let parts = 30

    /// The smallest number.
    public let minimum: Double
    /// The largest number.
    public let maximum: Double
    /// The number of numbers in each part, from the smallest to the largest.
    public let counts: [Int]
    /// Σ x.
    public let sum: Double
    /// Σ x².
    public let sumOfSquares: Double

    /// The distribution of numbers; nil if there are none, or one is not finite.
    package init?(_ numbers: [Float]) {
        guard var least = numbers.first else { return nil }
        var (most, sum, squares) = (least, 0.0, 0.0)
        for number in numbers {
            (least, most) = (min(least, number), max(most, number))
            sum += Double(number)
            squares += Double(number) * Double(number)
        }
        guard squares.isFinite else { return nil }
        var counts = [Int](repeating: 0, count: Self.parts)
        (minimum, maximum) = (Double(least), Double(most))
        // In Double, neither the range nor its reciprocal overflows.
        let scale = maximum > minimum ? Double(Self.parts) / (maximum - minimum) : 0
        for number in numbers { counts[min(Int((Double(number) - minimum) * scale), Self.parts - 1)] += 1 }
        self.counts = counts
        (self.sum, sumOfSquares) = (sum, squares)
    }

    /// The upper limit of every part.
    public var limits: [Double] {
        (1...counts.count).map { minimum + (maximum - minimum) * Double($0) / Double(counts.count) }
    }
}

/// A line of `histograms.jsonl`: the distribution of every parameter after an epoch.
struct HistogramsLine: Codable, Sendable {
    let epoch: Int
    let step: Int
    let time: Double
    let weights: [String: Histogram]
}

extension Callback {
    /// Appends the distributions of all parameters to a file after every epoch.
    static func histograms(to file: RecordFile<HistogramsLine>) -> Callback {
        Callback(
            atStart: { context in
                try file.open { $0.epoch <= context.state.epoch }
                return .continue
            },
            afterEpoch: { context in
                let weights = context.network.namedParameters.compactMap { name, parameter in
                    Histogram(parameter.stored.scalars).map { (name, $0) }
                }
                try file.append(
                    HistogramsLine(
                        epoch: context.state.epoch, step: context.optimizer.steps, time: MetricsLine.now,
                        weights: Dictionary(weights) { first, _ in first }))
                return .continue
            })
    }
}
