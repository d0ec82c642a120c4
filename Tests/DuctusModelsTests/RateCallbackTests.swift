import DuctusModels
import DuctusTestSupport
import Testing

@Suite struct RateCallbackTests {
    private func factors(_ values: [Double?], _ callback: Callback) throws -> [Double] {
        let factor = try #require(callback.rateFactor)
        let records = values.enumerated().map { index, value in
            EpochRecord(
                epoch: index + 1, loss: 1, validation: value.map { ["loss": $0] } ?? [:], rate: 1, seconds: 0)
        }
        return (0...records.count).map { factor(Array(records.prefix($0))) }
    }

    @Test func theRateFallsAfterEpochsWithoutImprovement() throws {
        let callback = Callback.reducingRate(patience: 2, factor: 0.5)
        #expect(try factors([5, 4, 4, 4, 3, 3, 3, 3], callback) == [1, 1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25])
    }

    @Test func waitingBeginsAnew() throws {
        let callback = Callback.reducingRate(patience: 1, factor: 0.5, minimum: 0.2)
        #expect(try factors([1, 1, 1, 1], callback) == [1, 1, 0.5, 0.25, 0.2])
    }

    @Test func epochsWithoutTheValueDoNotCount() throws {
        let callback = Callback.reducingRate(patience: 1, factor: 0.5)
        #expect(try factors([1, nil, nil], callback) == [1, 1, 1, 1])
    }

    @Test func highValuesCanBeBetter() throws {
        let callback = Callback.reducingRate(patience: 1, factor: 0.5, higherIsBetter: true)
        #expect(try factors([1, 2, 1.5], callback) == [1, 1, 1, 0.5])
    }

    @Test func smallChangesAreNone() throws {
        let callback = Callback.reducingRate(patience: 1, factor: 0.5, minimumChange: 0.1)
        #expect(try factors([1, 0.95], callback) == [1, 1, 0.5])
    }
}

extension RateCallbackTests {
    /// A misspelt name would leave the rate as it is.
    @Test func theMonitorMustBeMeasured() {
        var model = TinyTraining.model()
        let loader = BatchLoader(TinyTraining.data(), batchSize: 4, shuffles: true)
        let error = #expect(throws: TrainingError.self) {
            try model.fit(
                loader, epochs: 2, validating: loader, callbacks: [.reducingRate(patience: 1, monitor: "cer")])
        }
        #expect(error?.description == "Reducing the rate monitors \"cer\", but validation reports only accuracy, loss.")
        #expect(model.optimizer.steps == 3)
    }

    @Test func withoutValidationNothingIsMeasured() {
        var model = TinyTraining.model()
        let loader = BatchLoader(TinyTraining.data(), batchSize: 4, shuffles: true)
        let error = #expect(throws: TrainingError.self) {
            try model.fit(loader, epochs: 1, callbacks: [.reducingRate(patience: 1)])
        }
        #expect(error?.description == "Reducing the rate monitors \"loss\", but validation reports nothing.")
    }

    @Test func fitMultipliesTheRate() throws {
        var model = TinyTraining.model()
        let before = model.network.trainableParameters.map(\.stored)
        let frozen = Callback(rateFactor: { _ in 0 })
        let records = try model.fit(
            BatchLoader(TinyTraining.data(), batchSize: 4, shuffles: true), epochs: 1, callbacks: [frozen])
        #expect(records[0].rate == 0)
        #expect(model.network.trainableParameters.map(\.stored) == before)
    }
}
