import DuctusData

/// An error of synthesizing lines. Every description is one sentence with the file or text at fault and the remedy.
public enum SynthesisError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A font could not be read at all.
    case unreadable(FileError)
    /// A file is not a font.
    case notAFont(file: String)
    /// A font file violates its format.
    case damaged(file: String, reason: String)
    /// A font consists of bitmaps only.
    case noOutlines(file: String)
    /// A font does not contain some characters.
    case missingCharacters(font: String, characters: [Unicode.Scalar])
    /// Some folders contain no handwriting fonts; Debian has packages with some.
    case noFonts(folders: [String], packages: [String])
    /// No font can write any word of a text.
    case unwritable(fonts: Int)
    /// A folder already contains lines.
    case occupied(folder: String)

    public var description: String {
        switch self {
        case .unreadable(let error):
            error.description
        case .notAFont(let file):
            "\(file): this is not a font; choose a TrueType or OpenType file."
        case .damaged(let file, let reason):
            "\(file): \(reason); install the font again."
        case .noOutlines(let file):
            "\(file): the font has only bitmaps, no outlines; choose another font."
        case .missingCharacters(let font, let characters):
            "\(font): the font has no “\(String(String.UnicodeScalarView(characters)))”; choose another font or text."
        case .noFonts(let folders, let packages):
            "\(folders.joined(separator: ", ")): there are no handwriting fonts here; "
                + (packages.isEmpty
                    ? "name a folder that has some."
                    : "name a folder that has some, or apt-get install \(packages.joined(separator: " ")).")
        case .unwritable(let fonts):
            fonts == 1
                ? "The font cannot write any word of the text; choose another text or font."
                : "None of the \(fonts) fonts can write any word of the text; choose another text or other fonts."
        case .occupied(let folder):
            "\(folder): this folder already contains lines; choose another, or remove its lines.tsv and lines."
        }
    }
}
