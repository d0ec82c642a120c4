import DuctusData

/// The glyphs of a TrueType, OpenType or Type 1 font, to be written by a ``Hand``.
///
/// ```swift
/// let font = try Font(contentsOf: "/usr/share/fonts/truetype/breip/Breip.ttf")
/// font.isConnected                        // false
/// font.missingCharacters(in: "naïve")     // ["ï"], which is not in the character set
/// ```
public struct Font: Sendable {
    /// The file name without its path.
    public let name: String
    /// Whether letters connect to their neighbors, as in cursive script.
    public let isConnected: Bool
    /// The typical stroke width, in x-heights.
    public let strokeWidth: Double

    /// The width of the thinnest strokes, in x-heights.
    package let hairline: Double
    package let glyphs: [Unicode.Scalar: Glyph]
    package let kerning: [Pair: Float]

    /// Two consecutive characters.
    package struct Pair: Hashable, Sendable {
        let left, right: Unicode.Scalar

        package init(left: Unicode.Scalar, right: Unicode.Scalar) { (self.left, self.right) = (left, right) }
    }

    /// Reads the characters of a character set that the font contains.
    ///
    /// - Throws: ``SynthesisError`` if the file is missing, damaged or not a font, or has no outlines or no letter x.
    public init(contentsOf path: String, characters: Alphabet = .iam) throws(SynthesisError) {
        let face = try FontFile(contentsOf: path, characters: characters.characters.composedScalars)
        guard let letter = face.glyphs["x"]?.bounds else { throw .missingCharacters(font: path, characters: ["x"]) }
        let height = letter.upper.y - letter.lower.y
        guard height > 0.05 else { throw .damaged(file: path, reason: "the letter x is \(height) ems high") }
        let scale = 1 / height
        let glyphs = face.glyphs.mapValues { $0.scaled(by: scale) }
        name = path.split(separator: "/").last.map(String.init) ?? path
        self.glyphs = glyphs
        kerning = face.kerning.mapValues { $0 * scale }
        isConnected = Self.touch(glyphs)
        let widths = "abdeghinorstux".unicodeScalars.flatMap { glyphs[$0]?.contours.strokeWidths() ?? [] }.sorted()
        guard !widths.isEmpty else { throw .damaged(file: path, reason: "the outlines of the letters enclose no area") }
        strokeWidth = Double(widths[widths.count / 2])
        hairline = Double(widths[widths.count / 10])
    }

    /// The characters that the font can write, except for the space.
    public var characters: Set<Unicode.Scalar> { Set(glyphs.keys) }

    /// The characters of a text that the font cannot write, in order of first appearance.
    public func missingCharacters(in text: String) -> [Unicode.Scalar] {
        var seen: Set<Unicode.Scalar> = []
        return text.composedScalars.filter {
            glyphs[$0] == nil && !$0.properties.isWhitespace && seen.insert($0).inserted
        }
    }

    /// Whether the median gap between lowercase letters is nearly zero.
    private static func touch(_ glyphs: [Unicode.Scalar: Glyph]) -> Bool {
        var gaps: [Float] = []
        for left in "acdehilmnu".unicodeScalars.compactMap({ glyphs[$0] }) {
            for right in "aceimnoru".unicodeScalars.compactMap({ glyphs[$0] }) {
                guard let before = left.bounds, let after = right.bounds else { continue }
                gaps.append(left.advance - before.upper.x + after.lower.x)
            }
        }
        return !gaps.isEmpty && gaps.sorted()[gaps.count / 2] < 0.03
    }
}
