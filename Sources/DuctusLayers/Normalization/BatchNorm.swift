/// Batch normalization over the last axis, with an activation (Ioffe and Szegedy 2015).
///
/// In training, it normalizes by the statistics of the batch and updates the running ones; otherwise, and if a training step
/// does not train it, it normalizes by the running ones. There is no mode to switch; see `Training`.
///
/// ```swift
/// Sequential { Conv2D(1, 32, bias: false); BatchNorm(32, activation: .relu) }   // the shift replaces the bias
/// ```
public struct BatchNorm: Layer, CustomStringConvertible, Placed {
    /// γ, `[channels]`, initially 1.
    public let scale: Parameter
    /// β, `[channels]`, initially 0.
    public let shift: Parameter
    /// The mean used at inference, `[channels]`; saved with the weights, not trained.
    public let runningMean: Parameter
    /// The unbiased variance used at inference, `[channels]`; saved with the weights, not trained.
    public let runningVariance: Parameter
    /// The weight of a new batch in the running statistics.
    public let momentum: Double
    /// Added to the variance for numerical stability.
    public let epsilon: Double
    /// Applied to the output.
    public let activation: Activation
    let folded = Folded()
    let place = Place()

    /// Normalizes `channels` channels, the length of the last axis.
    public init(
        _ channels: Int, momentum: Double = 0.1, epsilon: Double = 1e-5, activation: Activation = .identity
    ) {
        scale = Parameter(.ones([channels]))
        shift = Parameter(.zeros([channels]))
        runningMean = Parameter(.zeros([channels]), isTrainable: false)
        runningVariance = Parameter(.ones([channels]), isTrainable: false)
        (self.momentum, self.epsilon, self.activation) = (momentum, epsilon, activation)
    }

    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { self(x, widths: nil) }

    /// The output for images `[batch, height, width, channels]` that were padded on the right: padding does not count in
    /// the statistics, and is zero in the output.
    ///
    /// - Parameters:
    ///   - x: the images.
    ///   - widths: the width of each without padding; that of the batch for all if `nil`.
    public func callAsFunction(_ x: Tensor<Float>, widths: [Int]?) -> Tensor<Float> {
        let channels = scale.shape[0]
        expect(x.shape.last == channels, "input is \(x.shape); last axis must be \(channels)")
        return listed { Training.isActive(for: scale) ? normalizedByBatch(x, widths) : normalized(x, widths) }
    }

    private func normalized(_ x: Tensor<Float>, _ widths: [Int]?) -> Tensor<Float> {
        let (mean, variance) = (runningMean.stored, runningVariance.stored)
        let (scale, shift) = (scale.value, shift.value)
        return Tensor.operation("batchNormalization", of: [x, scale, shift]) {
            let output = Normalization(
                mean: mean.scalars.map(Double.init), variance: variance.scalars.map(Double.init),
                scale: scale.detached(), shift: shift.detached(), epsilon: epsilon, activation: activation)(
                    x.detached(), widths: widths)
            return output.recorded(inputs: [x, scale, shift]) { [x = x.detached(), epsilon, activation] upstream in
                valueAndPullback(at: [x, scale.detached(), shift.detached()]) { inputs in
                    let factor = inputs[1] / (variance + Float(epsilon)).squareRoot()
                    let y = activation((inputs[0] - mean) * factor + inputs[2])
                    return widths.map { y.cleared(from: $0) } ?? y
                }.pullback(upstream)
            }
        }
    }

    private func normalizedByBatch(_ x: Tensor<Float>, _ widths: [Int]?) -> Tensor<Float> {
        let rows = Double(widths.map { $0.reduce(0, +) * x.shape[1] } ?? x.count / scale.shape[0])
        expect(
            rows != 1,
            "input is \(x.shape), with one value per channel; training needs several, so batches of one sample "
                + "must be avoided (`BatchLoader` can drop the last batch)")
        let (output, mean, variance) = batchNormalization(
            x, scale: scale.value, shift: shift.value, widths: widths, epsilon: epsilon, activation: activation)
        update(runningMean, with: mean)
        // The running variance is unbiased.
        update(runningVariance, with: variance.map { $0 * rows / max(rows - 1, 1) })
        return output
    }

    private func update(_ running: Parameter, with batch: [Double]) {
        Training.update(running) { old in
            Tensor(zip(old.scalars, batch).map { Float(Double($0) + momentum * ($1 - Double($0))) })
        }
    }

    public var description: String { "BatchNorm \(scale.shape[0])" }
}
