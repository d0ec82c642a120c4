#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension PageFormat {
    /// PDF with the image of each page and its text, invisible, at the places of the lines and words, so that the
    /// document can be searched and text copied from it.
    ///
    /// Pages have the size of images of ``ImageFile/pdfResolution``. See ISO 32000-1:2008, 9.3.6 for text that is not
    /// painted and 9.10.3 for its Unicode.
    public static let pdf = PageFormat("pdf") { pages, created in
        var writer = PDFWriter(created: created)
        for (page, image) in pages { writer.add(page, image: image) }
        return writer.finished()
    }
}

/// Writes a PDF, object by object.
private struct PDFWriter {
    private var bytes = Array("%PDF-1.5\n%\u{E9}\u{E8}\u{E0}\u{E7}\n".utf8)
    /// The place of every object; objects are numbered from 1.
    private var offsets: [Int] = []
    private var pages: [Int] = []
    private var text = PDFText()
    private let created: Date?

    // The objects that all pages refer to.
    private let catalog = 1
    private let tree = 2
    private let fonts = 3

    init(created: Date?) {
        self.created = created
        offsets = [0, 0, 0]
    }

    mutating func add(_ page: Page, image: EncodedImage) {
        let (width, height) = (max(page.width ?? image.width, 1), max(page.height ?? image.height, 1))
        let scale = 72 / Double(ImageFile.pdfResolution)
        let size = "\((Double(width) * scale).rounded4) \((Double(height) * scale).rounded4)"
        let picture = add(image)
        let drawing = """
            \(scale.rounded4) 0 0 \(scale.rounded4) 0 0 cm
            q \(width) 0 0 \(height) 0 0 cm /Image Do Q
            BT 3 Tr
            \(page.lines.map { text.drawing($0, pageHeight: height) }.joined())ET

            """
        let contents = addStream("", Array(drawing.utf8))
        pages.append(
            addObject(
                """
                << /Type /Page /Parent \(tree) 0 R /MediaBox [0 0 \(size)] /Contents \(contents) 0 R
                /Resources << /Font \(fonts) 0 R /XObject << /Image \(picture) 0 R >> >> >>
                """))
    }

    private mutating func add(_ image: EncodedImage) -> Int {
        let compression =
            switch image.coding {
            case .jpeg: "/Filter /DCTDecode"
            case .png:
                """
                /Filter /FlateDecode /DecodeParms << /Predictor 15 /Colors \(image.channels) /BitsPerComponent 8 \
                /Columns \(image.width) >>
                """
            }
        return addStream(
            """
            /Type /XObject /Subtype /Image /Width \(image.width) /Height \(image.height) /BitsPerComponent 8 \
            /ColorSpace \(image.channels == 1 ? "/DeviceGray" : "/DeviceRGB") \(compression)
            """, image.bytes)
    }

    consuming func finished() -> [UInt8] {
        let fontObjects = text.fonts.indices.map { index in
            let map = addStream("", Array(text.unicodeMap(ofFont: index).utf8))
            let glyph = addStream("", Array("\(PDFText.width) 0 d0".utf8))
            return addObject(text.font(index, map: map, glyph: glyph))
        }
        let names = fontObjects.enumerated().map { "/F\($0.offset) \($0.element) 0 R" }.joined(separator: " ")
        setObject(fonts, "<< \(names) >>")
        let kids = pages.map { "\($0) 0 R" }.joined(separator: " ")
        setObject(tree, "<< /Type /Pages /Count \(pages.count) /Kids [\(kids)] >>")
        setObject(catalog, "<< /Type /Catalog /Pages \(tree) 0 R >>")
        let date = created.map { " /CreationDate (D:\($0.formatted(.iso8601).filter(\.isNumber))Z)" } ?? ""
        let information = addObject("<< /Producer (Ductus \(Release.version))\(date) >>")

        let start = bytes.count
        let places = offsets.map { offset in
            String(repeating: "0", count: 10 - "\(offset)".count) + "\(offset) 00000 n \n"
        }
        append("xref\n0 \(offsets.count + 1)\n0000000000 65535 f \n" + places.joined())
        append("trailer\n<< /Size \(offsets.count + 1) /Root \(catalog) 0 R /Info \(information) 0 R >>\n")
        append("startxref\n\(start)\n%%EOF\n")
        return bytes
    }

    private mutating func append(_ text: String) { bytes += Array(text.utf8) }

    private mutating func addObject(_ contents: String) -> Int {
        offsets.append(0)
        setObject(offsets.count, contents)
        return offsets.count
    }

    private mutating func setObject(_ number: Int, _ contents: String) {
        offsets[number - 1] = bytes.count
        append("\(number) 0 obj\n\(contents)\nendobj\n")
    }

    private mutating func addStream(_ dictionary: String, _ contents: [UInt8]) -> Int {
        offsets.append(bytes.count)
        append("\(offsets.count) 0 obj\n<< \(dictionary) /Length \(contents.count) >>\nstream\n")
        bytes += contents
        append("\nendstream\nendobj\n")
        return offsets.count
    }
}
