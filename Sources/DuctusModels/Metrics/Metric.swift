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

    /// The share of samples, or pixels, whose label has the largest logit; NaN if the labels are texts, of which steps have none
    /// of their own.
    public static let accuracy = accuracy(ignoring: nil)

    /// The same without those of one label, such as pixels of no class.
    public static func accuracy(ignoring ignored: Int32?) -> Metric {
        Metric("accuracy") { logits, batch in
            let (answers, labels) = (logits.argmax().scalars, batch.labels.scalars)
            guard answers.count == labels.count else { return (0, 0) }
            let counted = zip(answers, labels).filter { $0.1 != ignored }
            return (Double(counted.count { $0 == $1 }), counted.count)
        }
    }
}
