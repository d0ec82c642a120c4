/// Counts the epochs since a value was the best so far.
struct Stagnation {
    /// Whether larger values are better.
    let higherIsBetter: Bool
    /// The smallest change that counts as an improvement.
    let minimumChange: Double
    /// The epochs without improvement.
    var epochs = 0
    private var best = Double.infinity

    init(higherIsBetter: Bool, minimumChange: Double) {
        (self.higherIsBetter, self.minimumChange) = (higherIsBetter, minimumChange)
    }

    /// Adds the value of the next epoch. One that is not finite is no improvement.
    mutating func add(_ value: Double) {
        let cost = higherIsBetter ? -value : value
        if cost.isFinite, cost < best - minimumChange { (best, epochs) = (cost, 0) } else { epochs += 1 }
    }
}

extension [EpochRecord] {
    /// The values of a loss or metric in the epochs in which it was measured.
    ///
    /// - Parameters:
    ///   - monitor: `loss`, or the name of a metric.
    ///   - watcher: who needs the values, the first word of the error.
    /// - Throws: ``TrainingError`` if there are epochs, but no values.
    func values(of monitor: String, for watcher: String) throws -> [Double] {
        let values = compactMap { $0.validation[monitor] }
        if values.isEmpty, let last {
            let known = last.validation.keys.sorted().joined(separator: ", ")
            throw TrainingError(
                "\(watcher) monitors \"\(monitor)\", but validation reports "
                    + (known.isEmpty ? "nothing." : "only \(known)."))
        }
        return values
    }
}
