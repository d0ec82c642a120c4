/// Estimates a `LanguageModel` from texts.
///
/// ```swift
/// var trainer = LanguageModelTrainer(language: "en")
/// trainer.add(novels, named: "novels")
/// trainer.add(transcriptions, named: "transcriptions", weight: 10)
/// try trainer.write(to: "english.lm")
/// ```
///
/// Texts are decomposed (NFD). Typographic quotation marks, dashes, and spaces become plain ones, line breaks and runs of
/// spaces become one space, because the lines of a page break anywhere. Characters that are rare are left out.
public struct LanguageModelTrainer: Sendable {
    /// The language as a code of ISO 639-1.
    public let language: String
    /// The number of characters of the longest n-grams, 1 to 8.
    public var order = 7 {
        didSet {
            precondition(1...8 ~= order, "LanguageModelTrainer: order is \(order); it must be from 1 to 8.")
        }
    }
    /// The largest size of the file in bytes.
    public var maximumBytes = 8_000_000
    /// The number of occurrences, with weights, that a character needs.
    public var minimumCount = 20
    private var texts: [(name: String, scalars: [Unicode.Scalar], weight: Int)] = []

    /// - Parameter language: the language as a code of ISO 639-1, such as `en`.
    public init(language: String) { self.language = language }

    /// Adds a text.
    ///
    /// - Parameters:
    ///   - text: the text.
    ///   - name: its name in the file's metadata.
    ///   - weight: how often every occurrence counts, at least 1.
    public mutating func add(_ text: String, named name: String, weight: Int = 1) {
        precondition(weight > 0, "LanguageModelTrainer: weight is \(weight); it must be at least 1.")
        var scalars: [Unicode.Scalar] = []
        scalars.reserveCapacity(text.utf8.count)
        for line in text.split(whereSeparator: \.isNewline) {
            for scalar in String(line).decomposedScalars {
                if let spelling = Self.spellings[scalar] { scalars += spelling } else { scalars.append(scalar) }
            }
            scalars.append(" ")
        }
        texts.append((name, scalars, weight))
    }

    /// Estimates the model and writes its file.
    /// - Throws: `ArchiveError` if there is no text, `FileError` if the file cannot be written.
    public func write(to path: String) throws { try File.write(encoded(for: path), to: path) }

    /// The bytes of the file.
    package func encoded(for path: String) throws -> [UInt8] {
        let characters = try alphabet(for: path)
        var symbols = [UInt8?](repeating: nil, count: Int(characters.map(\.value).max() ?? 0) + 1)
        for (symbol, scalar) in characters.enumerated() { symbols[Int(scalar.value)] = UInt8(symbol) }
        let space = symbols.indices.contains(32) ? symbols[32] : nil
        let rings = texts.compactMap { text -> (symbols: [UInt8], weight: Int)? in
            var ring: [UInt8] = []
            ring.reserveCapacity(text.scalars.count)
            for scalar in text.scalars where scalar.value < symbols.count {
                guard let symbol = symbols[Int(scalar.value)], symbol != space || ring.last != space else { continue }
                ring.append(symbol)
            }
            return ring.isEmpty ? nil : (ring, text.weight)
        }
        var model = KneserNeyModel(rings, symbols: characters.count, order: order)
        var header = LanguageModel.Header(
            language: language, order: order, characters: String(String.UnicodeScalarView(characters)), contexts: 0,
            counts: [], sources: texts.map { "\($0.weight) × \($0.name)" })
        // The counts in the metadata take room, too.
        model.prune(to: maximumBytes - 1024 - Array(header.characters.utf8).count)
        let (contents, counts, contexts) = model.contents()
        (header.counts, header.contexts) = (counts, contexts)
        return try LanguageModel.encoded(header, contents)
    }

    /// The characters that occur often enough, the most frequent ones if there are too many, in the order of their code
    /// points.
    private func alphabet(for path: String) throws(ArchiveError) -> [Unicode.Scalar] {
        var counts: [Unicode.Scalar: Int] = [:]
        for text in texts {
            // Almost all characters have a small number.
            var common = [Int](repeating: 0, count: 1024)
            for scalar in text.scalars {
                if scalar.value < 1024 {
                    common[Int(scalar.value)] += text.weight
                } else {
                    counts[scalar, default: 0] += text.weight
                }
            }
            for (value, count) in common.enumerated() where count > 0 {
                if let scalar = Unicode.Scalar(UInt32(value)) { counts[scalar, default: 0] += count }
            }
        }
        let frequent = counts.filter { $0.value >= minimumCount }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        guard !frequent.isEmpty else {
            throw ArchiveError(
                path, "has no text to learn from: no character occurs \(minimumCount) times; give more text.")
        }
        return frequent.prefix(LanguageModel.Header.maximumCharacters).map(\.key).sorted()
    }

    /// The plain spellings of typographic characters, which look the same in handwriting, as in `Alphabet`, and of hyphens.
    private static let spellings: [Unicode.Scalar: [Unicode.Scalar]] = [
        "‘": ["'"], "’": ["'"], "‚": ["'"], "“": ["\""], "”": ["\""], "„": ["\""], "–": ["-"], "—": ["-"],
        "‐": ["-"], "‑": ["-"], "\u{AD}": [], "…": [".", ".", "."], "\u{A0}": [" "], "\u{202F}": [" "],
        "\u{2009}": [" "], "\t": [" "],
    ]
}
