extension Summary: CustomStringConvertible {
    /// A table: one line per layer, totals below.
    public var description: String {
        let showsFixed = fixedParameters > 0
        func row(_ first: String, _ second: String, _ shape: String, _ counts: [Int], isTotal: Bool = false) -> [String]
        {
            [first, second, shape] + counts.map { $0 == 0 && !isTotal ? "" : $0.grouped }
        }
        func counts(_ parameters: Int, _ fixed: Int, _ multiplyAdds: Int) -> [Int] {
            [parameters] + (showsFixed ? [fixed] : []) + [multiplyAdds]
        }
        let head = ["", "layer", "output", "parameters"] + (showsFixed ? ["not trained"] : []) + ["multiply-adds"]
        let body = lines.map { line in
            row(
                line.path, line.layer + (line.calls > 1 ? "  × \(line.calls)" : ""),
                line.output?.description ?? "", counts(line.parameters, line.fixedParameters, line.multiplyAdds))
        }
        let total = row(
            "", "total", output.description, counts(parameters, fixedParameters, multiplyAdds), isTotal: true)
        let table = [head] + body + [total]
        let widths = head.indices.map { column in table.map { $0[column].count }.max() ?? 0 }
        let rule = String(repeating: "─", count: widths.reduce(2 * (widths.count - 1), +))
        func text(_ row: [String]) -> String {
            let cells = row.indices.map { row[$0].padded(to: widths[$0], right: $0 > 2) }
            return String(cells.joined(separator: "  ").trimmingSpaces)
        }
        let title = network + (input.map { ", input \($0)" } ?? "")
        let size = "\(((parameters + fixedParameters) * MemoryLayout<Float>.stride).bytes) of parameters"
        return ([title, rule, text(head), rule] + body.map(text) + [rule, text(total), size])
            .joined(separator: "\n")
    }
}

extension Int {
    /// `1,234,567`
    fileprivate var grouped: String {
        let digits = Array(String(magnitude))
        let groups = stride(from: digits.count, to: 0, by: -3).map { String(digits[Swift.max($0 - 3, 0)..<$0]) }
        return (self < 0 ? "−" : "") + groups.reversed().joined(separator: ",")
    }

    /// This many bytes in a suitable unit: `4.6 MiB`.
    fileprivate var bytes: String {
        var (value, units) = (Double(self), ["B", "KiB", "MiB", "GiB"][...])
        while value >= 1024, units.count > 1 {
            value /= 1024
            units.removeFirst()
        }
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10)\(tenths % 10 == 0 || units.first == "B" ? "" : ".\(tenths % 10)") \(units.first ?? "")"
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
