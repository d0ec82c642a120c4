/// How well confidences agree with the share of what is right, such as words.
///
/// ```
/// ECE = Σ_b n_b / n · |share of right ones in b − mean confidence in b|
/// ```
///
/// over ten bins b of equal width. Of words with a confidence of 0.8, eight out of ten should be right.
///
/// ```swift
/// var calibration = ConfidenceCalibration()
/// calibration.add(0.75, isRight: true)
/// calibration.add(0.75, isRight: false)
/// calibration.expectedError                   // 0.25
/// ```
///
/// See C. Guo et al., *On Calibration of Modern Neural Networks*, 2017, section 2.
public struct ConfidenceCalibration: Sendable {
    private var bins = [(count: Int, right: Int, confidence: Double)](repeating: (0, 0, 0), count: 10)

    /// No confidences.
    public init() {}

    /// Adds a confidence, 0 to 1, and whether what it belongs to is right.
    public mutating func add(_ confidence: Double, isRight: Bool) {
        let bin = min(max(Int(confidence * Double(bins.count)), 0), bins.count - 1)
        bins[bin].count += 1
        bins[bin].right += isRight ? 1 : 0
        bins[bin].confidence += confidence
    }

    /// The expected calibration error, 0 to 1; nil without confidences.
    public var expectedError: Double? {
        let count = bins.reduce(0) { $0 + $1.count }
        guard count > 0 else { return nil }
        return bins.reduce(0) { $0 + abs(Double($1.right) - $1.confidence) } / Double(count)
    }
}
