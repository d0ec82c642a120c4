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
}
