extension ArraySlice<Float> {
    /// The probabilities of the classes of one step, `exp(score − highest) / Σ exp(score − highest)`, which cannot overflow;
    /// nil if no score is above −∞. A score that is not a number counts as −∞.
    func softmax() -> [Double]? {
        var highest = -Float.infinity
        for score in self where score > highest { highest = score }
        guard highest > -.infinity else { return nil }
        let weights = map { score in
            score.isNaN ? 0 : score == highest ? 1 : exponential(Double(score) - Double(highest))
        }
        let sum = weights.reduce(0, +)
        return weights.map { $0 / sum }
    }
}
