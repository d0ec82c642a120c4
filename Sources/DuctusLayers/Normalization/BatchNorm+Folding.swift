extension BatchNorm {
    /// The normalized output of a convolution. At inference the normalization is folded into the weights of the
    /// convolution, w γ / √(σ² + ε), and its bias.
    ///
    /// - Parameters:
    ///   - convolution: the convolution, which has no activation.
    ///   - x: its input.
    ///   - widths: the width of each sample of the convolution's output without padding, which is zero in the result and
    ///     does not count in the statistics of the batch.
    public func callAsFunction(
        _ convolution: Conv2D, _ x: Tensor<Float>, widths: [Int]? = nil
    ) -> Tensor<Float> {
        precondition(
            convolution.activation == .identity,
            "\(title) cannot be folded into \(convolution), which has an activation; it must have none.")
        let parameters = [convolution.weight, convolution.bias, scale, shift, runningMean, runningVariance]
        guard !Training.isActive(for: scale), !parameters.contains(where: { $0?.isWatched == true }),
            Observation.observer?.needsEveryLayer != true
        else { return self(convolution(x), widths: widths) }
        let parts = parameters.map { $0?.packed }
        let convolution = folded.convolution(from: parts) { fold(into: convolution) }
        guard let widths else { return convolution(x) }
        // Cleared in place, as nobody else holds the output.
        return convolution(x).cleared(from: widths)
    }

    private func fold(into convolution: Conv2D) -> Conv2D {
        let factor = scale.stored / (runningVariance.stored + Float(epsilon)).squareRoot()
        var offset = shift.stored - runningMean.stored * factor
        if let bias = convolution.bias { offset += bias.stored * factor }
        let folded = Conv2D(
            weight: convolution.weight.stored * factor, bias: offset, stride: convolution.stride,
            padding: convolution.padding, dilation: convolution.dilation, groups: convolution.groups,
            activation: activation)
        folded.place.path = convolution.place.path
        return folded
    }

    /// Caches the last folded convolution.
    final class Folded: Sendable {
        private typealias Parts = [PackedWeights<Float>?]
        private let last = Locked<(parts: Parts, convolution: Conv2D)?>(nil)

        /// Parameters get new packed weights whenever their values change, so these tell whether the cache is valid.
        func convolution(from parts: [PackedWeights<Float>?], _ fold: () -> Conv2D) -> Conv2D {
            last.withLock { last in
                if let last, zip(last.parts, parts).allSatisfy({ $0 === $1 }) { return last.convolution }
                let convolution = fold()
                last = (parts, convolution)
                return convolution
            }
        }
    }
}
