import Ductus

/// Prints rows of cells in columns.
/// - Throws: `FileError` if standard output cannot be written.
func printTable(_ rows: [[String]]) throws(FileError) {
    let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    for row in rows {
        let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
        var line = cells.joined(separator: "  ")
        while line.hasSuffix(" ") { line.removeLast() }
        try printResult(line + "\n")
    }
}
