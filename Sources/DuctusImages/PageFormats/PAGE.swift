#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension PageFormat {
    /// PAGE, the format of OCR-D, Transkribus and eScriptorium: the schema of 2019-07-15 is written, any version is
    /// read. A document holds one page.
    ///
    /// All lines are in one `TextRegion`, each with its outline, baseline, words, text and confidence from 0 to 1.
    ///
    /// See <https://github.com/PRImA-Research-Lab/PAGE-XML>.
    public static let page = PageFormat("page", rootElement: "PcGts", write: PAGE.write, read: PAGE.read)
}

private enum PAGE {
    @Sendable static func write(_ pages: [Page], created: Date?) throws -> String {
        guard let page = pages.first else { throw PageFormatError.noPages("page") }
        guard pages.count == 1 else { throw PageFormatError.severalPages("page", images: pages.map(\.image)) }
        let namespace = "http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"
        let time = (created ?? Date(timeIntervalSince1970: 0)).formatted(.iso8601)
        let attributes = [
            ("imageFilename", page.image), ("imageWidth", "\(page.size.width)"), ("imageHeight", "\(page.size.height)"),
        ]
        var writer = XMLWriter()
        writer.element("PcGts", [("xmlns", namespace)]) { root in
            root.element("Metadata") { metadata in
                metadata.element("Creator", text: "Ductus")
                metadata.element("Created", text: time)
                metadata.element("LastChange", text: time)
            }
            root.element("Page", attributes) { writeRegion(of: page, to: &$0) }
        }
        return writer.document
    }

    private static func writeRegion(of page: Page, to writer: inout XMLWriter) {
        guard let box = page.blockBox else { return }
        writer.element("TextRegion", [("id", "region_1")]) { region in
            region.element("Coords", [("points", box.corners.pixels)])
            for (index, line) in page.lines.enumerated() { write(line, "\(index + 1)", to: &region) }
            region.element("TextEquiv") { $0.element("Unicode", text: page.text) }
        }
    }

    private static func write(_ line: Page.Line, _ number: String, to writer: inout XMLWriter) {
        writer.element("TextLine", [("id", "line_\(number)")]) { element in
            element.element("Coords", [("points", (line.polygon?.points ?? line.box.corners).pixels)])
            if !line.baseline.isEmpty { element.element("Baseline", [("points", line.baseline.pixels)]) }
            for (index, word) in line.words.enumerated() {
                element.element("Word", [("id", "word_\(number)_\(index + 1)")]) { element in
                    element.element("Coords", [("points", word.box.corners.pixels)])
                    writeText(word.text, word.confidence, to: &element)
                }
            }
            writeText(line.text, line.confidence, to: &element)
        }
    }

    private static func writeText(_ text: String, _ confidence: Double?, to writer: inout XMLWriter) {
        writer.element("TextEquiv", confidence.map { [("conf", $0.rounded4)] } ?? []) {
            $0.element("Unicode", text: text)
        }
    }

    @Sendable static func read(_ document: XMLElement, file: String) throws -> Page {
        let pages = document.descendants("Page")
        guard let page = pages.first, pages.count == 1 else {
            throw document.malformed("one page is expected, but there are \(pages.count)", in: file)
        }
        return Page(
            image: page.attributes["imageFilename"] ?? "", width: try page.numberIfPresent("imageWidth", in: file),
            height: try page.numberIfPresent("imageHeight", in: file),
            lines: try page.descendants("TextLine").map { try line($0, file) })
    }

    private static func line(_ line: XMLElement, _ file: String) throws(FileError) -> Page.Line {
        let outline = try outline(of: line, file)
        let baseline = try line.child("Baseline").map { (baseline) throws(FileError) in
            try baseline.points("points", in: file)
        }
        let words = try line.children("Word").map { (word) throws(FileError) in
            let (text, confidence) = reading(of: word)
            return Page.Word(text: text, confidence: confidence, box: try self.outline(of: word, file).box)
        }
        let (text, confidence) = reading(of: line)
        return Page.Line(
            id: line.attributes["id"], text: text, confidence: confidence, box: outline.box, baseline: baseline ?? [],
            polygon: outline.points == outline.box.corners ? nil : outline, words: words)
    }

    private static func outline(of element: XMLElement, _ file: String) throws(FileError) -> Polygon {
        guard let coordinates = element.child("Coords") else {
            throw element.malformed("\(element.name) has no Coords", in: file)
        }
        // Before the schema of 2013, every point was an element.
        let points = coordinates.children("Point")
        guard coordinates.attributes["points"] == nil, !points.isEmpty else {
            return Polygon(try coordinates.points("points", in: file))
        }
        return Polygon(
            try points.map { (point) throws(FileError) in
                Polygon.Point(x: try point.number("x", in: file), y: try point.number("y", in: file))
            })
    }

    /// Of several readings, the one with the lowest index is the best.
    private static func reading(of element: XMLElement) -> (text: String, confidence: Double?) {
        let best = element.children("TextEquiv").enumerated().min {
            (Int($0.element.attributes["index"] ?? "") ?? .max, $0.offset)
                < (Int($1.element.attributes["index"] ?? "") ?? .max, $1.offset)
        }?.element
        return (best?.child("Unicode")?.text.collapsingSpace ?? "", best?.confidence("conf"))
    }
}
