import DuctusModels
import DuctusTestSupport
import Synchronization
import Testing

@Suite struct TrainingTests {
    @Test func resultsDependOnTheSeedAlone() throws {
        let first = try TinyTraining().run()
        #expect(try TinyTraining().run() == first)
        #expect(try TinyTraining(seed: 2).run().weights != first.weights)
    }

    @Test func recordsEveryEpoch() throws {
        let batches = Mutex<[Int]>([])
        let watch = Callback(afterBatch: { context in
            batches.withLock { $0.append(context.state.epoch * 10 + context.state.batch) }
            #expect(context.totalEpochs == 3)
            #expect(context.batchesPerEpoch == TinyTraining.batchesPerEpoch)
            #expect(context.loss > 0)
        })
        var model = TinyTraining.model()
        let loader = BatchLoader(TinyTraining.data(), batchSize: 4, shuffles: true)
        let history = try model.fit(loader, epochs: 3, validating: loader, callbacks: [watch])
        #expect(batches.withLock { $0 } == [1, 2, 3, 11, 12, 13, 21, 22, 23])
        try #require(history.map(\.epoch) == [1, 2, 3])
        #expect(history.allSatisfy { Set($0.validation.keys) == ["loss", "accuracy"] })
        #expect(history[2].loss < history[0].loss)
        #expect(model.optimizer.steps == 9)
    }

    @Test func everyTrainingHasItsOwnSchedule() throws {
        let rates = Mutex<[Double]>([])
        let watch = Callback(afterBatch: { context in
            let step = try #require(context.step)
            rates.withLock { $0.append(step.rate) }
        })
        var model = TinyTraining.model()
        let loader = BatchLoader(TinyTraining.data(), batchSize: 4, shuffles: true)
        for _ in 0..<2 { try model.fit(loader, epochs: 2, callbacks: [watch]) }
        let all = rates.withLock { $0 }
        try #require(all.count == 12)
        #expect(Array(all[6...]) == Array(all[..<6]))
        #expect(Set(all).count > 3)
    }

    /// Evaluation leaves every parameter alone, running statistics included.
    @Test func evaluationChangesNothing() throws {
        let model = TinyTraining.model()
        let loader = BatchLoader(TinyTraining.data(), batchSize: 4, shuffles: false)
        let before = Outcome(model.network, [])
        let result = try model.evaluate(loader)
        #expect(try model.evaluate(loader) == result)
        #expect(Outcome(model.network, []) == before)
        let one = try model.evaluate(BatchLoader(TinyTraining.data(), batchSize: 11, shuffles: false))
        #expect(abs(try #require(one["loss"]) - #require(result["loss"])) < 1e-6)
        #expect(one["accuracy"] == result["accuracy"])
    }

    @Test func trainingNeedsSamples() {
        var model = TinyTraining.model()
        let loader = BatchLoader(TinyTraining.data(count: 0), batchSize: 4, shuffles: true)
        let error = #expect(throws: TrainingError.self) { try model.fit(loader, epochs: 1) }
        #expect(error?.description == "There are no samples to train on.")
    }

