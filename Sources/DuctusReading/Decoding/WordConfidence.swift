/// The probability that a word is right: a logistic regression, fitted to lines of writers of the training data.
///
/// ```
/// confidence = 1 / (1 + exp(−(odds · ln(p / (1 − p)) + margin · m + intercept)))
/// ```
///
/// p is the product of the probabilities of the word's characters. The margin m is how much better the score of the text
/// is than that of the best text without the word; 0 without a language model.
///
/// See J. Platt, *Probabilistic Outputs for Support Vector Machines*, 1999.
struct WordConfidence {
    let odds: Double
    let margin: Double
    let intercept: Double

    /// For decoding without a language model.
    static let plain = WordConfidence(odds: 0.928, margin: 0, intercept: -0.361)
    /// For beam search with a language model.
    static let withLanguage = WordConfidence(odds: 0.261, margin: 0.311, intercept: -0.263)

    /// The confidence, 0 to 1.
    func callAsFunction(_ characters: some Sequence<DecodedCharacter>, margin: Double) -> Double {
        let product = characters.reduce(0) { $0 + logarithm(max($1.probability, 1e-30)) }
        let logOdds = product - logarithm(max(1 - exponential(product), 1e-6))
        return 1 / (1 + exponential(-(odds * logOdds + self.margin * margin + intercept)))
    }

    /// The margins of the words of the best text, given the best texts, best first, as words.
    ///
    /// If all texts have the word, the best one without it is worse than the last of them, by one at least.
    static func margins(_ texts: [(words: [[Int32]], score: Double)]) -> [Double] {
        guard let best = texts.first, let last = texts.last else { return [] }
        var margins = [Double?](repeating: nil, count: best.words.count)
        for text in texts.dropFirst() where margins.contains(nil) {
            let kept = keptElements(from: best.words, to: text.words)
            for index in margins.indices where margins[index] == nil && !kept[index] {
                margins[index] = best.score - text.score
            }
        }
        return margins.map { $0 ?? best.score - last.score + 1 }
    }
}
