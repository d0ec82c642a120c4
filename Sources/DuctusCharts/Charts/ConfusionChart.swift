/// A confusion matrix: rows are true classes, columns answers. What is right is on the diagonal, in the first color; errors
/// are in the second, by the square root of their share of the row, so that a twentieth is clearly visible.
public struct ConfusionChart: Chart {
    public let title: String
    private let names: [String]
    private let answers: [String]
    private let counts: [[Int]]

    /// A matrix.
    ///
    /// - Parameters:
    ///   - title: the title.
    ///   - names: the names of the classes.
    ///   - counts: how often each class, a row, was taken for each, a column.
    ///   - others: the names of columns after those of the classes, for answers that are no class, such as `nothing`.
    public init(_ title: String, names: [String], counts: [[Int]], others: [String] = []) {
        precondition(
            counts.count == names.count && counts.allSatisfy { $0.count == names.count + others.count },
            "A confusion matrix of \(names.count) classes has \(names.count) rows of \(names.count + others.count) counts."
        )
        (self.title, self.names, answers, self.counts) = (title, names, names + others, counts)
    }

    /// The height at which cells are squares.
    public func naturalHeight(width: Double) -> Double { cell(width) * Double(max(names.count, 1)) + 98 }

    private var margin: Double { 16 + min(names.map { $0.typeWidth(size: 12) }.max() ?? 0, 90) + 8 }

    private func cell(_ width: Double) -> Double { min((width - margin - 16) / Double(max(answers.count, 1)), 40) }

    public func drawing(width: Double, height: Double) -> Drawing {
        let total = counts.joined().reduce(0, +)
        let right = names.indices.reduce(0) { $0 + counts[$1][$1] }
        var drawing = Drawing(
            title, summary: "\(right) of \(total) are right. Rows are true classes, columns answers.", width: width,
            height: height)
        let start = drawing.addHeader()
        drawing.add("rows: truth · columns: answer", at: [16, start + 10], maximumWidth: width - 32)
        let top = start + 40
        let side = min(cell(width), (height - top - 16) / Double(max(names.count, 1)))
        let size = min(12, side * 0.8)
        for (number, name) in answers.enumerated() {
            drawing.add(
                name, at: [margin + (Double(number) + 0.5) * side, top - 6], size: size, .middle,
                maximumWidth: max(side * 1.4, 12))
        }
        for (row, name) in names.enumerated() {
            let y = top + Double(row) * side
            drawing.add(name, at: [margin - 6, y + side / 2 + size * 0.35], size: size, .end, maximumWidth: 90)
            let sum = Double(max(counts[row].reduce(0, +), 1))
            for (column, count) in counts[row].enumerated() {
                let share = Double(count) / sum
                let x = margin + Double(column) * side
                drawing.add(.rectangle(x: x, y: y, width: side - 1, height: side - 1), .grid, opacity: 0.5)
                guard count > 0 else { continue }
                drawing.add(
                    .rectangle(x: x, y: y, width: side - 1, height: side - 1), .series(row == column ? 0 : 1),
                    opacity: row == column ? share : share.squareRoot(),
                    note: "\(name) taken for \(answers[column]): \(count) of \(Int(sum))")
                let text = "\(count)"
                if side >= 22, text.typeWidth(size: 11) < side - 4 {
                    let isDark = (row == column ? share : share.squareRoot()) > 0.55
                    drawing.add(
                        text, at: [x + side / 2, y + side / 2 + 4], size: 11, .middle, isDark ? .background : .text)
                }
            }
        }
        return drawing
    }
}
