extension IAMDatabase {
    /// Form and writer of each line of `ascii/forms.txt`: `form writer …`.
    static func parseWriters(_ directory: String) throws(DatasetError) -> [(form: String, writer: String)] {
        let file = try TextFile(path: "\(directory)/ascii/forms.txt", remedy: DatasetError.iamRemedy)
        var seen: Set<String> = []
        var writers: [(form: String, writer: String)] = []
        for line in file.lines where !line.text.hasPrefix("#") {
            let fields = line.text.split(separator: " ")
            guard fields.count >= 2 else { throw file.malformed(line, "a form and its writer are expected") }
            let form = String(fields[0])
            guard isIdentifier(form) else { throw file.malformed(line, "“\(form)” is not the name of a form") }
            guard seen.insert(form).inserted else { throw file.malformed(line, "form “\(form)” is listed twice") }
            writers.append((form, String(fields[1])))
        }
        return writers
    }

    /// The lines of each form in `ascii/lines.txt`: `id segmentation graylevel components x y w h words`.
    static func parseLines(_ directory: String, forms: Set<String>) throws(DatasetError) -> [String: [IAMLine]] {
        let file = try TextFile(path: "\(directory)/ascii/lines.txt", remedy: DatasetError.iamRemedy)
        let texts = try parseTranscriptions(directory)
        var seen: Set<String> = []
        var lines: [String: [IAMLine]] = [:]
        for row in file.lines where !row.text.hasPrefix("#") {
            // The words come last and may contain spaces.
            let fields = row.text.split(separator: " ", maxSplits: 8)
            guard fields.count == 9 else {
                throw file.malformed(
                    row, "nine fields are expected, from line id to words, but \(fields.count) are there")
            }
            let (id, words) = (String(fields[0]), String(fields[8]))
            guard isIdentifier(id), let dash = id.lastIndex(of: "-") else {
                throw file.malformed(row, "“\(id)” is not the name of a line")
            }
            let form = String(id[..<dash])
            guard forms.contains(form) else {
                throw file.malformed(row, "the form of line “\(id)” is not in ascii/forms.txt")
            }
            guard seen.insert(id).inserted else { throw file.malformed(row, "line “\(id)” is listed twice") }
            guard let segmentation = IAMLine.Segmentation(rawValue: String(fields[1])) else {
                throw file.malformed(row, "the segmentation is “\(fields[1])”, neither ok nor err")
            }
            let numbers = fields[2...7].compactMap { Int($0) }
            // No page has a million pixels along a side; larger numbers would overflow sums later on.
            guard numbers.count == 6, numbers.allSatisfy({ abs($0) <= 1_000_000 }) else {
                throw file.malformed(row, "gray level, components, x, y, width and height must be integers")
            }
            if let texts, texts[id] == nil {
                throw file.malformed(row, "line “\(id)” has no text in transcriptions.tsv")
            }
            let line = IAMLine(
                id: id, segmentation: segmentation, grayLevel: numbers[0],
                box: Box(x: numbers[2], y: numbers[3], width: numbers[4], height: numbers[5]),
                text: texts?[id] ?? naturalText(words: words), imagePath: imagePath(directory, form, id))
            lines[form, default: []].append(line)
        }
        return lines
    }

    /// The texts of `transcriptions.tsv`: `id`, tab, `text`; nil if there is no such file.
    private static func parseTranscriptions(_ directory: String) throws(DatasetError) -> [String: String]? {
        let path = "\(directory)/transcriptions.tsv"
        guard File.exists(path) else { return nil }
        let file = try TextFile(path: path, remedy: DatasetError.iamRemedy)
        var texts: [String: String] = [:]
        for line in file.lines {
            let fields = line.text.split(separator: "\t", omittingEmptySubsequences: false)
            guard fields.count == 2, !fields[0].isEmpty, !fields[1].isEmpty else {
                throw file.malformed(line, "a line id, one tab and a text are expected")
            }
            guard texts.updateValue(String(fields[1]), forKey: String(fields[0])) == nil else {
                throw file.malformed(line, "line “\(fields[0])” is listed twice")
            }
        }
        return texts
    }

    /// The image of `a01-000u-00` is in `lines/a01/a01-000u/`.
    private static func imagePath(_ directory: String, _ form: String, _ line: String) -> String {
        let series = form.prefix { $0 != "-" }
        return "\(directory)/lines/\(series)/\(form)/\(line).png"
    }

    /// Names become parts of paths, so nothing else may be in them.
    private static func isIdentifier(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { byte in
                switch UInt8(byte) {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}
