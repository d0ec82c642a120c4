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
    public static let page = PageFormat(
        "page", rootElement: "PcGts", maximumPages: 1, write: PAGE.write, read: PAGE.read)
}

enum PAGE {
    @Sendable fileprivate static func write(_ pages: [Page], created: Date?) -> String {
        let page = pages[0]
        let namespace = "http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"
        let time = (created ?? Date(timeIntervalSince1970: 0)).formatted(.iso8601)
        let attributes = [
            ("imageFilename", page.image), ("imageWidth", "\(page.size.width)"), ("imageHeight", "\(page.size.height)"),
        ]
        var writer = XMLWriter()
        writer.element("PcGts", [("xmlns", namespace)]) { root in
            root.element("Metadata") { metadata in
                metadata.element("Creator", text: "Ductus \(Release.version)")
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
            for (index, (line, id)) in zip(page.lines, [page].lineIdentifiers[0]).enumerated() {
                write(line, id, "\(index + 1)", to: &region)
            }
            region.element("TextEquiv") { $0.element("Unicode", text: page.text) }
        }
    }

    private static func write(_ line: Page.Line, _ id: String, _ number: String, to writer: inout XMLWriter) {
        writer.element("TextLine", [("id", id)]) { element in
            element.element("Coords", [("points", (line.polygon?.points ?? line.box.corners).pixels)])
            if line.baseline.count > 1 { element.element("Baseline", [("points", line.baseline.pixels)]) }
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
}
