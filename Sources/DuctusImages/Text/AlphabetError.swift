/// Why a text cannot be encoded, or an alphabet is invalid.
public enum AlphabetError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A character of a text is not in the alphabet.
    case unknown(Unicode.Scalar, sample: String)
    /// A character is listed twice.
    case repeated(Unicode.Scalar)
    /// There are no characters.
    case empty
    /// The blank is not one of the classes.
    case invalidBlank(Int, count: Int)

    public var description: String {
        switch self {
        case .unknown(let character, let sample):
            "\(sample): \(Self.name(character)) is not in the character set; correct the text or choose a larger set."
        case .repeated(let character):
            "The character set lists \(Self.name(character)) twice; list each character once."
        case .empty:
            "The character set is empty; it needs at least one character."
        case .invalidBlank(let blank, let count):
            "The blank cannot be class \(blank) of \(count); it must be one of 0 … \(count - 1)."
        }
    }

    /// `“é” (U+00E9)`; only the code point if printing the character would garble the sentence.
    package static func name(_ character: Unicode.Scalar) -> String {
        let digits = String(character.value, radix: 16, uppercase: true)
        let code = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        switch character.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .nonspacingMark, .enclosingMark,
            .lineSeparator, .paragraphSeparator:
            return "the character \(code)"
        default:
            return "“\(character)” (\(code))"
        }
    }
}
