import DuctusModels

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension PageFormat {
    /// A PAGE document, schema 2019-07-15: the page's lines in one `TextRegion`, each with its outline, text and
    /// confidence from 0 to 1.
    ///
    /// See <https://github.com/PRImA-Research-Lab/PAGE-XML>.
    func pageXML(_ pages: [PageReading], created: Date?) throws(PageFormatError) -> String {
        guard let page = pages.first else { throw .noPages(self) }
        guard pages.count == 1 else { throw .severalPages(self, images: pages.map(\.image)) }
        let namespace = "http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"
        let time = (created ?? Date(timeIntervalSince1970: 0)).formatted(.iso8601)
        let attributes = [
            ("imageFilename", page.image), ("imageWidth", "\(page.width)"), ("imageHeight", "\(page.height)"),
        ]
        var writer = XMLWriter()
        writer.element("PcGts", [("xmlns", namespace)]) { root in
            root.element("Metadata") { metadata in
                metadata.element("Creator", text: "Ductus")
                metadata.element("Created", text: time)
                metadata.element("LastChange", text: time)
            }
            root.element("Page", attributes) { $0.textRegion(of: page) }
        }
        return writer.document
    }
}

extension XMLWriter {
    fileprivate mutating func textRegion(of page: PageReading) {
        guard let box = page.linesBox else { return }
        element("TextRegion", [("id", "region_1")]) { region in
            region.element("Coords", [("points", box.pagePoints)])
            for (index, line) in page.lines.enumerated() {
                region.element("TextLine", [("id", "line_\(index + 1)")]) { element in
                    element.element("Coords", [("points", line.box.pagePoints)])
                    element.element("TextEquiv", [("conf", line.confidence.rounded4)]) {
                        $0.element("Unicode", text: line.text)
                    }
                }
            }
            region.element("TextEquiv") { $0.element("Unicode", text: page.text) }
        }
    }
}

extension Box {
    /// The corners clockwise from the top left, as `x,y x,y …`. PAGE knows no negative coordinates.
    fileprivate var pagePoints: String {
        let corners = [(x, y), (maxX, y), (maxX, maxY), (x, maxY)]
        return corners.map { "\(max($0.0, 0)),\(max($0.1, 0))" }.joined(separator: " ")
    }
}
