extension PageFormat {
    /// Tesseract's tab-separated table: a row for each page (level 1), block (2), paragraph (3), line (4) and word (5).
    ///
    /// Words have text and confidence (0 to 100). So do lines whose words are not known; rows without text have the
    /// confidence −1.
    public static let tsv = PageFormat("tsv") { pages, _ in
        let columns = [
            "level", "page_num", "block_num", "par_num", "line_num", "word_num",
            "left", "top", "width", "height", "conf", "text",
        ]
        var table = columns.joined(separator: "\t") + "\n"
        func row(level: Int, _ numbers: [Int], _ box: Box, confidence: Double? = nil, text: String = "") {
            let cells = [level] + numbers + [box.x, box.y, box.width, box.height]
            let text = String(text.map { $0 == "\t" || $0.isNewline ? " " : $0 })
            table +=
                (cells.map(String.init) + [confidence.map { ($0 * 100).rounded4 } ?? "-1", text])
                .joined(separator: "\t") + "\n"
        }
        for (index, page) in pages.enumerated() {
            let number = index + 1
            row(level: 1, [number, 0, 0, 0, 0], Box(x: 0, y: 0, width: page.size.width, height: page.size.height))
            guard let block = page.blockBox else { continue }
            row(level: 2, [number, 1, 0, 0, 0], block)
            row(level: 3, [number, 1, 1, 0, 0], block)
            for (index, line) in page.lines.enumerated() {
                let hasWords = !line.words.isEmpty
                row(
                    level: 4, [number, 1, 1, index + 1, 0], line.box, confidence: hasWords ? nil : line.confidence,
                    text: hasWords ? "" : line.text)
                for (place, word) in line.words.enumerated() {
                    row(
                        level: 5, [number, 1, 1, index + 1, place + 1], word.box, confidence: word.confidence,
                        text: word.text)
                }
            }
        }
        return table
    }
}
