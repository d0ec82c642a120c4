/// Values of named rows as horizontal bars, with intervals if they are known.
///
/// ```swift
/// var chart = BarChart("Character error rate by writer", x: "character error rate")
/// chart.add("a01", 0.08, interval: 0.06...0.11)
/// ```
public struct BarChart: Chart {
    private struct Row {
        let name: String
        let value: Double
        let interval: ClosedRange<Double>?
        let note: String?
    }

    public let title: String
    private let label: String
    private var rows: [Row] = []

    /// An empty chart.
    ///
    /// - Parameters:
    ///   - title: the title.
    ///   - x: what the bars measure.
    public init(_ title: String, x: String = "") { (self.title, label) = (title, x) }

    /// Adds a row below the others; a value that is not finite has no bar.
    ///
    /// - Parameters:
    ///   - name: the name of the row.
    ///   - value: the length of its bar.
    ///   - interval: the range in which the value may lie, drawn as a thin line.
    ///   - note: what is said of the row where a pointer rests on it; by default, its value.
    public mutating func add(
        _ name: String, _ value: Double, interval: ClosedRange<Double>? = nil, note: String? = nil
    ) {
        rows.append(Row(name: name, value: value, interval: interval, note: note))
    }

    /// The height at which every row has room for its name.
    public var naturalHeight: Double { Double(rows.count) * 20 + 84 }

    public func drawing(width: Double, height: Double) -> Drawing {
        let highest = rows.max { $0.value < $1.value }
        let summary =
            highest.map { "\(rows.count) bars; the longest is \($0.name) with \($0.value.brief)." } ?? "No bars."
        let widest = rows.map { $0.name.typeWidth(size: 12) }.max() ?? 0
        let room = min(widest, width * 0.35)
        let ends = rows.flatMap { row -> [Double] in
            [row.value] + (row.interval.map { [$0.lowerBound, $0.upperBound] } ?? [])
        }
        var plot = Plot(
            Drawing(title, summary: summary, width: width, height: height),
            x: Scale([0] + ends, count: width < 480 ? 4 : 6),
            y: Scale([0, Double(max(rows.count, 1))], isRounded: false),
            labels: (label, ""), hasGrid: false, margin: 24 + room)
        let step = (plot.bottom - plot.top) / Double(max(rows.count, 1))
        let thickness = min(step * 0.6, 16)
        for (number, row) in rows.enumerated() {
            let middle = plot.top + (Double(number) + 0.5) * step
            plot.drawing.add(row.name, at: [plot.left - 8, middle + 4], .end, maximumWidth: room)
            guard let zero = plot.place(0, 0)?.x, let end = plot.place(row.value, 0)?.x else { continue }
            plot.drawing.add(
                .rectangle(x: min(zero, end), y: middle - thickness / 2, width: abs(end - zero), height: thickness),
                .series(0), opacity: row.interval == nil ? 1 : 0.55, note: row.note ?? "\(row.name): \(row.value.brief)"
            )
            guard let low = row.interval.flatMap({ plot.place($0.lowerBound, 0)?.x }),
                let high = row.interval.flatMap({ plot.place($0.upperBound, 0)?.x })
            else { continue }
            plot.drawing.add(.line([[low, middle], [high, middle]], width: 1.5), .text)
        }
        return plot.drawing
    }
}
