import DuctusModels
import DuctusTestSupport
import Synchronization
import Testing

/// What callbacks measure is as good as what validation reports.
@Suite struct MeasurementTests {
    /// Reports `score` with the scores of the epochs, where there are any.
    private static func scores(_ scores: [Double?]) -> Callback {
        Callback(measure: { context in
            #expect(context.state.history.count == context.state.epoch && context.state.batch == 0)
            #expect(context.state.history.last?.validation["score"] == nil)
            return scores[context.state.epoch - 1].map { ["score": $0] } ?? [:]
        })
    }

    private func fit(_ callbacks: [Callback], epochs: Int) throws -> [EpochRecord] {
        var model = TinyTraining.model()
        let loader = BatchLoader(TinyTraining.data(count: 4), batchSize: 4, shuffles: false)
        return try model.fit(loader, epochs: epochs, validating: loader, callbacks: callbacks)
    }

    @Test func valuesJoinTheRecord() throws {
        let seen = Mutex<[Double?]>([])
        let watch = Callback(afterEpoch: { context in
            seen.withLock { $0.append(context.state.history.last?.validation["score"]) }
            return .continue
        })
        // Whatever comes first in the list, values are measured before anything else is told of the epoch.
        let history = try fit([watch, Self.scores([0.5, nil, 0.25])], epochs: 3)
        #expect(history.map { $0.validation["score"] } == [0.5, nil, 0.25])
        #expect(seen.withLock { $0 } == [0.5, nil, 0.25])
        #expect(history.allSatisfy { $0.validation["loss"] != nil && $0.seconds > 0 })
    }

    @Test func earlyStoppingCountsMeasurements() throws {
        let scores: [Double?] = [0.5, nil, nil, 0.6, nil, nil, 0.7, 0.1, nil]
        #expect(try fit([Self.scores(scores), .earlyStopping(patience: 2, monitor: "score")], epochs: 9).count == 7)
        #expect(throws: TrainingError.self) {
            try fit([Self.scores([nil, 1]), .earlyStopping(patience: 2, monitor: "score")], epochs: 2)
        }
    }

    /// The epochs whose weights are the best after every epoch.
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
            let metrics = try TensorArchive(contentsOf: best).metadata["metrics"] ?? ""
            let record = try JSONText(parsing: Array(metrics.utf8)).decoded(as: EpochRecord.self, file: best)
            epochs.withLock { $0.append(record.epoch) }
            return .continue
        })
        _ = try fit(
            [Self.scores(scores), .checkpoints(in: folder.path, monitor: "score"), watch], epochs: scores.count)
        #expect(epochs.withLock { $0 } == expected)
    }
}
