extension PageFormat {
    /// Tesseract's tab-separated table: a row for each page (level 1), block (2), paragraph (3) and line (4).
    ///
    /// Tesseract gives text and confidence (0 to 100) in rows of words, level 5. Here the rows of lines have both, as
    /// lines are read as a whole; rows without text have the confidence −1.
    public static let tsv = PageFormat("tsv") { pages, _ in
        let columns = [
            "level", "page_num", "block_num", "par_num", "line_num", "word_num",
            "left", "top", "width", "height", "conf", "text",
        ]
        var table = columns.joined(separator: "\t") + "\n"
        func row(level: Int, _ numbers: [Int], _ box: Box, confidence: String = "-1", text: String = "") {
            let cells = [level] + numbers + [box.x, box.y, box.width, box.height]
            table += (cells.map(String.init) + [confidence, text]).joined(separator: "\t") + "\n"
        }
        for (index, page) in pages.enumerated() {
            let number = index + 1
            row(level: 1, [number, 0, 0, 0, 0], Box(x: 0, y: 0, width: page.size.width, height: page.size.height))
            guard let block = page.blockBox else { continue }
            row(level: 2, [number, 1, 0, 0, 0], block)
            row(level: 3, [number, 1, 1, 0, 0], block)
            for (index, line) in page.lines.enumerated() {
                let text = String(line.text.map { $0 == "\t" || $0.isNewline ? " " : $0 })
                let confidence = line.confidence.map { ($0 * 100).rounded4 } ?? "-1"
                row(level: 4, [number, 1, 1, index + 1, 0], line.box, confidence: confidence, text: text)
            }
        }
        return table
    }
}
