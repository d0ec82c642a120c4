extension PageFormat {
    /// hOCR 1.2, which browsers show and OCR tools read: XHTML 1.0 with an `ocr_page` for each page and an `ocr_line`
    /// for each line, with its box (left, top, right, bottom) and its confidence from 0 to 100 in the title.
    ///
    /// See <http://kba.github.io/hocr-spec/1.2/>.
    public static let hocr = PageFormat("hocr") { pages, _ in
        var writer = XMLWriter()
        writer.documentType(
            #"html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "#
                + #""http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd""#)
        writer.element("html", [("xmlns", "http://www.w3.org/1999/xhtml")]) { html in
            html.element("head") { head in
                head.element("title", text: pages.map(\.image).joined(separator: ", "))
                head.element("meta", [("http-equiv", "Content-Type"), ("content", "text/html; charset=utf-8")])
                head.element("meta", [("name", "ocr-system"), ("content", "Ductus")])
                head.element("meta", [("name", "ocr-capabilities"), ("content", "ocr_page ocr_line ocrp_wconf")])
            }
            html.element("body") { body in
                for (index, page) in pages.enumerated() { body.hocrPage(page, number: index + 1) }
            }
        }
        return writer.document
    }
}

extension XMLWriter {
    fileprivate mutating func hocrPage(_ page: Page, number: Int) {
        // A quotation mark would end the name early: hOCR has no escape for it.
        let image = String(page.image.map { $0 == "\"" ? "'" : $0 })
        let title = "image \"\(image)\"; bbox 0 0 \(page.size.width) \(page.size.height); ppageno \(number - 1)"
        element("div", [("class", "ocr_page"), ("id", "page_\(number)"), ("title", title)]) { division in
            for (index, line) in page.lines.enumerated() {
                let box = line.box
                let confidence = line.confidence.map { "; x_wconf \(Int(($0 * 100).rounded()))" } ?? ""
                let title = "bbox \(box.x) \(box.y) \(box.maxX) \(box.maxY)\(confidence)"
                // A paragraph around the inline span keeps lines apart in a browser.
                division.element("p") { paragraph in
                    paragraph.element(
                        "span", [("class", "ocr_line"), ("id", "line_\(number)_\(index + 1)"), ("title", title)],
                        text: line.text)
                }
            }
        }
    }
}
