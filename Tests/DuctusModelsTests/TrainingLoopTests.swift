import DuctusModels
import DuctusTestSupport
import Testing

/// What `fit` and loops of one's own need besides the plain step.
@Suite struct TrainingLoopTests {
    private struct Line: Network {
        let layer = Dense(2, 1)
        func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { layer(x) }
    }

    /// y = 3 a − 2 b + 1 for standardized features.
    private static func points(_ count: Int = 32) -> ExampleCache {
        let inputs = (0..<count).map { Tensor<Float>.sample([2], seed: UInt64($0 + 1), scale: 2) }
        return ExampleCache(
            examples: inputs.map { x in
                Example(input: x, targets: Tensor([3 * x.scalars[0] - 2 * x.scalars[1] + 1]))
            },
            names: (0..<count).map { "point \($0)" }, expectation: Expectation(shape: [2]))
    }

    @Test func regressionOnRowsOfFeatures() throws {
        let network = Initialization.seeded(1) { Line() }
        var model = Model(network, loss: .meanSquaredError, metrics: [], optimizer: .adam(rate: 0.05))
        let data = BatchLoader(Self.points(), batchSize: 8, shuffles: true)
        try model.fit(data, epochs: 120, validating: BatchLoader(Self.points(), batchSize: 32, shuffles: false))
        let weight = network.layer.weight.stored.scalars
        #expect(abs(weight[0] - 3) < 0.05)
        #expect(abs(weight[1] + 2) < 0.05)
    }

    @Test func frozenLayersStay() throws {
        var model = TinyTraining.model()
        model.freeze("conv", "norm")
        let before = model.network.namedParameters.map(\.parameter.stored)
        try model.fit(BatchLoader(TinyTraining.data(), batchSize: 4, shuffles: true), epochs: 1)
        for ((name, parameter), old) in zip(model.network.namedParameters, before) {
            let isFrozen = name.hasPrefix("conv") || name.hasPrefix("norm")
            #expect((parameter.stored == old) == isFrozen, "\(name)")
        }
        model.unfreeze()
        #expect(model.trainedParameters.count == model.network.trainableParameters.count)
    }

    @Test func sharedLayersAreFrozenUnderAnyPath() {
        struct Decoder: Layer {
            let projection: Dense
            func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { projection(x) }
        }
        struct Tied: Network {
            let encoder: Dense
            let decoder: Decoder
            let head = Dense(2, 1)
            init() {
                encoder = Dense(2, 2)
                decoder = Decoder(projection: encoder)
            }
            func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { head(decoder(encoder(x))) }
        }
        for path in ["encoder", "decoder", "decoder.projection"] {
            var model = Model(Tied(), loss: .meanSquaredError, metrics: [], optimizer: .adam(rate: 0.05))
            model.freeze(path)
            #expect(model.trainedParameters.map(\.name) == ["head.weight", "head.bias"], "\(path)")
        }
    }

