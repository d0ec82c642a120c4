/// How close read text comes to the reference, summed over lines or pages.
///
/// ```swift
/// var metrics = TextMetrics()
/// metrics.add("A M0VE to stop", reference: "A MOVE to stop")
/// print(metrics.cer, metrics.wer)   // 0.0714… 0.25
/// ```
///
/// Characters are Unicode scalars in Normalization Form C, words are separated by white space, and distances are
/// Levenshtein's (``editDistance(from:to:)``).
///
/// With nothing to read, the rates are decided by what was read: an empty reference read as nothing is entirely
/// right (rate 0, accuracy 1), read as anything it is entirely wrong (rate 1, accuracy 0). Before anything is added,
/// nothing is wrong. All values are finite.
public struct TextMetrics: Sendable {
    /// The number of texts added.
    public private(set) var count = 0

    /// Σ distance and Σ reference length, in characters.
    private var characters = ErrorCount()

    /// Σ distance and Σ reference length, in words.
    private var words = ErrorCount()

    /// Σ (1 − distance / reference length) over the texts, in characters.
    private var accuracies = 0.0

    /// No text counted yet.
    public init() {}

    /// Counts one text that was read, and what it should have been.
    public mutating func add(_ text: String, reference: String) {
        let line = ErrorCount(from: text.normalizedScalars, to: reference.normalizedScalars)
        count += 1
        characters.add(line)
        words.add(ErrorCount(from: text.normalizedWords, to: reference.normalizedWords))
        accuracies += 1 - line.rate
    }

    /// Counts everything that `other` has counted.
    public mutating func add(_ other: TextMetrics) {
        count += other.count
        characters.add(other.characters)
        words.add(other.words)
        accuracies += other.accuracies
    }

    /// The character error rate: Σ distance / Σ reference length. Exceeds 1 where more was read than was written.
    public var cer: Double { characters.rate }

    /// The word error rate: Σ distance / Σ reference length, counted in words.
    public var wer: Double { words.rate }

    /// The mean over the texts of 1 − distance / reference length. Negative where more was read than was written.
    public var characterAccuracy: Double { count > 0 ? accuracies / Double(count) : 1 }
}

/// Errors made, out of elements that were to be read.
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
    /// The Unicode scalars of the string in Normalization Form C, in which é is one scalar however it was typed.
    ///
    /// See Unicode Standard Annex #15.
    package var normalizedScalars: [Unicode.Scalar] {
        composedScalars
    }

    /// The words of the string: what stands between white space (Unicode property `White_Space`), each in
    /// Normalization Form C.
    package var normalizedWords: [[Unicode.Scalar]] {
        normalizedScalars.split(whereSeparator: \.properties.isWhitespace).map(Array.init)
    }
}
