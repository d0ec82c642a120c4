import DuctusData

/// Why lines cannot be written. Every description is one sentence with the file or text at fault and the remedy.
public enum SynthesisError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A font could not be read at all.
    case unreadable(FileError)
    /// A file is something else than a font.
    case notAFont(file: String)
    /// A font contradicts its format.
    case damaged(file: String, reason: String)
    /// A font consists of pictures of one size.
    case noOutlines(file: String)
    /// A font has no such characters.
    case lacksCharacters(font: String, characters: [Unicode.Scalar])
    /// There are no handwriting fonts in some folders; Debian has some in packages.
    case noFonts(folders: [String], packages: [String])
    /// No font can write any word of a text.
    case unwritable(fonts: Int)
    /// A folder holds other lines.
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
            "\(file): the font has no outlines, only pictures of one size; choose another."
        case .lacksCharacters(let font, let characters):
            "\(font): the font has no “\(String(String.UnicodeScalarView(characters)))”; choose another font or text."
        case .noFonts(let folders, let packages):
            "\(folders.joined(separator: ", ")): there are no handwriting fonts here; "
                + (packages.isEmpty
                    ? "name a folder that has some."
                    : "name a folder that has some, or apt-get install \(packages.joined(separator: " ")).")
        case .unwritable(let fonts):
            fonts == 1
                ? "The font can write no word of the text; choose another text or font."
                : "None of the \(fonts) fonts can write any word of the text; choose another text or other fonts."
        case .occupied(let folder):
            "\(folder): there are lines in this folder already; choose another, or remove its lines.tsv and lines."
        }
    }
}
