import DuctusModels
import Testing

@Suite struct ConfidenceCalibrationTests {
    @Test func nothingHasNoError() { #expect(ConfidenceCalibration().expectedError == nil) }

    @Test func confidencesThatComeTrueHaveNoError() {
        var calibration = ConfidenceCalibration()
        for index in 0..<4 { calibration.add(0.75, isRight: index > 0) }
        for _ in 0..<3 { calibration.add(1, isRight: true) }
        for _ in 0..<2 { calibration.add(0, isRight: false) }
        #expect(calibration.expectedError == 0)
    }

    /// Σ n_b / n |share of right ones − mean confidence|: 2/5 · |1/2 − 0.85| + 3/5 · |1/3 − 0.2|.
    @Test func binsAreWeightedByTheirCounts() {
        var calibration = ConfidenceCalibration()
        for (confidence, isRight) in [(0.81, true), (0.89, false), (0.2, false), (0.2, true), (0.2, false)] {
            calibration.add(confidence, isRight: isRight)
        }
        #expect(abs((calibration.expectedError ?? 0) - (0.4 * 0.35 + 0.6 * (1.0 / 3 - 0.2))) < 1e-12)
    }

    @Test func binsAreThePointsOfAReliabilityDiagram() {
        var calibration = ConfidenceCalibration()
        for (confidence, isRight) in [(0.75, true), (1.0, true), (0.25, false), (0.25, true)] {
            calibration.add(confidence, isRight: isRight)
        }
        #expect(calibration.bins.map(\.count) == [2, 1, 1])
        #expect(calibration.bins.map(\.confidence) == [0.25, 0.75, 1])
        #expect(calibration.bins.map(\.right) == [0.5, 1, 1])
    }

    /// Confidences whose log-odds are twice as large as they should be, and too high by 1.
    @Test func correctionsUndoWhatIsWrong() throws {
        var calibration = ConfidenceCalibration()
        for step in -20...20 {
            let odds = Double(step) / 5
            let share = 1 / (1 + exponential(-(0.5 * odds - 1)))
            for index in 0..<1000 {
                calibration.add(1 / (1 + exponential(-odds)), isRight: (Double(index) + 0.5) / 1000 < share)
            }
        }
        let correction = try #require(calibration.correction)
        #expect(abs(correction.slope - 0.5) < 0.01)
        #expect(abs(correction.intercept + 1) < 0.01)
    }

    @Test func confidencesAreNumbers() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            var calibration = ConfidenceCalibration()
            calibration.add(.infinity, isRight: true)
        }
        let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(message.contains("ConfidenceCalibration: a confidence is inf; it must be a number from 0 to 1."))
    }

    @Test func whereAllIsRightNothingIsCorrected() {
        var calibration = ConfidenceCalibration()
        calibration.add(0.5, isRight: true)
        #expect(calibration.correction == nil)
    }
}
