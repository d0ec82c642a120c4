import DuctusData

/// The text of lines: consecutive words of a running text and, occasionally, digits, capitals and punctuation that the
/// text itself may lack.
package struct Wording: Sendable {
    /// The probability that a word is made up.
    static let invention = 0.08

    let words: [String]
    private let digits, capitals, signs: [Unicode.Scalar]

    /// Keeps the words that a font can write; `nil` if there are none.
    package init?(_ words: [String], for font: Font) {
        let writable = words.filter { font.missingCharacters(in: $0).isEmpty }
        guard !writable.isEmpty else { return nil }
        self.words = writable
        let characters = font.characters.sorted()
        digits = characters.filter { $0.properties.numericType != nil }
        capitals = characters.filter(\.properties.isUppercase)
        signs = characters.filter { !$0.properties.isAlphabetic && $0.properties.numericType == nil }
    }

    /// A random number of consecutive words within a range, limited to those available.
    package func text(of length: ClosedRange<Int>, using random: inout RandomStream) -> String {
        let count = min(Int.random(in: length, using: &random), words.count)
        let start = Int.random(in: 0...words.count - count, using: &random)
        return words[start..<start + count].map { word in
            random.isTrue(Self.invention) ? invented(from: word, using: &random) : word
        }.joined(separator: " ")
    }

    /// A number, initials, or the word with a punctuation mark before or after it.
    private func invented(from word: String, using random: inout RandomStream) -> String {
        let kind = [digits, capitals, signs].randomElement(using: &random) ?? []
        guard let first = kind.randomElement(using: &random) else { return word }
        if kind == signs { return random.isTrue(0.3) ? "\(first)\(word)" : "\(word)\(first)" }
        let rest = (0..<Int.random(in: 0...3, using: &random)).compactMap { _ in kind.randomElement(using: &random) }
        return String(String.UnicodeScalarView([first] + rest))
    }
}
