/// Profiles of a model on the same batches.
public struct ModelProfile: Sendable, Equatable, Encodable {
    /// Training steps: forward pass, loss, backward pass, and the optimizer's step.
    public let training: Profile
    /// The output of the network, without training and loss.
    public let inference: Profile
}

extension Model {
    /// Measures what the operations of training steps and of inference cost.
    ///
    /// ```swift
    /// print(try model.profile(training).training)
    /// ```
    /// The model is trained by these steps and by one before, which packs weights and requests memory.
    ///
    /// - Parameters:
    ///   - data: the training data.
    ///   - batches: the number of batches; fewer if there are fewer.
    ///   - seed: the seed of dropout.
    /// - Throws: ``TrainingError`` if there are no samples, or the loss is NaN; errors of makers of samples.
    public mutating func profile(_ data: BatchLoader, batches: Int = 1, seed: UInt64 = 0) throws -> ModelProfile {
        precondition(batches > 0, "profile: batches is \(batches); it must be at least 1.")
        var (loader, sample) = (data.batches(epoch: 0), [Batch]())
        while sample.count < batches, let batch = try loader.nextBatch() { sample.append(batch) }
        guard let first = sample.first else { throw TrainingError("There are no samples to profile.") }
        func noise(_ number: Int) -> RandomStream { RandomStream(seed: seed).split(number) }
        _ = try step(first, random: noise(0))
        let training = try Profile.measuring {
            for (number, batch) in sample.enumerated() { _ = try step(batch, random: noise(number + 1)) }
        }
        _ = network(first.input, widths: first.widths)
        let inference = Profile.measuring { for batch in sample { _ = network(batch.input, widths: batch.widths) } }
        return ModelProfile(training: training, inference: inference)
    }
}
