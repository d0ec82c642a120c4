/// The measurements of a training step.
public struct StepRecord: Sendable, Codable, Equatable {
    /// The number of the step, from 1, over all epochs.
    public var step: Int
    /// The number of its epoch, from 1.
    public var epoch: Int
    /// The loss of the batch; infinite if none of its samples counts.
    public var loss: Double
    /// The learning rate.
    public var rate: Double
    /// The global norm of the gradients, √Σ g², before clipping.
    public var gradientNorm: Double
    /// The global norm of the change of the parameters.
    public var updateNorm: Double
    /// The number of samples per second, from the end of the previous step to the end of this one.
    public var samplesPerSecond: Double

    package init(
        step: Int, epoch: Int, loss: Double, rate: Double, gradientNorm: Double, updateNorm: Double,
        samplesPerSecond: Double
    ) {
        (self.step, self.epoch, self.loss, self.rate) = (step, epoch, loss, rate)
        (self.gradientNorm, self.updateNorm) = (gradientNorm, updateNorm)
        self.samplesPerSecond = samplesPerSecond
    }
}
