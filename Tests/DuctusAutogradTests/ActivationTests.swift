import DuctusAutograd
import DuctusTestSupport
import Testing

/// An operation that fuses an activation computes what the two compute one after the other.
@Suite struct ActivationTests {
    @Test(arguments: Activation.allCases, [1, 7, 40]) func denseFusesActivations(activation: Activation, rows: Int) {
        let (x, w, b) = (
            Tensor<Float>.sample([rows, 9]), Tensor<Float>.sample([9, 37], seed: 2), Tensor<Float>.sample([37])
        )
        expectFused(activation, at: [x, w, b]) {
            dense($1[0], weight: $1[1], bias: $1[2], activation: $0)
        }
    }

    @Test(arguments: Activation.allCases, ConvolutionAlgorithm.allCases)
    func convolutionFusesActivations(activation: Activation, algorithm: ConvolutionAlgorithm) {
        let inputs = [Tensor<Float>.sample([2, 9, 11, 8]), .sample([3, 3, 8, 24], seed: 2), .sample([24], seed: 3)]
        ConvolutionAlgorithm.$forced.withValue(algorithm) {
            expectFused(activation, at: inputs) {
                convolution2D($1[0], weight: $1[1], bias: $1[2], padding: .same, activation: $0)
            }
        }
    }

    @Test(arguments: Activation.allCases, [IntPair(2, 2), IntPair(2, 1)])
    func transposedConvolutionFusesActivations(activation: Activation, stride: IntPair) {
        let inputs = [Tensor<Float>.sample([2, 3, 5, 4]), .sample([2, 2, 4, 5], seed: 2), .sample([5], seed: 3)]
        expectFused(activation, at: inputs) {
            transposedConvolution2D($1[0], weight: $1[1], bias: $1[2], stride: stride, activation: $0)
        }
    }

    @Test(arguments: Activation.allCases) func normalizationFusesActivations(activation: Activation) {
        let inputs = [Tensor<Float>.sample([3, 5, 7, 6]), .sample([6], seed: 2), .sample([6], seed: 3)]
        expectFused(activation, at: inputs) {
            batchNormalization($1[0], scale: $1[1], shift: $1[2], activation: $0).output
        }
        expectFused(activation, at: inputs) {
            groupNormalization($1[0], groups: 2, scale: $1[1], shift: $1[2], activation: $0)
        }
    }

    /// The limits of x Φ(x) and of its derivative, where infinity times 0 would be NaN.
    @Test func geluHasLimits() {
        func check<Scalar: FloatingScalar>(_ type: Scalar.Type) {
            let x: Tensor<Scalar> = Tensor([-.infinity, -1e20, 1e20, .infinity])
            let (value, pullback) = valueAndPullback(at: [x]) { $0[0].gelu() }
            #expect(value.scalars == [0, 0, 1e20, .infinity])
            #expect(pullback(Tensor([1, 1, 1, 1]))[0].scalars == [0, 0, 1, 1])
        }
        check(Float.self)
        check(Double.self)
    }

    /// Compares outputs, whether or not they are recorded, and gradients.
    private func expectFused(
        _ activation: Activation, at inputs: [Tensor<Float>],
        _ operation: (Activation, [Tensor<Float>]) -> Tensor<Float>
    ) {
        let expected = activation(operation(.identity, inputs))
        #expect(operation(activation, inputs) == expected)
        let upstream = Tensor<Float>.sample(expected.shape, seed: 9)
        let (output, pullback) = valueAndPullback(at: inputs) { operation(activation, $0) }
        #expect(output == expected)
        let separate = valueAndPullback(at: inputs) { activation(operation(.identity, $0)) }.pullback(upstream)
        for (found, expected) in zip(pullback(upstream), separate) {
            #expect(disagreement(of: found, with: expected, tolerance: 1e-5) == nil)
        }
    }
}
