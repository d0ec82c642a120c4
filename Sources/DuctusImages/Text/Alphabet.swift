/// The characters that a network writes, in the order of its classes, with the class of the CTC blank among them.
///
/// A character is a Unicode scalar after composition (NFC), so `é` is one character however it was typed; or, in a
/// decomposed alphabet (NFD), a letter or an accent, so that languages share their letters. Decoded texts are composed
/// either way.
///
/// ```swift
/// let alphabet = Alphabet("ab")              // 0 is the blank, 1 is a, 2 is b
/// try alphabet.encode("ba", sample: "x")     // [2, 1]
/// alphabet.decode([2, 0, 1])                 // "ba"
/// ```
public struct Alphabet: Sendable, Equatable {
    /// The characters in the order of their classes, without the blank.
    public let characters: String
    /// The class of the CTC blank.
    public let blank: Int
    /// Whether accents are characters of their own.
    public let isDecomposed: Bool

    private let scalars: [Unicode.Scalar]
    private let classes: [Unicode.Scalar: Int32]

    /// An alphabet whose blank is class 0.
    ///
    /// The characters must differ; for characters from a file, see ``init(validating:blank:isDecomposed:)``.
    public init(_ characters: String) {
        self.init(characters, blank: 0)
    }

    /// An alphabet with the blank at some class. The characters must differ.
    public init(_ characters: String, blank: Int) {
        do {
            try self.init(validating: characters, blank: blank)
        } catch {
            preconditionFailure(error.description)
        }
    }

    /// An alphabet whose blank is class 0, with accents as characters of their own. The characters must differ.
    public init(decomposed characters: String) {
        do {
            try self.init(validating: characters, blank: 0, isDecomposed: true)
        } catch {
            preconditionFailure(error.description)
        }
    }

    /// An alphabet from a file.
    /// - Throws: ``AlphabetError`` if characters repeat or are missing, or the blank is not a class.
    public init(validating characters: String, blank: Int, isDecomposed: Bool = false) throws(AlphabetError) {
        let scalars = isDecomposed ? Array(characters.unicodeScalars) : characters.composedScalars
        guard !scalars.isEmpty else { throw .empty }
        guard (0...scalars.count).contains(blank) else { throw .invalidBlank(blank, count: scalars.count + 1) }
        var classes: [Unicode.Scalar: Int32] = [:]
        for (index, scalar) in scalars.enumerated() {
            let number = Int32(index < blank ? index : index + 1)
            guard classes.updateValue(number, forKey: scalar) == nil else { throw .repeated(scalar) }
        }
        self.scalars = scalars
        self.classes = classes
        self.characters = String(String.UnicodeScalarView(scalars))
        (self.blank, self.isDecomposed) = (blank, isDecomposed)
    }

    /// All characters of some texts in the order of their code points; the blank is class 0.
    /// - Throws: ``AlphabetError/empty`` if there are none.
    public init(covering texts: some Sequence<String>) throws(AlphabetError) {
        let scalars = texts.reduce(into: Set<Unicode.Scalar>()) { $0.formUnion($1.composedScalars) }
        try self.init(validating: String(String.UnicodeScalarView(scalars.sorted())), blank: 0)
    }

    /// The number of classes, including the blank.
    public var count: Int { scalars.count + 1 }

    /// The classes of a text's characters. Typographic quotation marks, dashes and spaces that the alphabet lacks
    /// become plain ones. `sample` is the name of the text in errors, such as that of its file.
    ///
    /// - Throws: ``AlphabetError/unknown(_:sample:)`` for the first character that is not in the alphabet.
    public func encode(_ text: String, sample: String) throws(AlphabetError) -> [Int32] {
        var encoded: [Int32] = []
        for scalar in scalars(of: text).flatMap(spelled) {
            guard let number = classes[scalar] else { throw .unknown(scalar, sample: sample) }
            encoded.append(number)
        }
        return encoded
    }

    /// The class that every class of this alphabet has in another one; nil where the other lacks the character.
    package func classes(in other: Alphabet) -> [Int?] {
        var classes = scalars.map { scalar in other.classes[scalar].map { Int($0) } }
        classes.insert(other.blank, at: blank)
        return classes
    }

    /// The characters of a text that are not in the alphabet, in the order of their first appearance.
    public func unknownCharacters(in text: String) -> [Unicode.Scalar] {
        var seen: Set<Unicode.Scalar> = []
        return scalars(of: text).flatMap(spelled).filter { classes[$0] == nil && seen.insert($0).inserted }
    }

    /// A character, or its plain spelling if the alphabet lacks it.
    private func spelled(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        guard classes[scalar] == nil, let spelling = Self.spellings[scalar] else { return [scalar] }
        return Array(spelling.unicodeScalars)
    }

    /// The plain spellings of typographic characters, which look the same in handwriting.
    private static let spellings: [Unicode.Scalar: String] = [
        "‘": "'", "’": "'", "‚": "'", "“": "\"", "”": "\"", "„": "\"", "–": "-", "—": "-", "…": "...", "\u{A0}": " ",
        "\u{202F}": " ", "\u{2009}": " ",
    ]

    private func scalars(of text: String) -> [Unicode.Scalar] {
        isDecomposed ? text.decomposedScalars : text.composedScalars
    }

    /// The text of some classes. Blanks are dropped, repetitions are kept: collapsing them is up to a decoder.
    public func decode(_ encoded: [Int32]) -> String {
        var text = String.UnicodeScalarView()
        for number in encoded where Int(number) != blank {
            precondition((0..<count).contains(Int(number)), "There is no class \(number) among \(count).")
            text.append(scalars[Int(number) < blank ? Int(number) : Int(number) - 1])
        }
        return isDecomposed ? String(String.UnicodeScalarView(String(text).composedScalars)) : String(text)
    }
}

extension Alphabet: Codable {
    private enum CodingKeys: String, CodingKey {
        case characters, blank, isDecomposed
    }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            validating: values.decode(String.self, forKey: .characters), blank: values.decode(Int.self, forKey: .blank),
            isDecomposed: values.decodeIfPresent(Bool.self, forKey: .isDecomposed) ?? false)
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(characters, forKey: .characters)
        try values.encode(blank, forKey: .blank)
        if isDecomposed { try values.encode(true, forKey: .isDecomposed) }
    }
}
