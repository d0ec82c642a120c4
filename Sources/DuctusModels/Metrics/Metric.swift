/// A measure of the quality of a network's output, averaged over samples.
///
/// ```swift
/// let foreground = Metric("foregroundAccuracy") { logits, batch in
///     let pixels = zip(logits.argmax().scalars, batch.labels.scalars).filter { $0.1 != 0 }
///     return (Double(pixels.count { $0 == $1 }), pixels.count)
/// }
/// ```
public struct Metric: Sendable {
    /// The key of its value in ``Model/evaluate(_:)`` and ``EpochRecord/validation``.
    public let name: String
    /// Computes the sum over a batch, and the number of summands.
    public let measure: @Sendable (Tensor<Float>, Batch) -> (total: Double, count: Int)

    /// The function returns a sum and a count, so that batches of different sizes are weighted correctly.
    public init(_ name: String, _ measure: @escaping @Sendable (Tensor<Float>, Batch) -> (total: Double, count: Int)) {
        (self.name, self.measure) = (name, measure)
    }

    /// The share of samples, or pixels, whose label has the largest logit.
    public static let accuracy = Metric("accuracy") { logits, batch in
        let right = zip(logits.argmax().scalars, batch.labels.scalars).reduce(0) { $0 + ($1.0 == $1.1 ? 1 : 0) }
        return (Double(right), batch.labels.count)
    }
}
