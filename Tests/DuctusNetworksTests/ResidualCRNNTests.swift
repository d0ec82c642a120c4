import DuctusModels
import DuctusNetworks
import DuctusTestSupport
import Testing

@Suite struct ResidualCRNNTests {
    /// Small, and without noise.
    private static func plain(
        height: Int = 32, hidden: Int = 5, recurrentLayers: Int = 2, shortcut: Bool = false
    ) -> ResidualCRNN.Configuration {
        .init(
            classes: 4, height: height, filters: [3, 4, 6], hidden: hidden, recurrentLayers: recurrentLayers,
            dropout: 0,
            headDropout: 0, maskedShare: 0, shortcut: shortcut)
    }

    /// With everything that is random in training.
    private static let noisy = ResidualCRNN.Configuration(
        classes: 4, height: 32, filters: [3, 4, 6], hidden: 5, dropout: 0.2, headDropout: 0.3, channelDropout: 0.2,
        maskedShare: 0.3, maskedSteps: [1, 3])

    private func network(_ configuration: ResidualCRNN.Configuration) -> ResidualCRNN {
        Initialization.seeded(2) { ResidualCRNN(configuration) }
    }

    /// The network's output while a tape records.
    private func recorded(
        _ network: ResidualCRNN, _ x: Tensor<Float>, widths: [Int], seed: UInt64 = 1
    ) -> Tensor<Float> {
        var output = x
        _ = valueAndGradient(of: network, random: RandomStream(seed: seed)) {
            output = $0(x, widths: widths).detached()
            return output.sum()
        }
        return output
    }

    /// By hand: pixels, or steps, times the weights that each of them meets.
    @Test func theUsualSizes() {
        let network = Initialization.seeded(1) { ResidualCRNN(.defaults(classes: 81)) }
        let blocks = [
            2 * 9 * 32 * 32, 9 * 32 * 64 + 9 * 64 * 64 + 32 * 64 + 2 * 9 * 64 * 64,
            9 * 64 * 128 + 9 * 128 * 128 + 64 * 128 + 2 * 9 * 128 * 128,
        ]
        let recurrent = 2 * 768 * (128 + 192 + 384 + 192)
        let norms = 2 * (3 * 32 + 5 * 64 + 5 * 128)
        let weights = 25 * 32 + blocks.reduce(0, +) + recurrent + 384 * 81
        #expect(network.parameterCount == weights + norms + 2 * 2 * 768 + 81 + (3 * 128 + 1) * 81)
        let images = 32 * 450 * (25 * 32 + blocks[0]) + 16 * 225 * blocks[1] + 8 * 225 * blocks[2]
        #expect(network.summary().multiplyAdds == images + 225 * (recurrent + 384 * 81))
    }

    @Test(arguments: [(3, 1), (6, 1), (7, 2), (99, 25), (100, 25), (101, 25), (102, 25), (103, 26)])
    func hasAStepEveryFourColumns(width: Int, steps: Int) {
        let network = network(Self.plain())
        #expect(network(.zeros([1, 32, width, 1])).shape == [1, steps, 4])
        #expect(network.steps(width: width) == steps)
    }

    @Test func noStepsBelowItsMinimum() {
        #expect(ResidualCRNN.steps(width: ResidualCRNN.minimumWidth) == 1)
        #expect(ResidualCRNN.steps(width: ResidualCRNN.minimumWidth - 1) == 0)
    }

    @Test(arguments: [16, 48, 64]) func anyMultipleOfSixteenRows(height: Int) {
        #expect(network(Self.plain(height: height))(.zeros([2, height, 40, 1])).shape == [2, 10, 4])
    }

    @Test(arguments: [
        (["height": 60], "key \"height\" is 60; it must be a multiple of 16"),
        (["filters": 2], "key \"filters\" has 2 numbers; it must have 3"),
        (["blocks": 4], "key \"blocks\" has 4 numbers; it must have 3"),
        (["maskedSteps": 1], "key \"maskedSteps\" has 1 numbers; it must have 2"),
        (["headDropout": 1], "key \"headDropout\" is 1.0; it must be at least 0 and below 1"),
    ]) func invalidConfigurationsNameTheirKey(settings: [String: Int], problem: String) {
        var configuration = ResidualCRNN.Configuration.defaults(classes: 4)
        for (key, value) in settings {
            switch key {
            case "height": configuration.height = value
            case "filters": configuration.filters = Array(repeating: 8, count: value)
            case "blocks": configuration.blocks = Array(repeating: 1, count: value)
            case "maskedSteps": configuration.maskedSteps = Array(repeating: 4, count: value)
            default: configuration.headDropout = Double(value)
            }
        }
        #expect(configuration.problem == problem)
    }

    @Test func spansAscend() {
        var configuration = ResidualCRNN.Configuration.defaults(classes: 4)
        #expect(configuration.problem == nil)
        configuration.maskedSteps = [8, 4]
        #expect(configuration.problem == "key \"maskedSteps\" is [8, 4]; it must ascend")
    }

    /// Whatever is right of a line, ink included.
    @Test(arguments: [1, 2]) func paddingDoesNotAffectLines(recurrentLayers: Int) {
        let network = network(Self.plain(recurrentLayers: recurrentLayers))
        // With nonzero shifts and biases, padding does not stay zero.
        for (number, named) in network.namedParameters.enumerated() where named.parameter.shape.rank == 1 {
            named.parameter.stored = Tensor.sample(named.parameter.shape, seed: UInt64(number)).squared() + 0.2
        }
        let widths = [29, 3, 66, 91, 102, 4, 60]
        let lines = Tensor<Float>.sample([7, 32, 102, 1])
        let together = network(lines, widths: widths)
        for (n, width) in widths.enumerated() {
            let alone = network(lines.sliced(n..<n + 1, axis: 0).sliced(0..<width, axis: 2))
            let found = together.sliced(n..<n + 1, axis: 0).sliced(0..<network.steps(width: width), axis: 1)
            #expect(disagreement(of: found, with: alone, tolerance: 1e-5) == nil, "width \(width)")
        }
    }

