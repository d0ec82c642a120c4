import DuctusModels

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension PageFormat {
    /// An ALTO 4 document with a `Page` for each page, all of whose lines stand in one `TextBlock`. A line is one
    /// `String`, as it was read; `WC` is its confidence from 0 to 1.
    ///
    /// One page gives its image as `fileName`; several give theirs as `fileIdentifier`, in the order of the pages.
    /// See <https://www.loc.gov/standards/alto/>.
    func alto(_ pages: [PageReading], created: Date?) throws(PageFormatError) -> String {
        guard !pages.isEmpty else { throw .noPages(self) }
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
                for (index, page) in pages.enumerated() { layout.altoPage(page, number: index + 1) }
            }
        }
        return writer.document
    }
}

extension XMLWriter {
    fileprivate mutating func altoPage(_ page: PageReading, number: Int) {
        let size = [("WIDTH", "\(page.width)"), ("HEIGHT", "\(page.height)")]
        element("Page", [("ID", "page_\(number)"), ("PHYSICAL_IMG_NR", "\(number)")] + size) { element in
            let origin = [("HPOS", "0"), ("VPOS", "0")]
            element.element("PrintSpace", origin + size) { space in
                guard let box = page.linesBox else { return }
                space.element("TextBlock", [("ID", "block_\(number)")] + box.altoAttributes) { block in
                    for (index, line) in page.lines.enumerated() {
                        let position = line.box.altoAttributes
                        block.element("TextLine", [("ID", "line_\(number)_\(index + 1)")] + position) {
                            $0.element(
                                "String",
                                [("ID", "string_\(number)_\(index + 1)")] + position
                                    + [("WC", line.confidence.rounded4), ("CONTENT", line.text)])
                        }
                    }
                }
            }
        }
    }
}

extension Box {
    fileprivate var altoAttributes: XMLWriter.Attributes {
        [("HPOS", "\(x)"), ("VPOS", "\(y)"), ("WIDTH", "\(width)"), ("HEIGHT", "\(height)")]
    }
}
