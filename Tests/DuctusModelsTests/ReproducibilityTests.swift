import DuctusModels
import DuctusTestSupport
import Testing

@Suite struct ThreadIndependenceTests {
    @Test func classifiersDoNotDependOnThreads() throws {
        let alone = try onThreads(1) { try TinyTraining().run() }
        #expect(try onThreads(2) { try TinyTraining().run() } == alone)
    }

    @Test func sequenceModelsDoNotDependOnThreads() throws {
        func outcome(threads: Int) throws -> Outcome {
            try onThreads(threads) {
                var model = SequenceTrainingTests.model()
                let data = SequenceTrainingTests.data(texts: [[1, 2], [3], [2, 2], [1], [3, 1]])
                let history = try model.fit(BatchLoader(data, batchSize: 2, shuffles: true), epochs: 2)
                return Outcome(model.network, history)
            }
        }
        #expect(try outcome(threads: 2) == outcome(threads: 1))
    }
}

/// Interrupted anywhere and resumed, a training run ends with the same bits.
@Suite struct ResumptionTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private var last: String { folder.file(Checkpoint.lastName) }

    /// The checkpoint of a training run that was interrupted after `count` batches.
    private func checkpoint(afterBatches count: Int) throws -> Checkpoint {
        let training = TinyTraining(callbacks: [
            .checkpoints(in: folder.path, every: .zero), TinyTraining.interruption(afterBatches: count),
        ])
        #expect(throws: Interruption.self) { try training.run() }
        return try Checkpoint(contentsOf: last)
    }

    @Test(arguments: 1...2 * TinyTraining.batchesPerEpoch) func resumesAfterAnyBatch(count: Int) throws {
        let checkpoint = try checkpoint(afterBatches: count)
        // The last batch of an epoch is saved together with the epoch's record, so an interruption between loses it.
        let saved = count.isMultiple(of: TinyTraining.batchesPerEpoch) ? count - 1 : count
        #expect(checkpoint.state.epoch * TinyTraining.batchesPerEpoch + checkpoint.state.batch == saved)
        #expect(try TinyTraining().run(from: checkpoint) == TinyTraining().run())
    }

    @Test func resumesRepeatedly() throws {
        var checkpoint = try checkpoint(afterBatches: 1)
        while checkpoint.state.epoch * TinyTraining.batchesPerEpoch + checkpoint.state.batch < 5 {
            let training = TinyTraining(callbacks: [
                .checkpoints(in: folder.path, every: .zero), TinyTraining.interruption(afterBatches: 2),
            ])
            #expect(throws: Interruption.self) { try training.run(from: checkpoint) }
            checkpoint = try Checkpoint(contentsOf: last)
        }
        #expect(try TinyTraining().run(from: checkpoint) == TinyTraining().run())
    }

    /// A training that follows another one, in which layers were frozen, interrupted anywhere.
    @Test(arguments: 0...2 * TinyTraining.batchesPerEpoch) func anotherTrainingResumesAfterAnyBatch(count: Int) throws {
        let loader = BatchLoader(TinyTraining.data(), batchSize: 4, shuffles: true, seed: 1)
        func trained() throws -> Model<TinyNetwork> {
            var model = TinyTraining.model()
            model.freeze("conv", "norm")
            try model.fit(loader, epochs: 1)
            model.unfreeze()
            return model
        }
        var whole = try trained()
        let history = try whole.fit(loader, epochs: 2, seed: 2)

        var interrupted = try trained()
        let interruption =
            count == 0
            ? Callback(atStart: { _ in throw Interruption() }) : TinyTraining.interruption(afterBatches: count)
        #expect(throws: Interruption.self) {
            try interrupted.fit(
                loader, epochs: 2, callbacks: [.checkpoints(in: folder.path, every: .zero), interruption], seed: 2)
        }
        let checkpoint = try Checkpoint(contentsOf: last)
        var resumed = TinyTraining.model()
        try resumed.restore(checkpoint)
        let rest = try resumed.fit(loader, epochs: 2, from: checkpoint.state, seed: 2)
        #expect(Outcome(resumed.network, rest) == Outcome(whole.network, history))
    }

    /// Layers that are frozen when a training is interrupted are trained again after it.
    @Test(arguments: [1, 4]) func frozenLayersKeepTheirMoments(count: Int) throws {
        let loader = BatchLoader(TinyTraining.data(), batchSize: 4, shuffles: true, seed: 1)
        func frozen() throws -> Model<TinyNetwork> {
            var model = TinyTraining.model()
            try model.fit(loader, epochs: 1)
            model.freeze("conv", "norm")
            return model
        }
        func outcome(_ model: inout Model<TinyNetwork>) throws -> Outcome {
            model.unfreeze()
            let history = try model.fit(loader, epochs: 1, seed: 3)
            return Outcome(model.network, history)
        }
        var whole = try frozen()
        try whole.fit(loader, epochs: 2, seed: 2)

        var interrupted = try frozen()
        #expect(throws: Interruption.self) {
            try interrupted.fit(
                loader, epochs: 2,
                callbacks: [
                    .checkpoints(in: folder.path, every: .zero), TinyTraining.interruption(afterBatches: count),
                ], seed: 2)
        }
        let checkpoint = try Checkpoint(contentsOf: last)
        var resumed = TinyTraining.model()
        resumed.freeze("conv", "norm")
        try resumed.restore(checkpoint)
        try resumed.fit(loader, epochs: 2, from: checkpoint.state, seed: 2)
        #expect(try outcome(&resumed) == outcome(&whole))
    }

    /// Its finished batches had other samples.
    @Test func anEpochIsNotResumedWithBatchesOfAnotherSize() throws {
        let checkpoint = try checkpoint(afterBatches: 1)
        let error = #expect(throws: TrainingError.self) { try TinyTraining(batchSize: 2).run(from: checkpoint) }
        #expect(
            error?.description
                == "Epoch 1 was begun with batches of 4 samples, not of 2; resume it with batches of 4.")
    }

    @Test func batchesOfTheNextEpochMayHaveAnotherSize() throws {
        _ = try TinyTraining(epochs: 1, callbacks: [.checkpoints(in: folder.path)]).run()
        let checkpoint = try Checkpoint(contentsOf: last)
        #expect(try TinyTraining(batchSize: 2).run(from: checkpoint).losses.count == 2)
    }

    @Test func resumingAFinishedRunChangesNothing() throws {
        let finished = try TinyTraining(callbacks: [.checkpoints(in: folder.path)]).run()
        let bytes = try File.readBytes(last)
        let again = TinyTraining(callbacks: [.checkpoints(in: folder.path)])
        #expect(try again.run(from: Checkpoint(contentsOf: last)) == finished)
        #expect(try File.readBytes(last) == bytes)
    }

    @Test func weightsOfTheBestEpochAreKept() throws {
        let network = try ModelConfiguration(task: "tiny", network: MLP(.init(classes: 3)), recipe: ["note": "kept"])
        let training = TinyTraining(
            epochs: 6,
            callbacks: [
                .checkpoints(in: folder.path, model: network, monitor: "accuracy", higherIsBetter: true)
            ])
        let scores = try training.run().validation.map { $0["accuracy"] ?? 0 }
        let best = try TensorArchive(contentsOf: folder.file(WeightsFile.bestName))
        let epoch = try #require(scores.firstIndex(of: scores.max() ?? 0)) + 1
        #expect(best.metadata["epoch"] == "\(epoch)")
        #expect(best.metadata["task"] == "tiny")
        #expect(best.metadata["note"] == "\"kept\"")
        #expect(!best.names.contains { $0.hasPrefix("optimizer") })
        #expect(try folder.contents == [WeightsFile.bestName, Checkpoint.lastName])
    }
}
