import DuctusAutograd
import DuctusTestSupport
import Testing

/// Losses and their gradients beside those of PyTorch 2.15 in double precision: `binary_cross_entropy_with_logits`,
/// `huber_loss`, `mse_loss`, and for the focal and the Dice loss their definitions in PyTorch's operations.
@Suite struct LossTests {
    private let logits: Tensor<Double> = [[2, -1, 0.5], [-30, 0, 80]]
    private let targets: Tensor<Double> = [[1, 0, 0.25], [0, 1, 0]]
    private let scores: Tensor<Double> = [[1, 2, 0.5], [0, -1, 3]]
    private let labels: Tensor<Int32> = [1, 0]

    private func expect(
        _ value: Double, _ gradient: Tensor<Double>, at x: Tensor<Double>,
        sourceLocation: SourceLocation = #_sourceLocation, _ loss: (Tensor<Double>) -> Tensor<Double>
    ) {
        let (found, gradients) = valueAndGradient(at: [x]) { loss($0[0]) }
        #expect(abs(found.item() - value) <= 1e-12 * abs(value), sourceLocation: sourceLocation)
        let problem = disagreement(of: gradients[0], with: gradient, tolerance: 1e-12)
        #expect(problem == nil, sourceLocation: sourceLocation)
    }

    @Test func binaryCrossEntropyIsThatOfPyTorch() {
        expect(
            13.663735643883555,
            [
                [-0.01986715367035295, 0.04482357022833252, 0.0620765552003091],
                [1.559603828139883e-14, -0.08333333333333333, 0.16666666666666666],
            ], at: logits
        ) { binaryCrossEntropy($0, targets) }
    }

    @Test func huberIsThatOfPyTorch() {
        expect(
            13.895833333333334, [[0.125, -0.125, 0.041666666666666664], [-0.125, -0.125, 0.125]], at: logits
        ) { huberLoss($0, targets, delta: 0.75) }
    }

    @Test func meanSquaredErrorIsThatOfPyTorch() {
        expect(
            1217.1770833333333,
            [
                [0.3333333333333333, -0.3333333333333333, 0.08333333333333333],
                [-10, -0.3333333333333333, 26.666666666666664],
            ], at: logits
        ) { meanSquaredError($0, targets) }
    }

    @Test func focalIsItsDefinition() {
        expect(
            1.4254025602837315,
            [
                [0.041022582816405306, -0.06590403703515577, 0.024881454218750453],
                [-0.5631862089413366, 0.010129585401773245, 0.5530566235395634],
            ], at: scores
        ) { focalLoss($0, labels) }
    }

    /// A class that a mask excludes has the logit −∞; the loss of others is that without it.
    @Test func classesOfProbabilityZeroDoNotMatter() {
        let masked: Tensor<Float> = [[0.5, -1, -.infinity]]
        let others: Tensor<Float> = [[0.5, -1]]
        #expect(focalLoss(masked, [0]) == focalLoss(others, [0]))
    }

    @Test func withoutFocusItIsCrossEntropy() {
        #expect(focalLoss(scores, labels, gamma: 0) == softmaxCrossEntropy(scores, labels))
    }

    @Test func diceIsItsDefinition() {
        expect(
            0.39512119667807666,
            [
                [0.030977854588336864, -0.05075898414220736, 0.019781129553870503],
                [-0.013344956332118327, 0.0007481970325877292, 0.012596759299530596],
            ], at: scores
        ) { diceLoss($0, labels) }
    }

    /// The loss that both have where a sample is classified perfectly.
    @Test func perfectSamplesHaveFiniteGradients() {
        let certain: Tensor<Float> = [[200, 0], [0, 200]]
        let gradients = valueAndGradient(at: [certain]) { focalLoss($0[0], [0, 1]) + diceLoss($0[0], [0, 1]) }.gradients
        let isFinite = gradients[0].scalars.allSatisfy { $0.isFinite }
        #expect(isFinite)
    }

    /// `torch.nn.functional.silu` in double precision.
    @Test func siluIsThatOfPyTorch() {
        let x: Tensor<Double> = [-20, -2, -1, 0, 0.5, 3]
        let (value, gradients) = valueAndGradient(at: [x]) { $0[0].silu().sum() }
        #expect(abs(value.item() - 2.6616047394309246) < 1e-12)
        let expected: Tensor<Double> = [
            -3.9161918660646786e-08, -0.09078424878489547, 0.07232948812851325, 0.5, 0.7399611873026519,
            1.0881041060151693,
        ]
        #expect(disagreement(of: gradients[0], with: expected, tolerance: 1e-12) == nil)
    }
}
