import DuctusModels
import DuctusTestSupport
import Synchronization
import Testing

/// Values that callbacks measure are treated like those of the validation.
@Suite struct MeasurementTests {
    /// Reports `score` for the epochs that have one.
    private static func scores(_ scores: [Double?]) -> Callback {
        Callback(measure: { context in
            #expect(context.state.history.count == context.state.epoch)
            #expect(context.state.batch == 0)
            #expect(context.state.history.last?.validation["score"] == nil)
            return scores[context.state.epoch - 1].map { ["score": $0] } ?? [:]
        })
    }

    private func fit(_ callbacks: [Callback], epochs: Int) throws -> [EpochRecord] {
        var model = TinyTraining.model()
        let loader = BatchLoader(TinyTraining.data(count: 4), batchSize: 4, shuffles: false)
        return try model.fit(loader, epochs: epochs, validating: loader, callbacks: callbacks)
    }

    /// As CTC has one for texts that are too long for their images.
    @Test func infiniteLossesDoNotCount() throws {
        func loss(_ data: BatchLoader, impossible: Set<String>) throws -> Double? {
            let loss = Loss("sometimes impossible") { logits, batch in
                impossible.isDisjoint(with: batch.names)
                    ? softmaxCrossEntropy(logits, batch.labels) : logits.sum() * 0 + Float.infinity
            }
            let tiny = TinyTraining.model()
            return try Model(tiny.network, loss: loss, optimizer: tiny.optimizer).evaluate(data)["loss"]
        }
        let all = BatchLoader(TinyTraining.data(count: 8), batchSize: 4, shuffles: false)
        let first = BatchLoader(TinyTraining.data(count: 4), batchSize: 4, shuffles: false)
        let last = try loss(all, impossible: ["image 5"])
        #expect(try last == loss(first, impossible: []))
        #expect(try last != loss(all, impossible: []))
    }

    @Test func measuredValuesJoinTheRecord() throws {
        let seen = Mutex<[Double?]>([])
        let watch = Callback(afterEpoch: { context in
            seen.withLock { $0.append(context.state.history.last?.validation["score"]) }
            return .continue
        })
        // Whatever the order of the callbacks, all measure before any is called after the epoch.
        let history = try fit([watch, Self.scores([0.5, nil, 0.25])], epochs: 3)
        #expect(history.map { $0.validation["score"] } == [0.5, nil, 0.25])
        #expect(seen.withLock { $0 } == [0.5, nil, 0.25])
        #expect(history.allSatisfy { $0.validation["loss"] != nil })
        #expect(history.allSatisfy { $0.seconds > 0 })
    }

    @Test func aRecordIsReadFromJSONAsADecoderReadsIt() throws {
        var record = EpochRecord(
            epoch: 3, loss: .infinity, validation: ["loss": 0.1 + 0.2, "score": -1e-30], rate: 1e-3, seconds: 12)
        for memory in [nil, 1 << 40] {
            record.peakMemory = memory
            record.processorSeconds = memory.map { Double($0) / 3 }
            let json = try JSONText(encoding: record)
            #expect(EpochRecord(json) == record)
            #expect(try json.decoded(file: "") == record)
        }
    }

    /// What is wrong with these records, a decoder tells.
    @Test(arguments: [
        #""epoch": 1.5"#, #""epoch": "1""#, #""loss": "much""#, #""loss": null"#, #""validation": {"loss": true}"#,
        #""validation": []"#, #""rate": "nan""#, #""peakMemory": "much""#, #""processorSeconds": []"#,
    ])
    func whatIsNoRecordIsRefused(change: String) throws {
        let record = #"{"epoch": 1, "loss": 2, "validation": {}, "rate": 1, "seconds": 3}"#
        let (sound, changed) = (
            try JSONText(parsing: Array(record.utf8)), try JSONText(parsing: Array("{\(change)}".utf8))
        )
        #expect(EpochRecord(sound) != nil)
        let json = JSONText.object((sound.object ?? [:]).merging(changed.object ?? [:]) { $1 })
        #expect(EpochRecord(json) == nil)
        #expect(throws: ConfigurationError.self) { try json.decoded(as: EpochRecord.self, file: "") }
    }

    @Test func earlyStoppingCountsOnlyMeasuredEpochs() throws {
        let scores: [Double?] = [0.5, nil, nil, 0.6, nil, nil, 0.7, 0.1, nil]
        #expect(try fit([Self.scores(scores), .earlyStopping(patience: 2, monitor: "score")], epochs: 9).count == 7)
        #expect(throws: TrainingError.self) {
            try fit([Self.scores([nil, 1]), .earlyStopping(patience: 2, monitor: "score")], epochs: 2)
        }
    }

    /// Rather than not to train at all.
    @Test(arguments: [0, 1]) func earlyStoppingWithoutPatienceWaitsForNoImprovement(patience: Int) throws {
        let stopping = Callback.earlyStopping(patience: patience, monitor: "score")
        #expect(try fit([Self.scores([0.5, 0.4, 0.6, 0.1]), stopping], epochs: 4).count == 3)
    }

    /// The epoch of the best weights after every epoch.
    @Test(
        arguments: [
            ([0.5, nil, 0.4, 0.4, nil, 0.3], [1, 1, 3, 3, 3, 6]), ([nil, nil, 0.4, nil, 0.5], [1, 2, 3, 3, 3]),
            ([nil, nil], [1, 2]), ([0.5, 0.6, nil], [1, 1, 1]),
        ] as [([Double?], [Int])])
    func checkpointsKeepTheBestMeasurement(scores: [Double?], expected: [Int]) throws {
        let folder = try TemporaryFolder()
        let best = folder.file(WeightsFile.bestName)
        let epochs = Mutex<[Int]>([])
        let watch = Callback(afterEpoch: { _ in
            let epoch = try #require(TensorArchive(contentsOf: best).metadata["epoch"].flatMap { Int($0) })
            epochs.withLock { $0.append(epoch) }
            return .continue
        })
        _ = try fit(
            [Self.scores(scores), .checkpoints(in: folder.path, monitor: "score"), watch], epochs: scores.count)
        #expect(epochs.withLock { $0 } == expected)
    }
}
