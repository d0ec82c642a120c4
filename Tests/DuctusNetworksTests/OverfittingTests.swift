import DuctusModels
import DuctusNetworks
import DuctusTestSupport
import Testing

/// Every network must be able to overfit a small batch.
@Suite struct OverfittingTests {
    /// The loss and the metrics after training on a single batch of `examples`.
    private func train<N: Network>(
        _ make: () -> N, _ examples: [Example], loss: Loss, metrics: [Metric], rate: Double, steps: Int
    ) throws -> [String: Double] {
        let data = ExampleCache(
            examples: examples, names: examples.indices.map { "sample \($0)" },
            expectation: Expectation(shape: [nil, nil, 1], classes: 4))
        let loader = BatchLoader(data, batchSize: examples.count, shuffles: true)
        var model = Model(
            Initialization.seeded(1, make), loss: loss, metrics: metrics, optimizer: .adam(rate: rate))
        try model.fit(loader, epochs: steps)
        return try model.evaluate(loader)
    }

    private func images(_ count: Int, side: Int, width: Int? = nil) -> [Tensor<Float>] {
        (0..<count).map { .sample([side, width ?? side, 1], seed: UInt64(10 + $0)) }
    }

    private func classes(_ images: [Tensor<Float>]) -> [Example] {
        images.enumerated().map { Example(input: $1, labels: Tensor(Int32($0 % 3))) }
    }

    @Test func mlpOverfits() throws {
        let result = try train(
            { MLP(.init(classes: 3, inputs: 36, width: 16, layers: 2, dropout: 0.1)) }, classes(images(9, side: 6)),
            loss: .softmaxCrossEntropy, metrics: [.accuracy], rate: 0.01, steps: 150)
        #expect(result["accuracy"] == 1)
        #expect(try #require(result["loss"]) < 0.05)
    }

    @Test func lenetOverfits() throws {
        let result = try train(
            { LeNet(.init(classes: 3, side: 10, filters: [4, 6], width: 16, dropout: 0.1)) },
            classes(images(9, side: 10)), loss: .softmaxCrossEntropy, metrics: [.accuracy], rate: 0.01, steps: 150)
        #expect(result["accuracy"] == 1)
        #expect(try #require(result["loss"]) < 0.05)
    }

    @Test(arguments: [false, true]) func crnnOverfits(normalizesAll: Bool) throws {
        let texts: [[Int32]] = [[1, 2, 3], [3, 3], [2]]
        let examples = zip(images(3, side: 28, width: 60), texts).map { Example(input: $0, labels: Tensor($1)) }
        let result = try train(
            { CRNN(.init(classes: 4, filters: [4, 4, 6, 6, 8], hidden: 8, normalizesAll: normalizesAll)) }, examples,
            loss: .ctc(blank: 0) { CRNN.steps(width: $0) }, metrics: [], rate: 0.02, steps: 150)
        // Running statistics lag behind those of the batch, hence the margin.
        #expect(try #require(result["loss"]) < 0.5)
    }

    @Test func lineLSTMOverfits() throws {
        let texts: [[Int32]] = [[1, 2, 3], [3, 3], [2]]
        let examples = zip(images(3, side: 28, width: 60), texts).map { Example(input: $0, labels: Tensor($1)) }
        let make = { LineLSTM(.init(classes: 4, window: 12, filters: [4, 6], width: 8, hidden: 12, dropout: 0)) }
        let result = try train(
            make, examples, loss: .lines(make(), blank: 0), metrics: [], rate: 0.02, steps: 150)
        #expect(try #require(result["loss"]) < 0.1)
    }

    private static let line = LineCNN.Configuration(
        classes: 4, characters: 4, columns: 60, window: 8, stride: 4, filters: [4, 6], width: 12, dropout: 0.1)

    /// Texts of different lengths, padded with class 3.
    @Test func lineCNNOverfits() throws { try overfitsPositions { LineCNN(Self.line) } }

    @Test func slidingWindowCNNOverfits() throws { try overfitsPositions { SlidingWindowCNN(Self.line) } }

    private func overfitsPositions<N: LineNetwork>(_ make: () -> N) throws {
        let texts: [[Int32]] = [[1, 2, 0, 2], [0, 0], [2]]
        let examples = zip(images(3, side: 28, width: 60), texts).map { Example(input: $0, labels: Tensor($1)) }
        let result = try train(
            make, examples, loss: .lines(make(), blank: 3), metrics: [], rate: 0.01, steps: 150)
        #expect(try #require(result["loss"]) < 0.05)
    }

    /// Labels vary from pixel to pixel, so blocks must preserve all detail.
    @Test(arguments: [1, 2]) func fcnOverfits(blockSize: Int) throws {
        let labels = Tensor((0..<64).map { Int32(($0 % 8 + $0 / 8) % 3) }, shape: [8, 8])
        let input = (Tensor<Float>(labels) / 2).reshaped(to: [8, 8, 1])
        let result = try train(
            { FCN(.init(filters: 8, blockSize: blockSize, dilations: [1, 1])) },
            [Example(input: input, labels: labels)],
            loss: .softmaxCrossEntropy, metrics: [.accuracy], rate: 0.02, steps: 150)
        #expect(result["accuracy"] == 1)
        #expect(try #require(result["loss"]) < 0.1)
    }

    @Test func unetOverfits() throws {
        let labels = Tensor((0..<64).map { Int32(($0 % 8 + $0 / 8) % 3) }, shape: [8, 8])
        let input = (Tensor<Float>(labels) / 2).reshaped(to: [8, 8, 1])
        let result = try train(
            { UNet(.init(filters: 4, depth: 2)) }, [Example(input: input, labels: labels)],
            loss: .softmaxCrossEntropy, metrics: [.accuracy], rate: 0.02, steps: 150)
        // Running statistics lag behind those of the batch.
        #expect(result["accuracy"] == 1)
        #expect(try #require(result["loss"]) < 0.3)
    }
}
