import DuctusModels
import DuctusTestSupport
import Testing

/// One test at a time, because the number of threads belongs to the process. (Other tests may run meanwhile; none of
/// them depends on it.)
@Suite(.serialized) struct ThreadIndependenceTests {
    private func onThreads<Result>(_ count: Int, _ body: () throws -> Result) rethrows -> Result {
        let before = Threads.count
        Threads.count = count
        defer { Threads.count = before }
        return try body()
    }

    @Test func classification() throws {
        let alone = try onThreads(1) { try TinyTraining().run() }
        #expect(try onThreads(2) { try TinyTraining().run() } == alone)
    }

    @Test func sequences() throws {
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

/// Interrupted and resumed anywhere, a training ends with the same bits.
@Suite struct ResumptionTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private var last: String { folder.file(Checkpoint.lastName) }

    /// The checkpoint that a training leaves which ends after so many batches.
    private func checkpoint(afterBatches count: Int) throws -> Checkpoint {
        let training = TinyTraining(callbacks: [
            .checkpoints(in: folder.path, every: .zero), TinyTraining.interruption(afterBatches: count),
        ])
        #expect(throws: Interruption.self) { try training.run() }
        return try Checkpoint(contentsOf: last)
    }

    @Test(arguments: 1...2 * TinyTraining.batchesPerEpoch) func atEveryBatch(count: Int) throws {
        let checkpoint = try checkpoint(afterBatches: count)
        // The last batch of an epoch is saved together with the epoch's record, so an interruption between loses it.
        let saved = count.isMultiple(of: TinyTraining.batchesPerEpoch) ? count - 1 : count
        #expect(checkpoint.state.epoch * TinyTraining.batchesPerEpoch + checkpoint.state.batch == saved)
        #expect(try TinyTraining().run(from: checkpoint) == TinyTraining().run())
    }

    @Test func againAndAgain() throws {
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

    @Test func aFinishedTrainingStaysAsItIs() throws {
        let finished = try TinyTraining(callbacks: [.checkpoints(in: folder.path)]).run()
        let bytes = try File.readBytes(last)
        let again = TinyTraining(callbacks: [.checkpoints(in: folder.path)])
        #expect(try again.run(from: Checkpoint(contentsOf: last)) == finished)
        #expect(try File.readBytes(last) == bytes)
    }

    @Test func theBestIsKept() throws {
        let training = TinyTraining(
            epochs: 6,
            callbacks: [
                .checkpoints(in: folder.path, metadata: ["note": "kept"], monitor: "accuracy", higherIsBetter: true)
            ])
        let scores = try training.run().validation.map { $0["accuracy"] ?? 0 }
        let best = try TensorArchive(contentsOf: folder.file(WeightsFile.bestName))
        let epoch = try #require(scores.firstIndex(of: scores.max() ?? 0)) + 1
        #expect(best.metadata["metrics"]?.contains("\"epoch\":\(epoch),") == true && best.metadata["note"] == "kept")
        #expect(!best.names.contains { $0.hasPrefix("optimizer") })
        #expect(try folder.contents == [WeightsFile.bestName, Checkpoint.lastName])
    }
}
