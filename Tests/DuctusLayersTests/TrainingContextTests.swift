import DuctusLayers
import DuctusTestSupport
import Testing

/// Recording is not training: what layers do is decided by the training step around them.
@Suite struct TrainingContextTests {
    private struct Small: Layer {
        let conv = Conv2D(1, 3, padding: .same)
        let norm = BatchNorm(3, activation: .tanh)
        let dropout = Dropout(0.5)
        let head = Dense(48, 2)

        func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
            head(dropout(norm(conv, x)).flattened(from: 1))
        }
    }

    private let network = Initialization.seeded(1) { Small() }
    private let x = Tensor<Float>.sample([2, 4, 4, 1])

    private func values(_ module: some Module) -> [Tensor<Float>] { module.namedParameters.map(\.parameter.stored) }

    /// Running statistics other than those at the start.
    private func train() { withTraining(random: RandomStream(seed: 3)) { _ = network(x * 2 + 1) } }

    @Test func inputGradientsLeaveTheNetworkAsItWas() {
        train()
        let before = values(network)
        let (value, gradients) = valueAndGradient(at: [x]) { network($0[0]).sum() }
        #expect(values(network) == before)
        #expect(abs(value.item() - network(x).sum().item()) < 1e-5)
        let derivative = (network(x + gradients[0] * 1e-3).sum() - network(x - gradients[0] * 1e-3).sum()).item() / 2e-3
        #expect(abs(Double(derivative) - gradients[0].sumOfSquares) < 1e-2 * gradients[0].sumOfSquares)
    }

    @Test func stepsUpdateStatisticsAtTheirEnd() {
        let before = network.norm.runningMean.stored
        withTraining {
            _ = network(x)
            #expect(network.norm.runningMean.stored == before)
        }
        #expect(network.norm.runningMean.stored != before)
    }

    @Test func sharedNormalizationsUpdateTwice() {
        let (once, twice) = (BatchNorm(1), BatchNorm(1))
        withTraining { _ = once(x) }
        withTraining { _ = twice(twice(x) * 0 + x) }
        let first = once.runningMean.stored.item()
        #expect(abs(twice.runningMean.stored.item() - 1.9 * first) < 1e-6)
    }

    @Test func thrownStepsUpdateNothing() {
        struct Stop: Error {}
        let before = values(network)
        #expect(throws: Stop.self) {
            try withTraining {
                _ = network(x)
                throw Stop()
            }
        }
        #expect(values(network) == before)
    }

    @Test func othersStayAtInferenceWithinAStep() {
        train()
        let teacher = Initialization.seeded(2) { Small() }
        let (before, expected) = (values(teacher), teacher(x))
        let gradients = valueAndGradient(of: network) { network in
            let target = withoutTraining { teacher(x) }
            #expect(target == expected)
            return (network(x) - target).squared().mean()
        }.gradients
        #expect(values(teacher) == before)
        #expect(gradients[teacher.head.weight] == nil)
        #expect(gradients[network.head.weight] != nil)
    }

    @Test func frozenNormalizationsStayAsTheyAre() {
        train()
        let before = network.norm.runningMean.stored
        let trained = network.parameters { path, _ in path.hasPrefix("head") }
        let gradients = valueAndGradient(of: trained) { network(x).squared().sum() }.gradients
        #expect(network.norm.runningMean.stored == before)
        #expect(gradients.parameters.map { $0 === network.head.weight } == [true, false])
    }

    @Test func dropoutOfEverythingIsZero() {
        let layer = Dropout(1)
        #expect(layer(x) == x)
        let infinite = x.replacing(with: .infinity, where: x .> 0)
        let (value, gradients) = withTraining { valueAndGradient(at: [infinite]) { layer($0[0]).sum() } }
        #expect(value.item() == 0)
        #expect(gradients[0] == .zeros(x.shape))
    }

    @Test func gradientsOfLayersAreChecked() {
        struct Wrong: Layer {
            let weight = Parameter(Tensor<Float>(2))
            func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { x * weight.value * weight.stored }
        }
        let before = values(network)
        #expect(GradientCheck(of: network, at: x).worst < 1e-2)
        #expect(values(network) == before)
        let wrong = GradientCheck(of: Wrong(), at: .ones([1]))
        #expect(wrong.worst > 0.1)
        #expect(wrong.input == 1)
    }

    /// √(0 x) is 0, but its gradient is an infinite one times 0. The element that is checked after it has a gradient.
    @Test func gradientsThatAreNoNumbersAreTheWorst() {
        struct Root: Layer {
            func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { (x * [0, 1]).squareRoot() }
        }
        let check = GradientCheck(at: [[1, 4]]) { ($0[0] * [0, 1]).squareRoot() }
        #expect(check.worst.isNaN)
        #expect(check.element == 0)
        let ofLayer = GradientCheck(of: Root(), at: [1, 4])
        #expect(ofLayer.worst.isNaN)
        #expect(ofLayer.element == 0)
    }

    @Test func singleValuesCannotBeNormalizedByBatch() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            withTraining { _ = BatchNorm(3)(.ones([1, 3])) }
        }
        let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(message.contains("one value per channel"))
    }
}
