#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension PageFormat {
    /// ALTO, the format of libraries: version 4.4 is written, any version in pixels is read.
    ///
    /// Every page is a `Page` with all lines in one `TextBlock`. A line has its baseline, its outline, and a `String` for
    /// every word, or one for the whole line if it has no words; `WC` is the confidence from 0 to 1. A single page names
    /// its image in `fileName`; several pages name theirs in `fileIdentifier`, in order.
    ///
    /// See <https://www.loc.gov/standards/alto/>.
    public static let alto = PageFormat("alto", rootElement: "alto", write: ALTO.write, read: ALTO.read)
}

enum ALTO {
    @Sendable fileprivate static func write(_ pages: [Page], created: Date?) -> String {
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
                    processing.element("processingSoftware") { software in
                        software.element("softwareName", text: "Ductus")
                        software.element("softwareVersion", text: Release.version)
                    }
                }
            }
            alto.element("Layout") { layout in
                for (index, (page, ids)) in zip(pages, pages.lineIdentifiers).enumerated() {
                    write(page, number: index + 1, lineIDs: ids, to: &layout)
                }
            }
        }
        return writer.document
    }

    private static func write(_ page: Page, number: Int, lineIDs: [String], to writer: inout XMLWriter) {
        let size = [("WIDTH", "\(page.size.width)"), ("HEIGHT", "\(page.size.height)")]
        writer.element("Page", [("ID", "page_\(number)"), ("PHYSICAL_IMG_NR", "\(number)")] + size) { element in
            element.element("PrintSpace", [("HPOS", "0"), ("VPOS", "0")] + size) { space in
                guard let box = page.blockBox else { return }
                space.element("TextBlock", [("ID", "block_\(number)")] + attributes(box)) { block in
                    for (index, (line, id)) in zip(page.lines, lineIDs).enumerated() {
                        write(line, id, "\(number)_\(index + 1)", to: &block)
                    }
                }
            }
        }
    }

    private static func write(_ line: Page.Line, _ id: String, _ number: String, to writer: inout XMLWriter) {
        var position = attributes(line.box)
        if line.baseline.count > 1 { position.append(("BASELINE", line.baseline.pixels)) }
        writer.element("TextLine", [("ID", id)] + position) { element in
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
}
