/// The prior of texts in a beam search, by a language model and the length of the text:
///
/// ```
/// log prior = weight · log p(text) + bonus · characters
/// ```
///
/// The weight tells how much the language model is trusted in comparison with the network. The bonus makes up for the
/// probability below 1 of every character, by which a language model alone prefers short texts.
///
/// See A. Hannun et al., *First-Pass Large Vocabulary Continuous Speech Recognition using Bi-Directional Recurrent DNNs*,
/// 2014.
public struct LanguagePrior: Sendable {
    /// The language model.
    public let model: LanguageModel
    /// The weight of the language model.
    public let weight: Double
    /// The bonus of every character.
    public let bonus: Double
    /// The symbols of every class; several if the alphabet is composed, none for the blank.
    private let symbols: [[UInt8?]]

    /// - Parameters:
    ///   - model: the language model.
    ///   - characters: the alphabet of the network.
    ///   - weight: the weight of the language model.
    ///   - bonus: the bonus of every character.
    public init(
        _ model: LanguageModel, characters: Alphabet, weight: Double = Decoding.languageWeight,
        bonus: Double = Decoding.characterBonus
    ) {
        (self.model, self.weight, self.bonus) = (model, weight, bonus)
        symbols = (0..<characters.count).map { label in
            // What the alphabet decomposes is decomposed already.
            characters.decode([Int32(label)]).decomposedScalars.map { model.symbol(of: $0) }
        }
        largestFactor = exponential(max(bonus, 0) * Double(symbols.map(\.count).max() ?? 0))
    }

    /// No class changes the prior by a larger factor: a probability is at most 1.
    let largestFactor: Double

    /// The logarithm of the factor by which a class changes the prior, and the context after it.
    func extending(_ state: LanguageModel.State, by label: Int) -> (logFactor: Double, next: LanguageModel.State) {
        var (state, sum) = (state, 0.0)
        for symbol in symbols[label] {
            let (logProbability, next) = model.advance(state, by: symbol)
            sum += logProbability
            state = next
        }
        return (weight * sum + bonus * Double(symbols[label].count), state)
    }
}
