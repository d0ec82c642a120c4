/// The invisible text of a PDF. Its fonts (Type 3) have an empty glyph for every character that occurs, and the Unicode
/// of each.
struct PDFText {
    /// The width of a glyph in thousandths of the font size.
    static let width = 500
    /// How far a glyph reaches below its baseline, in thousandths of the font size.
    private static let descent = 250
    /// A font has codes of one byte.
    private static let fontSize = 256

    /// The characters of each font, in the order of their codes.
    private(set) var fonts: [[Character]] = []
    private var codes: [Character: (font: Int, code: Int)] = [:]

    /// The operators that draw the words of a line, or the line as a whole if they are not known. The origin is the
    /// lower left corner of the page, and a unit is a pixel.
    mutating func drawing(_ line: Page.Line, pageHeight: Int) -> String {
        let words = line.words.isEmpty ? [Page.Word(text: line.text, box: line.box)] : line.words
        // Words of one height on one baseline remain a line for those who search or copy them; the words of a slanted
        // line have their own.
        let isLevel = line.box.height <= 2 * (words.map(\.box.height).max() ?? 0)
        return words.enumerated().map { index, word in
            let rows = isLevel ? line.box : word.box
            let box = Box(x: word.box.x, y: rows.y, width: word.box.width, height: rows.height)
            return drawing(word.text, in: box, endsInSpace: index < words.count - 1, pageHeight: pageHeight)
        }.joined()
    }

    private mutating func drawing(_ text: String, in box: Box, endsInSpace: Bool, pageHeight: Int) -> String {
        guard !text.isEmpty else { return "" }
        let size = Double(max(box.height, 1))
        let baseline = Double(pageHeight - box.maxY) + size * Double(Self.descent) / 1000
        // Glyphs are stretched to the width of the box.
        let length = size * Double(Self.width) / 1000 * Double(text.count)
        let stretch = 100 * Double(max(box.width, 1)) / length
        var drawing = "\(stretch.rounded4) Tz 1 0 0 1 \(box.x) \(baseline.rounded4) Tm\n"
        var (run, font) = ("", -1)
        func show() { if !run.isEmpty { drawing += "/F\(font) \(size) Tf <\(run)> Tj\n" } }
        for character in text + (endsInSpace ? " " : "") {
            let place = code(of: character.isWhitespace ? " " : character)
            if place.font != font {
                show()
                (run, font) = ("", place.font)
            }
            run += Self.hexadecimal(place.code, digits: 2)
        }
        show()
        return drawing
    }

    private mutating func code(of character: Character) -> (font: Int, code: Int) {
        if let known = codes[character] { return known }
        if fonts.last.map({ $0.count == Self.fontSize }) ?? true { fonts.append([]) }
        let place = (font: fonts.count - 1, code: fonts[fonts.count - 1].count)
        fonts[place.font].append(character)
        codes[character] = place
        return place
    }

    /// The object of a font.
    ///
    /// - Parameters:
    ///   - index: the font.
    ///   - map: the number of the object with its Unicode map.
    ///   - glyph: the number of the object with its glyph.
    func font(_ index: Int, map: Int, glyph: Int) -> String {
        let count = fonts[index].count
        return """
            << /Type /Font /Subtype /Type3 /FontBBox [0 \(-Self.descent) \(Self.width) \(1000 - Self.descent)] \
            /FontMatrix [0.001 0 0 0.001 0 0]
            /CharProcs << /glyph \(glyph) 0 R >> /Encoding << /Type /Encoding /Differences [0\
            \(String(repeating: " /glyph", count: count))] >>
            /FontDescriptor << /Type /FontDescriptor /FontName /Invisible /Flags 4 /ItalicAngle 0 /StemV 80 \
            /FontBBox [0 \(-Self.descent) \(Self.width) \(1000 - Self.descent)] /Ascent \(1000 - Self.descent) \
            /CapHeight \(1000 - Self.descent) /Descent \(-Self.descent) >>
            /FirstChar 0 /LastChar \(count - 1) /Widths [\(Array(repeating: "\(Self.width)", count: count)
                .joined(separator: " "))] /Resources << >> /ToUnicode \(map) 0 R >>
            """
    }

    /// The map from the codes of a font to UTF-16.
    func unicodeMap(ofFont index: Int) -> String {
        let entries = fonts[index].enumerated().map { code, character in
            let units = String(character).utf16.map { Self.hexadecimal(Int($0), digits: 4) }.joined()
            return "<\(Self.hexadecimal(code, digits: 2))> <\(units)>\n"
        }
        // A block has at most a hundred entries.
        let blocks = stride(from: 0, to: entries.count, by: 100).map { start in
            let block = entries[start..<min(start + 100, entries.count)]
            return "\(block.count) beginbfchar\n\(block.joined())endbfchar\n"
        }
        return """
            /CIDInit /ProcSet findresource begin
            12 dict begin
            begincmap
            /CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
            /CMapName /Adobe-Identity-UCS def
            /CMapType 2 def
            1 begincodespacerange
            <00> <FF>
            endcodespacerange
            \(blocks.joined())endcmap
            CMapName currentdict /CMap defineresource pop
            end
            end

            """
    }

    private static func hexadecimal(_ number: Int, digits: Int) -> String {
        let text = String(number, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
