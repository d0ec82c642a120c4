/// Rows of cells in columns, for people to read.
struct TextTable {
    /// The line above.
    let title: String
    let head: [String]
    let body: [[String]]
    /// The last rows, below a rule.
    let totals: [[String]]
    /// The first column that is aligned at the right, as are all after it.
    let firstNumber: Int
    /// The line below.
    var note: String?
}

extension TextTable: CustomStringConvertible {
    var description: String {
        let rows = [head] + body + totals
        let widths = head.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        let rule = String(repeating: "─", count: widths.reduce(2 * (widths.count - 1), +))
        func text(_ row: [String]) -> String {
            let cells = row.indices.map { row[$0].padded(to: widths[$0], right: $0 >= firstNumber) }
            return String(cells.joined(separator: "  ").trimmingSpaces)
        }
        let lines = [title, rule, text(head), rule] + body.map(text) + [rule] + totals.map(text)
        return (lines + (note.map { [$0] } ?? [])).joined(separator: "\n")
    }
}

extension Int {
    /// `1,234,567`
    var grouped: String {
        let digits = Array(String(magnitude))
        let groups = stride(from: digits.count, to: 0, by: -3).map { String(digits[Swift.max($0 - 3, 0)..<$0]) }
        return (self < 0 ? "−" : "") + groups.reversed().joined(separator: ",")
    }

    /// This many bytes in a suitable unit: `4.6 MiB`.
    var bytes: String {
        var (value, units) = (Double(self), ["B", "KiB", "MiB", "GiB"][...])
        while value >= 1024, units.count > 1 {
            value /= 1024
            units.removeFirst()
        }
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10)\(tenths % 10 == 0 || units.first == "B" ? "" : ".\(tenths % 10)") \(units.first ?? "")"
    }
}

extension Double {
    /// This many seconds in milliseconds: `12.345`.
    var milliseconds: String {
        let thousandths = Int((self * 1e6).rounded())
        let rest = String(thousandths % 1000)
        return "\((thousandths / 1000).grouped).\(String(repeating: "0", count: 3 - rest.count))\(rest)"
    }
}

extension String {
    fileprivate func padded(to width: Int, right: Bool) -> String {
        let space = String(repeating: " ", count: Swift.max(width - count, 0))
        return right ? space + self : self + space
    }

    /// Without trailing spaces.
    fileprivate var trimmingSpaces: Substring {
        self[..<(lastIndex { $0 != " " }.map { index(after: $0) } ?? startIndex)]
    }
}
