/// The fields of a table with tabs, without the quotation marks of spreadsheets.
struct LineTable {
    /// The rows that are not blank, without the row of names, and their fields.
    let rows: [(line: TextFile.Line, fields: [String])]
    /// What a user should know of the quotation marks.
    let note: String?

    /// The fields of the first row, if it has names.
    private static let header = ["split", "page", "image", "text"]

    init(_ file: TextFile) {
        var rows = file.lines.map { line in
            var fields = line.text.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            // Spreadsheets fill rows up.
            while fields.count > 4, fields.last == "" { fields.removeLast() }
            return (line: line, fields: fields)
        }.filter { !$0.fields.allSatisfy(\.isBlank) }
        let names = rows.first?.fields.map { Self.unquoted($0) ?? $0 }
        if rows.first?.line.number == 1, names == Self.header { rows.removeFirst() }
        let marked = rows.flatMap(\.fields).filter { $0.hasPrefix("\"") }
        let plain = marked.compactMap { Self.unquoted($0) }
        let texts = rows.compactMap { $0.fields.count == 4 ? $0.fields[3] : nil }
        let isQuoted =
            !marked.isEmpty && plain.count == marked.count
            && (plain.contains { $0.contains("\"") } || texts.allSatisfy { $0.hasPrefix("\"") })
        if isQuoted {
            self.rows = rows.map { ($0.line, $0.fields.map { Self.unquoted($0) ?? $0 }) }
            note = "the fields are enclosed in quotation marks, as spreadsheets do; these are not part of the texts."
        } else {
            self.rows = rows
            let enclosed = texts.count { Self.unquoted($0) != nil }
            note =
                enclosed > 0
                ? "\(counted(enclosed, "text")) enclosed in quotation marks, which are taken as part of the text." : nil
        }
    }

    /// The contents of a field that is enclosed in quotation marks, with those in it doubled; nil if it is not.
    private static func unquoted(_ field: String) -> String? {
        guard field.count >= 2, field.hasPrefix("\""), field.hasSuffix("\"") else { return nil }
        let parts = field.dropFirst().dropLast().split(separator: "\"\"", omittingEmptySubsequences: false)
        return parts.contains { $0.contains("\"") } ? nil : parts.joined(separator: "\"")
    }
}