    @Test func unknownPathsCannotBeFrozen() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            var model = TinyTraining.model()
            model.freeze("con")
        }
        let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(message.contains("nothing at the path \"con\""))
    }

    // MARK: Loss values

    @Test func undefinedValidationIsNeverTheBest() throws {
        let folder = try TemporaryFolder()
        let calls = Locked(0)
        let score = Metric("score") { _, _ in
            let call = calls.withLock { calls -> Int in
                calls += 1
                return calls
            }
            return (total: [Double.nan, 0.5, 0.25][call - 1], count: 1)
        }
        var model = TinyTraining.model(metrics: [score])
        let history = try model.fit(
            BatchLoader(TinyTraining.data(), batchSize: 4, shuffles: true), epochs: 3,
            validating: BatchLoader(TinyTraining.data(count: 5), batchSize: 5, shuffles: false),
            callbacks: [.checkpoints(in: folder.path, monitor: "score", higherIsBetter: true)])
        #expect(history[0].validation["score"]?.isNaN == true)
        let best = try TensorArchive(contentsOf: folder.file(WeightsFile.bestName))
        #expect(best.metadata["epoch"] == "2")
        let resumed = try Checkpoint(contentsOf: folder.file(Checkpoint.lastName))
        #expect(resumed.state.history[0].validation["score"]?.isNaN == true)
        #expect(resumed.state.history[1].validation["score"] == 0.5)
    }

    @Test func emptyValidationIsRefused() throws {
        var model = TinyTraining.model()
        let error = #expect(throws: TrainingError.self) {
            try model.fit(
                BatchLoader(TinyTraining.data(), batchSize: 4, shuffles: true), epochs: 1,
                validating: BatchLoader(TinyTraining.data(count: 0), batchSize: 4, shuffles: false))
        }
        #expect(error?.description.contains("no samples to validate on") == true)
        let nothing = try model.evaluate(BatchLoader(TinyTraining.data(count: 0), batchSize: 4, shuffles: false))
        #expect(nothing["loss"]?.isNaN == true)
        #expect(nothing["accuracy"]?.isNaN == true)
    }

    @Test func errorsOfMakersEndTrainingAndEvaluation() {
        struct Missing: Error {}
        var model = TinyTraining.model()
        let data = TinyTraining.data()
        let loader = BatchLoader(widths: data.examples.map { _ in 6 }, batchSize: 4, shuffles: false) {
            data.names[$0]
        } example: { index, _ in
            if index == 6 { throw Missing() }
            return data.examples[index]
        }
        #expect(throws: Missing.self) { try model.fit(loader, epochs: 1) }
        #expect(model.optimizer.steps == 1)
        #expect(throws: Missing.self) { try model.evaluate(loader) }
    }

    // MARK: Optimizers

    @Test func momentsBelongToTheirParameters() {
        var optimizer = Optimizer.sgd(rate: 1, momentum: 0.9)
        for power in 0..<8 {
            let parameter = Parameter(Tensor<Float>.ones([4 << power]))
            optimizer.step(valueAndGradient(of: [parameter]) { parameter.value.sum() }.gradients)
            #expect(parameter.stored == .zeros([4 << power]))
        }
    }

    @Test func savedStatesContinueExactly() throws {
        func step(_ network: TinyNetwork, _ optimizer: inout Optimizer, _ number: Int) {
            let x = Tensor<Float>.sample([4, 6, 6, 1], seed: UInt64(number))
            let random = RandomStream(seed: UInt64(number))
            optimizer.step(
                valueAndGradient(of: network, random: random) { softmaxCrossEntropy($0(x), [0, 1, 2, 0]) }.gradients)
        }
        let whole = Initialization.seeded(1) { TinyNetwork() }
        var optimizer = Optimizer.adamW(rate: 0.01)
        for number in 0..<3 { step(whole, &optimizer, number) }
        var archive = TensorArchive()
        whole.save(to: &archive)
        optimizer.save(to: &archive, of: whole)
        let saved = try TensorArchive(archive.encoded(), path: "memory")
        step(whole, &optimizer, 3)

        let resumed = Initialization.seeded(2) { TinyNetwork() }
        try resumed.load(from: saved)
        var other = Optimizer.adamW(rate: 0.01)
        try other.load(from: saved, of: resumed)
        step(resumed, &other, 3)
        #expect(
            resumed.namedParameters.map(\.parameter.stored) == whole.namedParameters.map(\.parameter.stored))
        #expect(throws: ArchiveError.self) { try other.load(from: TensorArchive(), of: resumed) }
    }

    /// The slots of rules have different meanings: a first moment of Adam may be negative, a mean square of RMSprop may not.
    @Test func statesOfOtherRulesAreRefused() throws {
        let network = Initialization.seeded(1) { Line() }
        var optimizer = Optimizer.adam(rate: 0.01)
        optimizer.step(valueAndGradient(of: network) { $0([[1, 2]]).sum() }.gradients)
        var archive = TensorArchive()
        optimizer.save(to: &archive, of: network)
        var other = Optimizer.rmsprop(rate: 0.01)
        let error = #expect(throws: ArchiveError.self) { try other.load(from: archive, of: network) }
        #expect(error?.problem.hasPrefix("has the state of the optimizer adam, not of rmsprop; ") == true)
        #expect(other.steps == 0)
        var decaying = Optimizer.adamW(rate: 0.01)
        try decaying.load(from: archive, of: network)
        #expect(decaying.steps == 1)
        // As older versions saved it.
        archive.metadata["optimizer"] = nil
        try optimizer.load(from: archive, of: network)
    }

    @Test func groupsHaveRatesAndRulesOfTheirOwn() {
        let (a, b, c) = (Parameter(Tensor<Float>(1)), Parameter(Tensor<Float>(1)), Parameter(Tensor<Float>(1)))
        var optimizer = Optimizer(.sgd(momentum: 0, decay: 0.5), rate: 0.5)
        optimizer.group([b], rateFactor: 0.5)
        optimizer.group([c], rule: .sgd())
        func step() {
            optimizer.step(
                valueAndGradient(of: [a, b, c]) { a.value + b.value + c.value }.gradients)
        }
        step()
        #expect(a.stored.item() == 1 - 0.5 * 1.5)
        #expect(b.stored.item() == 1 - 0.25 * 1.5)
        #expect(c.stored.item() == 1 - 0.5)
        optimizer.rate = 0
        step()
        #expect(c.stored.item() == 0.5)
    }

    @Test func runningStatisticsMayBeFrozenAlone() throws {
        var model = TinyTraining.model()
        let norm = model.network.norm
        let (mean, variance) = (norm.runningMean.stored, norm.runningVariance.stored)
        model.freeze("norm.runningMean")
        let loader = BatchLoader(TinyTraining.data(), batchSize: 4, shuffles: true)
        try model.fit(loader, epochs: 1)
        #expect(norm.runningMean.stored == mean)
        #expect(norm.runningVariance.stored != variance)
        model.unfreeze()
        try model.fit(loader, epochs: 1)
        #expect(norm.runningMean.stored != mean)
    }

    /// Until a callback ends it.
    @Test func aTrainingMayBeEndless() throws {
        var model = TinyTraining.model()
        let loader = BatchLoader(TinyTraining.data(), batchSize: 4, shuffles: true)
        let end = Callback(afterEpoch: { $0.state.epoch == 2 ? .stop : .continue })
        #expect(try model.fit(loader, epochs: .max, callbacks: [end, .progress()]).count == 2)
    }

    @Test func accuracyNeedsALabelForEveryAnswer() throws {
        let batch = try #require(
            Array(BatchLoader(TinyTraining.data(count: 6), batchSize: 6, shuffles: false).batches(epoch: 0)).first)
        let zeros = Tensor<Float>.zeros([6, 3])
        #expect(Metric.accuracy.measure(zeros, batch) == (2, 6))
        #expect(Metric.accuracy(ignoring: 2).measure(zeros, batch) == (2, 4))
        #expect(Metric.accuracy.measure(.zeros([6, 5, 3]), batch) == (0, 0))
    }

    @Test func gradientsAddUp() {
        let (w, v) = (Parameter(Tensor<Float>([1, 2])), Parameter(Tensor<Float>(5)))
        var sum = valueAndGradient(of: [w]) { w.value.squared().sum() }.gradients
        sum += valueAndGradient(of: [w, v]) { w.value.sum() * v.value }.gradients
        #expect(sum[w] == [7, 9])
        #expect(sum[v]?.item() == 3)
        sum.clip(toValue: 8)
        #expect(sum[w] == [7, 8])
        #expect(sum.areFinite)
    }
}
