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
    private var samples: [(confidence: Double, isRight: Bool)] = []

    /// No confidences.
    public init() {}

    /// Adds a confidence, 0 to 1, and whether what it belongs to is right.
    public mutating func add(_ confidence: Double, isRight: Bool) {
        precondition(
            confidence.isFinite,
            "ConfidenceCalibration: a confidence is \(confidence); it must be a number from 0 to 1.")
        samples.append((confidence, isRight))
    }

    /// The confidences in one of ten bins of equal width: a point of a reliability diagram.
    public struct Bin: Sendable, Codable, Equatable {
        /// The number of confidences.
        public let count: Int
        /// Their mean.
        public let confidence: Double
        /// The share of what is right.
        public let right: Double
    }

    /// The bins that are not empty, from low to high confidences.
    public var bins: [Bin] { allBins.compactMap(\.self) }

    /// All ten bins from low to high confidences, nil where a bin is empty.
    package var allBins: [Bin?] {
        (0..<10).map { bin in
            let members = samples.filter { Int(min(max($0.confidence * 10, 0), 9)) == bin }
            guard !members.isEmpty else { return nil }
            let count = Double(members.count)
            return Bin(
                count: members.count, confidence: members.reduce(0) { $0 + $1.confidence } / count,
                right: Double(members.count(where: \.isRight)) / count)
        }
    }

    /// The expected calibration error, 0 to 1; nil without confidences.
    public var expectedError: Double? {
        guard !samples.isEmpty else { return nil }
        return bins.reduce(0) { $0 + Double($1.count) * abs($1.right - $1.confidence) } / Double(samples.count)
    }

    /// What makes confidences agree better with what is right:
    ///
    /// ```
    /// better = 1 / (1 + exp(−(slope · ln(c / (1 − c)) + intercept)))
    /// ```
    public struct Correction: Sendable, Codable, Equatable {
        /// The factor of the log-odds of a confidence.
        public let slope: Double
        /// What is added to them.
        public let intercept: Double
    }

    /// The correction of the greatest likelihood; nil unless something is right and something wrong.
    ///
    /// Found by Newton's method, with targets that are not quite 0 and 1. See J. Platt, *Probabilistic Outputs for Support
    /// Vector Machines*, 1999, and H.-T. Lin et al., *A Note on Platt's Probabilistic Outputs*, 2007.
    public var correction: Correction? {
        let right = Double(samples.count(where: \.isRight))
        let wrong = Double(samples.count) - right
        guard right > 0, wrong > 0 else { return nil }
        let odds = samples.map { sample in
            let confidence = min(max(sample.confidence, 1e-6), 1 - 1e-6)
            return logarithm(confidence / (1 - confidence))
        }
        var (slope, intercept) = (1.0, 0.0)
        for _ in 0..<100 {
            // The gradient and the Hessian matrix, which is kept positive definite.
            var (gradient, hessian) = (SIMD2<Double>.zero, SIMD3<Double>(1e-9, 0, 1e-9))
            for (sample, odds) in zip(samples, odds) {
                let target = sample.isRight ? (right + 1) / (right + 2) : 1 / (wrong + 2)
                let share = 1 / (1 + exponential(-(slope * odds + intercept)))
                let (error, weight) = (share - target, share * (1 - share))
                gradient += SIMD2(error * odds, error)
                hessian += SIMD3(weight * odds * odds, weight * odds, weight)
            }
            let determinant = hessian.x * hessian.z - hessian.y * hessian.y
            let step =
                SIMD2(
                    hessian.z * gradient.x - hessian.y * gradient.y, hessian.x * gradient.y - hessian.y * gradient.x)
                / determinant
            guard determinant > 0, step.x.isFinite, step.y.isFinite else { break }
            (slope, intercept) = (slope - step.x, intercept - step.y)
            if abs(step.x) + abs(step.y) < 1e-9 { break }
        }
        return Correction(slope: slope, intercept: intercept)
    }
}
