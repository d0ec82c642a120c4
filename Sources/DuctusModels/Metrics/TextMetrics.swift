/// Error rates of recognized texts, over lines or pages.
///
/// ```swift
/// var metrics = TextMetrics()
/// metrics.add("A M0VE to stop", reference: "A MOVE to stop")
/// print(metrics.cer, metrics.wer)   // 0.0714… 0.25
/// ```
///
/// Characters are Unicode scalars in Normalization Form C, words are separated by white space, and distances are
/// Levenshtein distances (`editDistance(from:to:)`).
///
/// If the reference is empty, an empty text is entirely correct (rate 0, accuracy 1) and any other entirely wrong (rate 1,
/// accuracy 0). Without texts, rates are 0 and the accuracy is 1. All values are finite.
public struct TextMetrics: Sendable {
    /// The number of texts.
    public private(set) var count = 0

    /// Σ distance and Σ reference length, in characters.
    private var characters = ErrorCount()

    /// Σ distance and Σ reference length, in words.
    private var words = ErrorCount()

    /// Σ (1 − distance / reference length) over the texts, in characters.
    private var accuracies = 0.0

    /// No texts.
    public init() {}

    /// Adds a recognized text and its reference.
    public mutating func add(_ text: String, reference: String) {
        let line = ErrorCount(from: text.normalizedScalars, to: reference.normalizedScalars)
        count += 1
        characters.add(line)
        words.add(ErrorCount(from: text.normalizedWords, to: reference.normalizedWords))
        accuracies += 1 - line.rate
    }

    /// Adds all texts of other metrics.
    public mutating func add(_ other: TextMetrics) {
        count += other.count
        characters.add(other.characters)
        words.add(other.words)
        accuracies += other.accuracies
    }

    /// The character error rate, Σ distance / Σ reference length. Insertions can make it exceed 1.
    public var cer: Double { characters.rate }

    /// Σ distance and Σ reference length, in characters.
    package var characterErrors: (distance: Int, length: Int) { (characters.distance, characters.length) }

    /// The word error rate, Σ distance / Σ reference length in words.
    public var wer: Double { words.rate }

    /// The mean over texts of 1 − distance / reference length. Insertions can make it negative.
    public var characterAccuracy: Double { count > 0 ? accuracies / Double(count) : 1 }
}

/// The sums of distances and of reference lengths.
private struct ErrorCount: Sendable {
    var distance = 0
    var length = 0

    init() {}

    init<Element: Equatable>(from text: [Element], to reference: [Element]) {
        distance = editDistance(from: text, to: reference)
        length = reference.count
    }

    mutating func add(_ other: ErrorCount) {
        distance += other.distance
        length += other.length
    }

    var rate: Double {
        guard length > 0 else { return distance > 0 ? 1 : 0 }
        return Double(distance) / Double(length)
    }
}

extension String {
    /// The Unicode scalars in Normalization Form C, in which é is one scalar whether it was composed or not.
    ///
    /// See Unicode Standard Annex #15.
    package var normalizedScalars: [Unicode.Scalar] { composedScalars }

    /// The words, separated by white space (Unicode property `White_Space`), in Normalization Form C.
    package var normalizedWords: [[Unicode.Scalar]] {
        normalizedScalars.split(whereSeparator: \.properties.isWhitespace).map(Array.init)
    }
}
