/// How the loss changes while the learning rate rises from step to step: the learning rate range test (Smith, "Cyclical
/// Learning Rates for Training Neural Networks", 2017).
public struct RateSearch: Sendable {
    /// A step.
    public struct Point: Sendable {
        /// The learning rate.
        public let rate: Double
        /// The loss, averaged over the last steps.
        public let loss: Double
    }

    /// The steps whose loss is finite, until it has risen far above its minimum or training cannot continue.
    public let points: [Point]

    /// The rate at which the loss falls most steeply, over the logarithm of the rate; nil if it does not fall.
    ///
    /// The slope is that of the regression line through nine points.
    public var suggestion: Double? {
        guard let lowest = points.indices.min(by: { points[$0].loss < points[$1].loss }),
            let first = points.first, points[lowest].loss < 0.98 * first.loss
        else { return nil }
        let reach = 4
        let slopes = points.indices.dropFirst(reach).prefix { $0 <= lowest && $0 + reach < points.count }.map { index in
            (index, (-reach...reach).reduce(0.0) { $0 + Double($1) * points[index + $1].loss })
        }
        return slopes.min { $0.1 < $1.1 }.map { points[$0.0].rate } ?? points[lowest].rate / 10
    }
}

extension Model {
    /// Trains for some steps while the learning rate rises, evenly in its logarithm. The weights are then of no use.
    ///
    /// - Parameters:
    ///   - data: the training data.
    ///   - steps: the number of steps, if the loss does not rise too far.
    ///   - rates: the first and the last rate.
    ///   - seed: the seed of dropout.
    /// - Throws: ``TrainingError`` if there are no samples, or the first loss is no number; errors of makers of samples.
    public mutating func searchRate(
        _ data: BatchLoader, steps: Int = 100, rates: ClosedRange<Double> = 1e-6...1, seed: UInt64 = 0
    ) throws -> RateSearch {
        guard data.batchesPerEpoch > 0 else { throw TrainingError("There are no samples to train on.") }
        optimizer.schedule = .constant
        var (points, mean, weight, least) = ([RateSearch.Point](), 0.0, 0.0, Double.infinity)
        var (epoch, taken) = (0, 0)
        while taken < steps {
            var batches = data.batches(epoch: epoch)
            while taken < steps, let batch = try batches.nextBatch() {
                let progress = Double(taken) / Double(max(steps - 1, 1))
                optimizer.rate = rates.lowerBound * power(rates.upperBound / rates.lowerBound, progress)
                let record: StepRecord
                do {
                    record = try step(batch, random: RandomStream(seed: seed).split(optimizer.steps))
                } catch is TrainingError where !points.isEmpty {
                    return RateSearch(points: points)
                }
                taken += 1
                // Infinite are losses of impossible samples, such as texts that are too long for CTC, at any rate.
                guard record.loss.isFinite else { continue }
                // An exponential average, as if there had been infinitely many earlier steps of the same mean.
                (mean, weight) = (0.9 * mean + 0.1 * record.loss, 0.9 * weight + 0.1)
                points.append(RateSearch.Point(rate: record.rate, loss: mean / weight))
                least = min(least, mean / weight)
                if mean / weight > 4 * least { return RateSearch(points: points) }
            }
            epoch += 1
        }
        return RateSearch(points: points)
    }
}