    /// Not even in training, where lines share the statistics of the batch.
    @Test func paddingDoesNotAffectTraining() {
        let (wide, narrow) = (network(Self.plain(shortcut: true)), network(Self.plain(shortcut: true)))
        let lines = Tensor<Float>.sample([3, 32, 50, 1])
        let expected = recorded(narrow, lines, widths: [50, 31, 40])
        let found = recorded(wide, lines.padded(before: 0, after: 30, axis: 2), widths: [50, 31, 40])
        #expect(disagreement(of: found.sliced(0..<12, axis: 1), with: expected, tolerance: 1e-5) == nil)
        for (a, b) in zip(wide.namedParameters, narrow.namedParameters) {
            #expect(disagreement(of: a.parameter.stored, with: b.parameter.stored, tolerance: 1e-5) == nil, "\(a.name)")
        }
    }

    /// Through both heads, with masks and dropout, for lines of different widths.
    @Test func gradientsAreCorrect() {
        let network = network(Self.noisy)
        let lines = Tensor<Float>.sample([3, 32, 40, 1])
        let derivative = DirectionalDerivative(of: network.trainableParameters, step: 1e-3) {
            network(lines, widths: [40, 23, 31])
        }
        #expect(derivative.agrees(tolerance: 1e-2), "\(derivative)")
        #expect(derivative.norm > 0)
    }

    @Test func theSecondHeadIsThereOnlyInTraining() {
        let lines = Tensor<Float>.sample([3, 32, 40, 1])
        let both = network(Self.plain(shortcut: true))
        #expect(both(lines).shape == [3, 10, 4])
        #expect(recorded(both, lines, widths: [40, 40, 40]).shape == [6, 10, 4])
        #expect(recorded(network(Self.plain()), lines, widths: [40, 40, 40]).shape == [3, 10, 4])
    }

    /// The weights of a network with a second head are those of one without, and more.
    @Test func inferenceNeedsNoSecondHead() throws {
        let both = network(Self.plain(shortcut: true))
        var archive = TensorArchive()
        both.save(to: &archive)
        let one = Initialization.seeded(9) { ResidualCRNN(Self.plain()) }
        try one.load(from: TensorArchive(archive.encoded(), path: "memory"))
        let lines = Tensor<Float>.sample([2, 32, 30, 1])
        #expect(one(lines) == both(lines))
    }

    @Test func noiseFollowsItsSeed() {
        let lines = Tensor<Float>.sample([2, 32, 80, 1])
        func output(seed: UInt64) -> Tensor<Float> {
            recorded(network(Self.noisy), lines, widths: [80, 70], seed: seed)
        }
        #expect(output(seed: 1) == output(seed: 1))
        #expect(output(seed: 1) != output(seed: 2))
    }

    @Test func threadsDoNotMatter() {
        let lines = Tensor<Float>.sample([4, 32, 200, 1])
        func outcome(threads: Int) -> [Tensor<Float>] {
            onThreads(threads) {
                let network = network(Self.noisy)
                let gradients = valueAndGradient(of: network, random: RandomStream(seed: 1)) {
                    $0(lines, widths: [200, 80, 131, 199]).squared().sum()
                }.gradients
                return network.trainableParameters.compactMap { gradients[$0] }
            }
        }
        #expect(outcome(threads: 2) == outcome(threads: 1))
    }

    @Test func isBuiltByItsName() throws {
        let network = try Registries.networks.network(
            Choice("residualCRNN", settings: ["height": .number("48")]), classes: 7, file: "test")
        let line = try #require(network as? any LineNetwork)
        #expect(line.height == 48)
        #expect((network as? ResidualCRNN)?.configuration.classes == 7)
        #expect(Registries.networks.names(of: (any LineNetwork).self).contains("residualCRNN"))
    }

    @Test func weightsComeBackFromAFile() throws {
        let folder = try TemporaryFolder()
        let network = network(Self.noisy)
        let model = try ModelConfiguration(task: "lines", network: network)
        try WeightsFile.write(network, of: model, to: folder.file("weights.safetensors"))
        let read = try WeightsFile(folder.file("weights.safetensors")).network
        let lines = Tensor<Float>.sample([2, 32, 30, 1])
        #expect(read(lines) == network(lines))
        #expect((read as? ResidualCRNN)?.configuration == network.configuration)
    }

    @Test func overfitsABatch() throws {
        let texts: [[Int32]] = [[1, 2, 3], [3, 3], [2]]
        let widths = [60, 48, 37]
        let examples = zip(widths, texts).map { width, text in
            Example(input: .sample([32, width, 1], seed: UInt64(width)), labels: Tensor(text))
        }
        let data = ExampleCache(
            examples: examples, names: ["a", "b", "c"], expectation: Expectation(shape: [nil, nil, 1], classes: 4))
        let loader = BatchLoader(data, batchSize: 3, shuffles: true)
        let network = network(Self.plain(hidden: 8, shortcut: true))
        var model = Model(
            network, loss: .ctc(blank: 0, steps: network.steps), metrics: [], optimizer: .adam(rate: 0.01))
        try model.fit(loader, epochs: 120)
        let result = try model.evaluate(loader)
        #expect(try #require(result["loss"]) < 0.5)
    }
}
