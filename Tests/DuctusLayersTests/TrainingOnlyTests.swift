import DuctusLayers
import DuctusTestSupport
import Testing

/// Layers that differ between training and inference.
@Suite struct TrainingOnlyTests {
    /// `layer(x)` in training, with a seed for noise.
    private func recorded(_ layer: some Layer, _ x: Tensor<Float>, seed: UInt64 = 1) -> Tensor<Float> {
        withTraining(random: RandomStream(seed: seed)) { layer(x) }
    }

    @Test(arguments: try Goldens.cases("batchnorm"))
    func batchNormKeepsRunningStatistics(golden: GoldenCase) throws {
        let input = try golden.tensor("input")
        let layer = BatchNorm(input.shape[input.rank - 1], activation: golden.activation)
        layer.scale.stored = try golden.tensor("weight")
        layer.shift.stored = try golden.tensor("bias")
        layer.runningMean.stored = try golden.tensor("running_mean")
        layer.runningVariance.stored = try golden.tensor("running_variance")
        let isTraining = golden.flag("training")
        let output = isTraining ? recorded(layer, input) : layer(input)
        let expected = [
            ("output", output), (isTraining ? "new_running_mean" : "running_mean", layer.runningMean.stored),
            (isTraining ? "new_running_variance" : "running_variance", layer.runningVariance.stored),
        ]
        for (name, tensor) in expected {
            let problem = try disagreement(of: tensor, with: golden.tensor(name), tolerance: 5e-6)
            #expect(problem == nil, "\(name)")
        }
    }

    @Test(arguments: [0.1, 0.5, 0.9]) func dropoutKeepsTheMean(rate: Double) {
        let ones = Tensor<Float>.ones([300, 400])
        let layer = Dropout(rate)
        #expect(layer(ones) == ones)
        let output = recorded(layer, ones)
        let kept = Float(1 / (1 - rate))
        #expect(output.scalars.allSatisfy { $0 == 0 || $0 == kept })
        let zeros = Double(output.scalars.count { $0 == 0 }) / Double(output.count)
        // Five standard deviations for 120,000 draws.
        #expect(abs(zeros - rate) < 5 * (rate * (1 - rate) / 120_000).squareRoot())
        #expect(abs(Double(output.mean().item()) - 1) < 0.05)
    }

    @Test func dropoutFollowsItsSeed() {
        let ones = Tensor<Float>.ones([64])
        let twice = Sequential {
            Dropout(0.5)
            Dropout(0.5)
        }
        #expect(recorded(twice, ones) == recorded(twice, ones))
        #expect(recorded(twice, ones) != recorded(twice, ones, seed: 2))
        // Two layers have different masks; with equal ones the second would only double the output of the first.
        #expect(recorded(twice, ones) != recorded(Dropout(0.5), ones) * Float(2))
        #expect(recorded(Dropout(0), ones) == ones)
    }
}

@Suite struct InitializationTests {
    @Sendable private static func build() -> Sequential {
        Sequential {
            Conv2D(3, 8, activation: .relu)
            Dense(200, 100)
            LSTM(16, 9)
        }
    }

    private func weights(_ layer: some Layer) -> [[Float]] { layer.namedParameters.map(\.parameter.stored.scalars) }

    @Test func initialValuesDependOnTheSeed() {
        let first = Initialization.seeded(7, Self.build)
        _ = Self.build()
        #expect(weights(Initialization.seeded(7, Self.build)) == weights(first))
        #expect(weights(Initialization.seeded(8, Self.build)) != weights(first))
        #expect(weights(Initialization.seeded(7) { Initialization.seeded(8, Self.build) }) != weights(first))
    }

    @Test func layersDifferWithoutASeed() {
        #expect(Dense(4, 4).weight.stored != Dense(4, 4).weight.stored)
    }

    /// Uniform numbers within a bound have a standard deviation of bound / √3.
    @Test func initialValuesHaveTheSpreadOfTheirRule() {
        func spread(_ parameter: Parameter) -> (largest: Double, deviation: Double) {
            let scalars = parameter.stored.scalars.map(Double.init)
            let mean = scalars.reduce(0) { $0 + $1 * $1 } / Double(scalars.count)
            return (scalars.map(abs).max() ?? 0, mean.squareRoot())
        }
        let expectations: [(Parameter, Double)] = Initialization.seeded(3) {
            [
                (Dense(300, 100).weight, (6.0 / 400).squareRoot()),
                (Dense(300, 100, activation: .relu).weight, (6.0 / 300).squareRoot()),
                (Conv2D(8, 64, activation: .relu).weight, (6.0 / 72).squareRoot()),
                (LSTM(64, 64).forward.recurrentWeight, 1.0 / 8),
            ]
        }
        for (parameter, bound) in expectations {
            let (largest, deviation) = spread(parameter)
            #expect(largest <= bound * 1.000001)
            #expect(largest > 0.95 * bound)
            #expect(abs(deviation / bound * 3.0.squareRoot() - 1) < 0.05)
        }
    }

    @Test func biasesOfForgetGatesStartAtOneOthersAtZero() {
        #expect(Dense(3, 2).bias?.stored == [0, 0])
        #expect(LSTM(3, 2).forward.bias.stored == [0, 0, 1, 1, 0, 0, 0, 0])
    }
}
