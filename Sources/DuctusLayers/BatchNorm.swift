/// Batch normalisation over the last axis, with an activation (Ioffe and Szegedy 2015).
///
/// While a tape records it uses the batch's own statistics and moves the running ones towards them; otherwise it uses
/// the running ones. There is no mode to switch.
///
/// ```swift
/// Sequential { Conv2D(1, 32, bias: false); BatchNorm(32, activation: .relu) }   // the shift is bias enough
/// ```
public struct BatchNorm: Layer, CustomStringConvertible, Placed {
    /// γ, `[channels]`: ones at first.
    public let scale: Parameter
    /// β, `[channels]`: zeros at first.
    public let shift: Parameter
    /// `[channels]`: the mean that inference subtracts; kept with the weights, not trained.
    public let runningMean: Parameter
    /// `[channels]`: the unbiased variance that inference divides by; kept with the weights, not trained.
    public let runningVariance: Parameter
    /// How far the running statistics move towards a batch's.
    public let momentum: Double
    /// What keeps variances of 0 from being divided by.
    public let epsilon: Double
    /// Applied to the output.
    public let activation: Activation
    let folded = Folded()
    let place = Place()

    /// Normalises `channels`, the length of the last axis.
    public init(
        _ channels: Int, momentum: Double = 0.1, epsilon: Double = 1e-5, activation: Activation = .identity
    ) {
        scale = Parameter(.ones([channels]))
        shift = Parameter(.zeros([channels]))
        runningMean = Parameter(.zeros([channels]), isTrainable: false)
        runningVariance = Parameter(.ones([channels]), isTrainable: false)
        (self.momentum, self.epsilon, self.activation) = (momentum, epsilon, activation)
    }

    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
        let channels = scale.shape[0]
        expect(x.shape.last == channels, "input is \(x.shape); last axis must be \(channels)")
        return listed { Tape.isRecording ? normalizedByBatch(x) : normalized(x) }
    }

    private func normalized(_ x: Tensor<Float>) -> Tensor<Float> {
        return Normalization(
            mean: runningMean.stored.scalars.map(Double.init),
            variance: runningVariance.stored.scalars.map(Double.init), scale: scale.stored, shift: shift.stored,
            epsilon: epsilon, activation: activation)(x)
    }

    private func normalizedByBatch(_ x: Tensor<Float>) -> Tensor<Float> {
        let (output, mean, variance) = batchNormalization(
            x, scale: scale.value, shift: shift.value, epsilon: epsilon, activation: activation)
        let rows = Double(x.count / scale.shape[0])
        // The variance kept for later is the unbiased one.
        move(runningMean, towards: mean)
        move(runningVariance, towards: variance.map { $0 * rows / max(rows - 1, 1) })
        return output
    }

    private func move(_ running: Parameter, towards batch: [Double]) {
        running.stored = Tensor(
            zip(running.stored.scalars, batch).map { Float(Double($0) + momentum * ($1 - Double($0))) })
    }

    public var description: String { "BatchNorm \(scale.shape[0])" }
}
