import DuctusModels
import DuctusTestSupport
import Synchronization
import Testing

/// One weight and one statistic, moved by hand.
private struct Pair: Network {
    let weight = Parameter([1])
    let statistic = Parameter([10], isTrainable: false)

    /// Batch statistics follow the batch.
    func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
        if Training.isActive { Training.update(statistic) { $0 + 1 } }
        return x * weight.value
    }
}

/// Everything that a resumed training must reproduce: convolutions, batch statistics, noise.
private struct Small: Network {
    let conv = Conv2D(1, 3, bias: false)
    let norm = BatchNorm(3, activation: .relu)
    let dropout = Dropout(0.3)
    let head = Dense(48, 3)

    func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
        let y = norm(conv, x).flattened(from: 1)
        return head(dropout(y))
    }
}

@Suite struct WeightAverageTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private var last: String { folder.file(Checkpoint.lastName) }
    private var best: String { folder.file(WeightsFile.bestName) }

    private static func data(count: Int, seed: UInt64 = 0) -> ExampleCache {
        ExampleCache(
            examples: (0..<count).map {
                Example(input: .sample([6, 6, 1], seed: seed + UInt64($0)), labels: Tensor(Int32($0 % 3)))
            },
            names: (0..<count).map { "image \($0)" }, expectation: Expectation(shape: [6, 6, 1], classes: 3))
    }

    private static let loader = BatchLoader(data(count: 11), batchSize: 4, shuffles: true, seed: 1)
    private static let validation = BatchLoader(data(count: 6, seed: 50), batchSize: 4, shuffles: false)

    private static func model(decay: Double? = 0.9) -> Model<Small> {
        Model(
            Initialization.seeded(1) { Small() }, loss: .softmaxCrossEntropy, optimizer: .adam(rate: 0.02),
            average: decay.map { WeightAverage(decay: $0) })
    }

    private func bits(_ network: some Network) -> [[UInt32]] {
        network.namedParameters.map { $0.parameter.stored.scalars.map(\.bitPattern) }
    }

    /// average ← d · average + (1 − d) · weights, d = min(decay, (1 + step) / (10 + step)), from the weights after the
    /// first step on.
    @Test(arguments: [0.5, 0.3, 0]) func averageFollowsTheFormula(decay: Double) throws {
        let weights = Mutex<[(weight: Double, statistic: Double)]>([])
        let watch = Callback(afterBatch: { context in
            let values = context.network.namedParameters.map { Double($0.parameter.stored.item()) }
            weights.withLock { $0.append((values[0], values[1])) }
        })
        let data = ExampleCache(
            examples: (1...4).map { Example(input: Tensor([Float($0)], shape: [1, 1, 1]), labels: Tensor(Int32(0))) },
            names: ["1", "2", "3", "4"], expectation: Expectation(shape: [1, 1, 1], classes: 1))
        var model = Model(
            Pair(), loss: Loss("square") { output, _ in (output - 5).squared().mean() }, metrics: [],
            optimizer: .sgd(rate: 0.01), average: WeightAverage(decay: decay))
        try model.fit(BatchLoader(data, batchSize: 1, shuffles: false), epochs: 3, callbacks: [watch])
        let seen = weights.withLock { $0 }
        #expect(seen.count == 12)
        var expected = seen[0]
        for (step, values) in zip(2..., seen.dropFirst()) {
            let d = min(decay, Double(1 + step) / Double(10 + step))
            expected.weight = d * expected.weight + (1 - d) * values.weight
            expected.statistic = d * expected.statistic + (1 - d) * values.statistic
        }
        let (weight, statistic) = model.averaged {
            (Double(model.network.weight.stored.item()), Double(model.network.statistic.stored.item()))
        }
        #expect(abs(weight - expected.weight) < 1e-5)
        #expect(abs(statistic - expected.statistic) < 1e-4)
        #expect(Double(model.network.weight.stored.item()) == seen[11].weight)
        #expect(Double(model.network.statistic.stored.item()) == seen[11].statistic)
    }

    @Test func averagingDoesNotAffectTraining() throws {
        var (plain, averaging) = (Self.model(decay: nil), Self.model())
        let losses = try plain.fit(Self.loader, epochs: 3, validating: Self.validation).map(\.loss)
        let history = try averaging.fit(Self.loader, epochs: 3, validating: Self.validation)
        #expect(history.map(\.loss) == losses)
        #expect(bits(averaging.network) == bits(plain.network))
        #expect(try averaging.evaluate(Self.validation) != plain.evaluate(Self.validation))
    }

    @Test func validationMeasurementsAndBestWeightsUseTheAverage() throws {
        let measured = Mutex<[[UInt32]]>([])
        let watch = Callback(measure: { context in
            measured.withLock { $0 = bits(context.network) }
            return ["watched": 1]
        })
        var model = Self.model()
        let history = try model.fit(
            Self.loader, epochs: 1, validating: Self.validation, callbacks: [watch, .checkpoints(in: folder.path)])
        let average = model.averaged { bits(model.network) }
        #expect(average != bits(model.network))
        #expect(measured.withLock { $0 } == average)
        let other = Self.model(decay: nil)
        try other.network.load(from: TensorArchive(contentsOf: best))
        #expect(bits(other.network) == average)
        #expect(try other.evaluate(Self.validation)["loss"] == history[0].validation["loss"])
        let archive = try TensorArchive(contentsOf: last)
        try other.network.load(from: archive)
        #expect(bits(other.network) == bits(model.network))
        try other.network.load(from: archive, prefix: "average.")
        #expect(bits(other.network) == average)
    }

    @Test func errorsRestoreTheWeights() throws {
        var model = Self.model()
        try model.fit(Self.loader, epochs: 1)
        let before = bits(model.network)
        #expect(throws: Interruption.self) { try model.averaged { throw Interruption() } }
        #expect(bits(model.network) == before)
    }

    /// Interrupted anywhere and resumed, a training run ends with the same bits.
    @Test(arguments: 1...6) func resumesAfterAnyBatch(batches: Int) throws {
        var whole = Self.model()
        let history = try whole.fit(Self.loader, epochs: 2, validating: Self.validation)
        let done = Mutex(0)
        let interruption = Callback(afterBatch: { _ in
            let count = done.withLock { count in
                count += 1
                return count
            }
            if count == batches { throw Interruption() }
        })
        let kept = Callback.checkpoints(in: folder.path, every: .zero)
        var first = Self.model()
        #expect(throws: Interruption.self) {
            try first.fit(
                Self.loader, epochs: 2, validating: Self.validation, callbacks: [kept, interruption])
        }
        let checkpoint = try Checkpoint(contentsOf: last)
        var second = Self.model()
        try second.restore(checkpoint)
        let resumed = try second.fit(
            Self.loader, epochs: 2, validating: Self.validation, callbacks: [kept], from: checkpoint.state)
        #expect(resumed.map(\.validation) == history.map(\.validation))
        #expect(bits(second.network) == bits(whole.network))
        #expect(second.averaged { bits(second.network) } == whole.averaged { bits(whole.network) })
    }

    @Test func checkpointsWithoutAnAverageAreRefused() throws {
        var model = Self.model(decay: nil)
        try model.fit(Self.loader, epochs: 1, callbacks: [.checkpoints(in: folder.path)])
        var averaging = Self.model()
        let before = bits(averaging.network)
        let error = #expect(throws: ArchiveError.self) {
            try averaging.restore(Checkpoint(contentsOf: last))
        }
        #expect(error?.description.contains("average.conv.weight") == true)
        #expect(bits(averaging.network) == before)
    }
}
