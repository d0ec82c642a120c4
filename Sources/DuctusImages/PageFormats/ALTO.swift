#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension PageFormat {
    /// ALTO, the format of libraries: version 4.4 is written, any version in pixels is read.
    ///
    /// Every page is a `Page` with all lines in one `TextBlock`. A line has a `String` for every word, or one for the
    /// whole line if it has no words; `WC` is the confidence from 0 to 1. A single page names its image in `fileName`;
    /// several pages name theirs in `fileIdentifier`, in order.
    ///
    /// See <https://www.loc.gov/standards/alto/>.
    public static let alto = PageFormat("alto", rootElement: "alto", write: ALTO.write, read: ALTO.read)
}

private enum ALTO {
    @Sendable static func write(_ pages: [Page], created: Date?) throws -> String {
        guard !pages.isEmpty else { throw PageFormatError.noPages("alto") }
        var writer = XMLWriter()
        let root = [("xmlns", "http://www.loc.gov/standards/alto/ns-v4#"), ("SCHEMAVERSION", "4.4")]
        writer.element("alto", root) { alto in
            alto.element("Description") { description in
                description.element("MeasurementUnit", text: "pixel")
                description.element("sourceImageInformation") { source in
                    let name = pages.count == 1 ? "fileName" : "fileIdentifier"
                    for page in pages { source.element(name, text: page.image) }
                }
                description.element("Processing", [("ID", "processing")]) { processing in
                    processing.element("processingCategory", text: "contentGeneration")
                    if let created { processing.element("processingDateTime", text: created.formatted(.iso8601)) }
                    processing.element("processingSoftware") { $0.element("softwareName", text: "Ductus") }
                }
            }
            alto.element("Layout") { layout in
                for (index, page) in pages.enumerated() { write(page, number: index + 1, to: &layout) }
            }
        }
        return writer.document
    }

    private static func write(_ page: Page, number: Int, to writer: inout XMLWriter) {
        let size = [("WIDTH", "\(page.size.width)"), ("HEIGHT", "\(page.size.height)")]
        writer.element("Page", [("ID", "page_\(number)"), ("PHYSICAL_IMG_NR", "\(number)")] + size) { element in
            element.element("PrintSpace", [("HPOS", "0"), ("VPOS", "0")] + size) { space in
                guard let box = page.blockBox else { return }
                space.element("TextBlock", [("ID", "block_\(number)")] + attributes(box)) { block in
                    for (index, line) in page.lines.enumerated() { write(line, "\(number)_\(index + 1)", to: &block) }
                }
            }
        }
    }

    private static func write(_ line: Page.Line, _ number: String, to writer: inout XMLWriter) {
        var position = attributes(line.box)
        if !line.baseline.isEmpty { position.append(("BASELINE", line.baseline.pixels)) }
        writer.element("TextLine", [("ID", "line_\(number)")] + position) { element in
            if let polygon = line.polygon {
                element.element("Shape") { $0.element("Polygon", [("POINTS", polygon.points.pixels)]) }
            }
            let whole = Page.Word(text: line.text, confidence: line.confidence, box: line.box)
            for (index, word) in (line.words.isEmpty ? [whole] : line.words).enumerated() {
                if index > 0 { element.element("SP") }
                let id = "string_\(number)" + (line.words.isEmpty ? "" : "_\(index + 1)")
                let confidence = word.confidence.map { [("WC", $0.rounded4)] } ?? []
                element.element(
                    "String", [("ID", id)] + attributes(word.box) + confidence + [("CONTENT", word.text)])
            }
        }
    }

    private static func attributes(_ box: Box) -> XMLWriter.Attributes {
        [("HPOS", "\(box.x)"), ("VPOS", "\(box.y)"), ("WIDTH", "\(box.width)"), ("HEIGHT", "\(box.height)")]
    }

    @Sendable static func read(_ document: XMLElement, file: String) throws -> Page {
        let pages = document.descendants("Page")
        guard let page = pages.first, pages.count == 1 else {
            throw document.malformed("one page is expected, but there are \(pages.count)", in: file)
        }
        if let unit = document.descendants("MeasurementUnit").first, unit.text.collapsingSpace != "pixel" {
            throw unit.malformed("lengths are in “\(unit.text.collapsingSpace)”; only pixels are supported", in: file)
        }
        return Page(
            image: document.descendants("fileName").first?.text.collapsingSpace ?? "",
            width: try page.numberIfPresent("WIDTH", in: file), height: try page.numberIfPresent("HEIGHT", in: file),
            lines: try page.descendants("TextLine").map { try line($0, file) })
    }

    private static func line(_ line: XMLElement, _ file: String) throws(FileError) -> Page.Line {
        let polygon = try line.child("Shape")?.child("Polygon").map { (polygon) throws(FileError) in
            Polygon(try polygon.points("POINTS", in: file))
        }
        let box = if let polygon, line.attributes["HPOS"] == nil { polygon.box } else { try self.box(line, file) }
        // Before version 4.2, a baseline was one number, its y coordinate.
        let hasPoints = line.attributes["BASELINE"].map { $0.contains { " ,".contains($0) } } ?? false
        var words = try words(line, file)
        var confidence: Double?
        if words.count == 1, words[0].box == box {
            confidence = words[0].confidence
            words = []
        }
        return Page.Line(
            id: line.attributes["ID"], text: try text(line, file), confidence: confidence, box: box,
            baseline: hasPoints ? try line.points("BASELINE", in: file) : [], polygon: polygon, words: words)
    }

    private static func box(_ element: XMLElement, _ file: String) throws(FileError) -> Box {
        let (x, y) = (try element.number("HPOS", in: file), try element.number("VPOS", in: file))
        let (width, height) = (try element.number("WIDTH", in: file), try element.number("HEIGHT", in: file))
        guard width >= 0 && height >= 0 else {
            throw element.malformed("\(element.name) has a negative size", in: file)
        }
        return Box(x: x, y: y, width: width, height: height)
    }

    /// The words that have a box.
    private static func words(_ line: XMLElement, _ file: String) throws(FileError) -> [Page.Word] {
        var words: [Page.Word] = []
        let box = ["HPOS", "VPOS", "WIDTH", "HEIGHT"]
        for word in line.children("String") where box.allSatisfy({ word.attributes[$0] != nil }) {
            words.append(
                Page.Word(
                    text: word.attributes["CONTENT"] ?? "", confidence: word.confidence("WC"),
                    box: try self.box(word, file)))
        }
        return words
    }

    private static func text(_ line: XMLElement, _ file: String) throws(FileError) -> String {
        var text = ""
        let parts = line.children.filter { ["String", "SP", "HYP"].contains($0.name) }
        // Without SP elements, every String is a word.
        let separator = parts.contains { $0.name == "SP" } ? "" : " "
        for part in parts {
            if part.name == "SP" {
                text += " "
            } else {
                guard let content = part.attributes["CONTENT"] else {
                    throw part.malformed("\(part.name) has no CONTENT", in: file)
                }
                text += (text.isEmpty || part.name == "HYP" ? "" : separator) + content
            }
        }
        return text.collapsingSpace
    }
}
