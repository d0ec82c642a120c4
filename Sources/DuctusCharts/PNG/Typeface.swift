import CFreeType

/// A font for labels, read from a file.
public struct Typeface: Sendable {
    /// The file.
    public let file: String
    let bytes: [UInt8]

    /// Reads a font file.
    /// - Throws: ``TypefaceError`` if the file is missing or not a font with outlines.
    public init(contentsOf file: String) throws(TypefaceError) {
        do {
            bytes = try File.readBytes(file, maximumBytes: 64 << 20)
        } catch {
            throw TypefaceError(description: error.description)
        }
        self.file = file
        try Pencil.check(bytes, file: file)
    }

    /// The font that the environment variable `DUCTUS_FONT` names, or one of the system, preferably with Helvetica's widths.
    /// - Throws: ``TypefaceError`` with the package to install if there is none.
    public static func standard() throws(TypefaceError) -> Typeface { try found.get() }

    /// Read once in a program.
    private static let found = Result<Typeface, TypefaceError> { () throws(TypefaceError) in
        if let file = File.environment("DUCTUS_FONT") { return try Typeface(contentsOf: file) }
        guard let file = known.first(where: { File.exists($0) }) else {
            throw TypefaceError(
                description: "There is no font for the labels of charts; apt-get install fonts-liberation, "
                    + "or set DUCTUS_FONT to a TrueType or OpenType file.")
        }
        return try Typeface(contentsOf: file)
    }

    private static let known = [
        "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
        "/usr/share/fonts/truetype/liberation2/LiberationSans-Regular.ttf",
        "/usr/share/fonts/liberation-sans/LiberationSans-Regular.ttf",
        "/usr/share/fonts/liberation/LiberationSans-Regular.ttf",
        "/System/Library/Fonts/Supplemental/Arial.ttf",
        "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    ]
}

/// Why a font cannot be used.
public struct TypefaceError: Error, Equatable, Sendable, CustomStringConvertible {
    /// One sentence with the file and the remedy.
    public let description: String
}
