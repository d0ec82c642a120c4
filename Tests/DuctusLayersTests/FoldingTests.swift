import DuctusLayers
import DuctusTestSupport
import Testing

/// A normalization folded into the preceding convolution computes what the two compute one after the other.
@Suite struct FoldingTests {
    private func pair(bias: Bool) -> (Conv2D, BatchNorm) {
        let norm = BatchNorm(8, activation: .relu)
        for (seed, parameter) in [norm.scale, norm.shift, norm.runningMean, norm.runningVariance].enumerated() {
            // Variances are positive.
            let values = Tensor<Float>.sample([8], seed: UInt64(seed))
            parameter.stored = seed == 3 ? values.squared() + 0.1 : values
        }
        let convolution = Conv2D(4, 8, padding: .same, dilation: IntPair(1, 2), bias: bias)
        convolution.bias?.stored = .sample([8], seed: 9)
        return (convolution, norm)
    }

    @Test(arguments: [true, false]) func doesNotChangeTheOutput(bias: Bool) {
        let (convolution, norm) = pair(bias: bias)
        let x = Tensor<Float>.sample([2, 7, 9, 4])
        #expect(disagreement(of: norm(convolution, x), with: norm(convolution(x)), tolerance: 1e-5) == nil)
    }

    @Test func followsChangesOfEveryParameter() {
        let (convolution, norm) = pair(bias: true)
        let x = Tensor<Float>.sample([1, 6, 5, 4])
        let parameters = convolution.namedParameters + norm.namedParameters
        #expect(parameters.count == 6)
        for (name, parameter) in parameters {
            let before = norm(convolution, x)
            parameter.stored = parameter.stored * 1.5 + 0.25  // a bias starts as zeros
            let after = norm(convolution, x)
            #expect(after != before, "\(name) was changed")
            #expect(disagreement(of: after, with: norm(convolution(x)), tolerance: 1e-5) == nil)
        }
    }

    /// Training uses the statistics of the batch.
    @Test func recordingNormalizesByTheBatch() {
        let (convolution, norm) = pair(bias: false)
        let x = Tensor<Float>.sample([2, 6, 5, 4])
        var recorded: Tensor<Float>?
        _ = valueAndGradient(of: norm) {
            recorded = $0(convolution, x).detached()
            return ($0(convolution, x) * x.sum()).sum()
        }
        #expect(recorded != norm(convolution, x))
        #expect(norm.runningMean.stored != pair(bias: false).1.runningMean.stored)
    }
}
