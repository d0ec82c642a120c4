/// Why training cannot continue.
public struct TrainingError: Error, CustomStringConvertible, Sendable {
    /// One sentence that states the problem.
    public let description: String
    /// The batch whose loss or gradients are not finite, if that is the problem.
    public let batch: Batch?

    package init(_ description: String, batch: Batch? = nil) { (self.description, self.batch) = (description, batch) }
}
