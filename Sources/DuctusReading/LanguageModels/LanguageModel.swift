/// A character n-gram model of a language: the probability of a character, given the characters before it.
///
/// A character is a Unicode scalar after decomposition (NFD), so accents are characters of their own. If the model has no
/// n-gram with the whole context, it backs off to a shorter context h′ of a context h:
///
/// ```
/// p(c | h) = p of the n-gram hc                  if the model has it
///          = backoff(h) · p(c | h′)              otherwise
/// ```
///
/// Probabilities are stored in 8 bits, as multiples of 1/16 of their natural logarithm; they are off by 3 % at most.
///
/// ```swift
/// let english = try LanguageModel("english.lm")
/// english.logProbability(of: "the house")        // −12.3, larger than of "tbe honse"
/// ```
///
/// See S. Chen and J. Goodman, *An Empirical Study of Smoothing Techniques for Language Modeling*, 1999.
public struct LanguageModel: Sendable {
    /// The context of the next character: the longest one that the model distinguishes.
    public struct State: Hashable, Sendable {
        let context: UInt32
    }

    /// What the file says about the model.
    public let header: Header
    /// The name of the file in errors.
    public let path: String
    let bytes: SharedBytes
    let layout: Layout
    private let symbols: [Unicode.Scalar: UInt8]

    init(header: Header, path: String, bytes: SharedBytes, layout: Layout) {
        (self.header, self.path, self.bytes, self.layout) = (header, path, bytes, layout)
        symbols = Dictionary(
            header.characters.unicodeScalars.enumerated().map { ($1, UInt8($0)) },
            uniquingKeysWith: { first, _ in first })
    }

    /// The language as a code of ISO 639-1, such as `en`.
    public var language: String { header.language }

    /// The number of characters of the longest n-grams.
    public var order: Int { header.order }

    /// The context without any character.
    public static let noContext = State(context: 0)

    /// The context at the beginning of a line. Lines begin in the middle of sentences, but not of words: it is a space.
    public var lineStart: State { symbol(of: " ").map { advance(Self.noContext, by: $0).next } ?? Self.noContext }

    /// The number of a character in this model; nil if it is unknown.
    public func symbol(of scalar: Unicode.Scalar) -> UInt8? { symbols[scalar] }

    /// The natural logarithm of the probability of a line.
    public func logProbability(of text: String) -> Double {
        var (state, sum) = (lineStart, 0.0)
        for scalar in text.decomposedScalars {
            let (logProbability, next) = advance(state, by: symbol(of: scalar))
            sum += logProbability
            state = next
        }
        return sum
    }

    /// The logarithm of the probability of a character in a context, and the context after it.
    ///
    /// - Parameters:
    ///   - state: the context.
    ///   - symbol: the number of the character; nil for any character that the model does not know.
    public func advance(_ state: State, by symbol: UInt8?) -> (logProbability: Double, next: State) {
        bytes.withUnsafeBytes { bytes in
            let nodes = Nodes(bytes, layout)
            var (context, cost) = (Int(state.context), 0)
            while true {
                if let symbol, let node = nodes.child(of: context, symbol) {
                    cost += nodes.cost(of: node)
                    return (-Double(cost) / Self.scale, State(context: nodes.context(after: node, context, symbol)))
                }
                cost += nodes.backoff(of: context)
                guard context > 0 else { break }
                context = nodes.suffix(of: context)
            }
            // Unknown characters share with all others what the unigrams leave.
            return (-Double(cost) / Self.scale - logarithm(Double(symbols.count + 1)), Self.noContext)
        }
    }

    /// The steps of the stored logarithms in one unit.
    package static let scale = 16.0
}