    @Test func aLossThatIsNotANumberNamesItsSamples() throws {
        var model = TinyTraining.model()
        let good = TinyTraining.data(count: 4, names: "good")
        var bad = TinyTraining.data(count: 1, names: "bad").examples
        bad[0].input = bad[0].input * .nan
        let data = good.joined(
            with: ExampleCache(examples: bad, names: ["bad page"], expectation: good.expectation))
        let before = Outcome(model.network, []).weights["head.weight"]
        let error = #expect(throws: TrainingError.self) {
            try model.fit(BatchLoader(data, batchSize: 5, shuffles: false), epochs: 1)
        }
        let message = try #require(error).description
        #expect(message.hasPrefix("The loss is not a number at step 1, on samples "))
        #expect(message.contains("good 0"))
        #expect(Outcome(model.network, []).weights["head.weight"] == before)
    }

    @Test func earlyStoppingDependsOnTheHistoryAlone() throws {
        let records = { (values: [Double]) in
            values.enumerated().map {
                EpochRecord(epoch: $0 + 1, loss: 1, validation: ["score": $1], rate: 1, seconds: 0)
            }
        }
        /// How many epochs a run with these scores takes, resumed after `done` of them.
        func epochs(_ scores: [Double], done: Int = 0) throws -> Int {
            let next = Mutex(done)
            let score = Metric("score") { _, _ in
                (
                    next.withLock { index in
                        index += 1
                        return scores[index - 1]
                    }, 1
                )
            }
            var model = TinyTraining.model(metrics: [score])
            var state = TrainingState()
            (state.epoch, state.history) = (done, records(Array(scores.prefix(done))))
            let loader = BatchLoader(TinyTraining.data(count: 4), batchSize: 4, shuffles: false)
            return try model.fit(
                loader, epochs: scores.count, validating: loader,
                callbacks: [.earlyStopping(patience: 2, monitor: "score", higherIsBetter: true)], from: state
            ).count
        }
        let scores = [0.1, 0.5, 0.4, 0.6, 0.6, 0.5, 0.9]
        for done in 0...6 { #expect(try epochs(scores, done: done) == 6, "resumed after \(done) epochs") }
        #expect(try epochs([0.1, 0.2, 0.3, 0.4]) == 4)
        #expect(try epochs([0.5, 0.5, 0.5, 0.9]) == 3)
    }

    @Test func earlyStoppingNeedsItsMonitor() {
        var model = TinyTraining.model()
        let loader = BatchLoader(TinyTraining.data(), batchSize: 4, shuffles: true)
        let error = #expect(throws: TrainingError.self) {
            try model.fit(
                loader, epochs: 1, validating: loader, callbacks: [.earlyStopping(patience: 1, monitor: "cer")])
        }
        #expect(error?.description == "Early stopping monitors \"cer\", but validation reports only accuracy, loss.")
    }
}

/// Training with CTC, in which a sample can be impossible.
@Suite struct SequenceTrainingTests {
    static func data(texts: [[Int32]]) -> ExampleCache {
        ExampleCache(
            examples: texts.enumerated().map {
                Example(input: .sample([28, 36 + 4 * $0, 1], seed: UInt64($0)), labels: Tensor($1))
            },
            names: texts.indices.map { "line \($0)" }, expectation: Expectation(shape: [28, nil, 1], classes: 4))
    }

    static func model() -> Model<CRNN> {
        let network = Initialization.seeded(1) {
            CRNN(
                .init(
                    classes: 4, filters: [2, 2, 3, 3, 3], hidden: 3, recurrentLayers: 2, normalizesAll: true,
                    dropout: 0.2))
        }
        return Model(
            network, loss: .ctc(blank: 0) { network.steps(width: $0) }, metrics: [], optimizer: .adamW(rate: 0.01))
    }

    /// A line with more characters than steps affects neither weights nor mean.
    @Test func impossibleSamplesAreSkipped() throws {
        let (possible, impossible): ([Int32], [Int32]) = ([1, 2], [1, 2, 3, 1, 2, 3, 1, 2, 3])
        func outcome(_ texts: [[Int32]]) throws -> Outcome {
            var model = Self.model()
            let data = Self.data(texts: texts)
            let history = try model.fit(BatchLoader(data, batchSize: 2, shuffles: false), epochs: 2)
            return Outcome(model.network, history)
        }
        let mixed = try outcome([possible, impossible])
        #expect(mixed.losses.allSatisfy { $0 > 0 })
        #expect(mixed.losses.allSatisfy { $0.isFinite })
        #expect(mixed.weights.values.allSatisfy { $0.allSatisfy { Float(bitPattern: $0).isFinite } })
        let none = try outcome([impossible, impossible])
        #expect(none.losses == [.infinity, .infinity])
        #expect(none.weights.values.allSatisfy { $0.allSatisfy { Float(bitPattern: $0).isFinite } })
    }

    @Test func aLossThatIsNotANumberNamesItsSamples() throws {
        var model = Self.model()
        var data = Self.data(texts: [[1], [2, 3]])
        var examples = data.examples
        examples[1].input = examples[1].input * .nan
        data = ExampleCache(examples: examples, names: data.names, expectation: data.expectation)
        let error = #expect(throws: TrainingError.self) {
            try model.fit(BatchLoader(data, batchSize: 2, shuffles: false), epochs: 1)
        }
        #expect(error?.description.contains("on samples line 0, line 1") == true)
    }
}
