extension PageFormat {
    /// hOCR 1.2, which browsers show and OCR tools read: XHTML 1.0 with an `ocr_page` for each page, an `ocr_line` for
    /// each line, and an `ocrx_word` for each word that is known. Titles have boxes (left, top, right, bottom),
    /// confidences from 0 to 100, and straight lines through the baselines.
    ///
    /// See <http://kba.github.io/hocr-spec/1.2/>.
    public static let hocr = PageFormat("hocr", linksToImages: true) { pages, _ in
        var writer = XMLWriter()
        writer.documentType(
            #"html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "#
                + #""http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd""#)
        writer.element("html", [("xmlns", "http://www.w3.org/1999/xhtml")]) { html in
            html.element("head") { head in
                head.element("title", text: pages.map(\.image).joined(separator: ", "))
                head.element("meta", [("http-equiv", "Content-Type"), ("content", "text/html; charset=utf-8")])
                head.element("meta", [("name", "ocr-system"), ("content", "Ductus \(Release.version)")])
                let capabilities = "ocr_page ocr_carea ocr_par ocr_line ocrx_word ocrp_wconf"
                head.element("meta", [("name", "ocr-capabilities"), ("content", capabilities)])
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
            guard let block = page.blockBox else { return }
            let area = [("class", "ocr_carea"), ("id", "block_\(number)"), ("title", block.hocr)]
            division.element("div", area) { area in
                area.element("p", [("class", "ocr_par"), ("id", "par_\(number)"), ("title", block.hocr)]) { paragraph in
                    for (index, line) in page.lines.enumerated() {
                        paragraph.hocrLine(line, number: "\(number)_\(index + 1)")
                        // Keeps lines apart in a browser.
                        paragraph.element("br")
                    }
                }
            }
        }
    }

    private mutating func hocrLine(_ line: Page.Line, number: String) {
        let confidence = line.words.isEmpty ? line.confidence : nil
        let title = line.box.hocr + (line.hocrBaseline ?? "") + Self.hocr(confidence)
        let attributes = [("class", "ocr_line"), ("id", "line_\(number)"), ("title", title)]
        guard !line.words.isEmpty else { return element("span", attributes, text: line.text) }
        element("span", attributes) { element in
            for (index, word) in line.words.enumerated() {
                let title = word.box.hocr + Self.hocr(word.confidence)
                element.element(
                    "span", [("class", "ocrx_word"), ("id", "word_\(number)_\(index + 1)"), ("title", title)],
                    text: word.text)
            }
        }
    }

    private static func hocr(_ confidence: Double?) -> String {
        confidence.map { "; x_wconf \(Int(($0 * 100).rounded()))" } ?? ""
    }
}

extension Box {
    fileprivate var hocr: String { "bbox \(x) \(y) \(maxX) \(maxY)" }
}

extension Page.Line {
    /// Slope and intercept of the straight line through the baseline (of least squares if it has more than two points),
    /// in a coordinate system whose origin is the lower left corner of the box and whose y axis points downward.
    fileprivate var hocrBaseline: String? {
        let count = Double(baseline.count)
        let (xs, ys) = (baseline.map { Double($0.x - box.x) }, baseline.map { Double($0.y - box.maxY) })
        let (x, y) = (xs.reduce(0, +) / count, ys.reduce(0, +) / count)
        let variance = xs.reduce(0) { $0 + ($1 - x) * ($1 - x) }
        guard baseline.count > 1, variance > 0 else { return nil }
        let slope = zip(xs, ys).reduce(0) { $0 + ($1.0 - x) * ($1.1 - y) } / variance
        return "; baseline \(slope.rounded4) \((y - slope * x).rounded4)"
    }
}
