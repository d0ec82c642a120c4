import DuctusModels
import DuctusTestSupport
import Synchronization
import Testing

/// What a training step measures and adds up.
@Suite struct StepTests {
    private struct Line: Network {
        let layer = Dense(4, 2)
        func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { layer(x) }
    }

    private static func points(_ count: Int = 12) -> ExampleCache {
        ExampleCache(
            examples: (0..<count).map {
                Example(input: .sample([4], seed: UInt64($0 + 1)), labels: Tensor(Int32($0 % 2)))
            },
            names: (0..<count).map { "point \($0)" }, expectation: Expectation(shape: [4], classes: 2))
    }

    private static func records(of model: inout Model<Line>, epochs: Int = 1, batchSize: Int = 4) throws -> [StepRecord]
    {
        let records = Mutex<[StepRecord]>([])
        try model.fit(
            BatchLoader(points(), batchSize: batchSize, shuffles: true), epochs: epochs,
            callbacks: [
                Callback(afterBatch: { context in
                    let step = try #require(context.step)
                    records.withLock { $0.append(step) }
                })
            ])
        return records.withLock { $0 }
    }

    /// Gradient descent with rate 1 changes the parameters by the gradients.
    @Test func normsAreThoseOfGradientsAndUpdates() throws {
        var model = Model(
            Initialization.seeded(1) { Line() }, loss: .softmaxCrossEntropy, optimizer: .sgd(rate: 0.5))
        let before = model.network.namedParameters.map(\.parameter.stored)
        let records = try Self.records(of: &model, batchSize: 12)
        let record = try #require(records.first)
        let after = model.network.namedParameters.map(\.parameter.stored)
        let change = zip(after, before).map { ($0 - $1).squared().sum().item() }.reduce(0, +).squareRoot()
        #expect(abs(record.updateNorm - Double(change)) < 1e-6)
        #expect(abs(record.gradientNorm - 2 * Double(change)) < 1e-6)
        #expect(record.rate == 0.5)
        #expect(record.step == 1)
    }

    @Test func theGradientNormIsThatBeforeClipping() throws {
        var optimizer = Optimizer.sgd(rate: 1)
        optimizer.clipNorm = 0.01
        var model = Model(Initialization.seeded(1) { Line() }, loss: .softmaxCrossEntropy, optimizer: optimizer)
        let record = try #require(try Self.records(of: &model).first)
        #expect(record.gradientNorm > 0.02)
        #expect(abs(record.updateNorm - 0.01) < 1e-6)
    }

    // MARK: Divergence

    @Test func theFirstLayerThatIsNotFiniteIsNamed() throws {
        var model = TinyTraining.model()
        let data = TinyTraining.data(count: 4)
        let loader = BatchLoader(widths: [6, 6, 6, 6], batchSize: 4, shuffles: false) {
            data.names[$0]
        } example: { index, _ in
            var example = data.examples[index]
            if index == 2 { example.input = Tensor(repeating: .infinity, shape: [6, 6, 1]) }
            return example
        }
        let error = try #require(throws: TrainingError.self) { try model.fit(loader, epochs: 1) }
        #expect(error.description.contains("not a number"), "\(error)")
        #expect(error.description.contains("that of the layer conv (Conv2D"), "\(error)")
        #expect(error.batch?.names == data.names)
    }

    @Test func gradientsThatAreNotFiniteChangeNothing() throws {
        struct Root: Network {
            let layer = Dense(4, 1)
            func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { layer(x) }
        }
        // √x at 0 has an infinite derivative.
        let loss = Loss("root") { output, _ in (output * 0).squareRoot().sum() + output.sum() }
        var model = Model(Initialization.seeded(1) { Root() }, loss: loss, metrics: [], optimizer: .sgd(rate: 1))
        let before = model.network.namedParameters.map(\.parameter.stored)
        let error = try #require(throws: TrainingError.self) {
            try model.fit(BatchLoader(Self.points(), batchSize: 4, shuffles: false), epochs: 1)
        }
        #expect(error.description.contains("The gradient of layer.bias is not finite at step 1"), "\(error)")
        #expect(model.network.namedParameters.map(\.parameter.stored) == before)
    }
}
