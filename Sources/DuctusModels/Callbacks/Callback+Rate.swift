extension Callback {
    /// Lowers the learning rate when a validation value has not improved for `patience` epochs, and waits as long again
    /// before it lowers it further: `ReduceLROnPlateau` of PyTorch and Keras.
    ///
    /// The rate depends on the history alone, so a resumed run has the same rates as an uninterrupted one. The schedule of
    /// the optimizer, usually constant, is multiplied by it.
    ///
    /// - Parameters:
    ///   - patience: the number of epochs. Epochs in which the value was not measured do not count; in the first it must be.
    ///   - factor: what the rate is multiplied by each time.
    ///   - minimum: the smallest factor in all.
    ///   - monitor: `loss`, or the name of a metric.
    ///   - higherIsBetter: `false` for losses and error rates.
    ///   - minimumChange: the smallest change that counts as an improvement.
    public static func reducingRate(
        patience: Int, factor: Double = 0.1, minimum: Double = 0, monitor: String = "loss",
        higherIsBetter: Bool = false, minimumChange: Double = 0
    ) -> Callback {
        precondition(patience > 0, "reducingRate: patience is \(patience); it must be above 0.")
        precondition(0..<1 ~= factor, "reducingRate: factor is \(factor); it must be from 0 to below 1.")
        return Callback(
            afterEpoch: { context in
                _ = try context.state.history.values(of: monitor, for: "Reducing the rate")
                return .continue
            },
            rateFactor: { history in
                var stagnation = Stagnation(higherIsBetter: higherIsBetter, minimumChange: minimumChange)
                var product = 1.0
                for value in history.compactMap({ $0.validation[monitor] }) {
                    stagnation.add(value)
                    if stagnation.epochs == patience {
                        (product, stagnation.epochs) = (max(product * factor, minimum), 0)
                    }
                }
                return product
            })
    }
}
