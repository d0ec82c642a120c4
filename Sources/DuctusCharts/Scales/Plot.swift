/// A drawing with a title, a legend, and two axes, and the places of values in it.
///
/// Values grow to the right and upward. There is no frame, and only the ticks of the vertical axis have lines: the eye goes
/// to the data.
public struct Plot {
    /// The name of a series, with the color and dashes of its line.
    public struct Entry: Sendable {
        let name: String
        let paint: Paint
        let dash: [Double]

        /// An entry of the legend.
        public init(name: String, paint: Paint, dash: [Double] = []) {
            (self.name, self.paint, self.dash) = (name, paint, dash)
        }
    }

    /// The drawing so far.
    public var drawing: Drawing
    /// The horizontal axis.
    public let x: Scale
    /// The vertical axis.
    public let y: Scale
    /// The ends of the axes.
    public let (left, right, top, bottom): (Double, Double, Double, Double)

    /// A plot without data.
    ///
    /// - Parameters:
    ///   - drawing: an empty drawing.
    ///   - x: the horizontal axis.
    ///   - y: the vertical axis.
    ///   - labels: what the axes measure.
    ///   - legend: the names of the series, if they need one.
    ///   - hasGrid: whether the vertical axis has ticks; rows of names need none.
    ///   - margin: the least space at the left, for names of rows.
    public init(
        _ drawing: Drawing, x: Scale, y: Scale, labels: (x: String, y: String), legend: [Entry] = [],
        hasGrid: Bool = true, margin: Double = 0
    ) {
        (self.drawing, self.x, self.y) = (drawing, x, y)
        let start = self.drawing.addHeader(legend)
        let widest = hasGrid ? y.ticks.map { $0.label.typeWidth(size: 12) }.max() ?? 0 : 0
        left = max(16 + (widest > 0 ? widest + 8 : 0), margin)
        right = drawing.width - 18
        top = start + (labels.y.isEmpty ? 10 : 26)
        bottom = drawing.height - (labels.x.isEmpty ? 30 : 46)
        if !labels.y.isEmpty { self.drawing.add(labels.y, at: [16, start + 12], maximumWidth: drawing.width - 32) }
        if !labels.x.isEmpty { self.drawing.add(labels.x, at: [right, drawing.height - 12], .end) }
        if hasGrid { addRows() }
        addColumns()
    }

    /// Where a pair of values lies; nil where it has no place.
    public func place(_ x: Double, _ y: Double) -> Place? {
        guard let across = self.x.fraction(x), let up = self.y.fraction(y) else { return nil }
        return [left + across * (right - left), bottom - up * (bottom - top)]
    }

    private mutating func addRows() {
        for tick in y.ticks {
            guard let share = y.fraction(tick.value) else { continue }
            let height = bottom - share * (bottom - top)
            drawing.add(.rectangle(x: left, y: height - 0.5, width: right - left, height: 1), .grid)
            drawing.add(tick.label, at: [left - 8, height + 4], .end)
        }
    }

    /// The ticks of the horizontal axis; of those that would touch each other, every other one.
    private mutating func addColumns() {
        drawing.add(.rectangle(x: left, y: bottom - 0.5, width: right - left, height: 1), .axis)
        let widest = x.ticks.map { $0.label.typeWidth(size: 12) }.max() ?? 0
        let room = Int((right - left) / (widest + 12))
        let every = max(1, (x.ticks.count + max(room, 1) - 1) / max(room, 1))
        for (number, tick) in x.ticks.enumerated() where number.isMultiple(of: every) {
            guard let share = x.fraction(tick.value) else { continue }
            let across = left + share * (right - left)
            drawing.add(.rectangle(x: across - 0.5, y: bottom, width: 1, height: 4), .axis)
            let half = tick.label.typeWidth(size: 12) / 2
            let middle = min(max(across, half + 2), drawing.width - half - 2)
            drawing.add(tick.label, at: [middle, bottom + 18], .middle)
        }
    }
}

extension Drawing {
    /// Adds the paper, the title, and the legend. Returns where the rest begins.
    mutating func addHeader(_ legend: [Plot.Entry] = []) -> Double {
        add(.rectangle(x: 0, y: 0, width: width, height: height), .background)
        add(title, at: [16, 26], size: 15, .start, .text, maximumWidth: width - 32)
        var (across, down) = (16.0, 48.0)
        guard !legend.isEmpty else { return 38 }
        for entry in legend {
            let name = entry.name.shortened(to: width - 64, size: 12)
            let length = 26 + name.typeWidth(size: 12) + 18
            if across > 16, across + length - 18 > width - 16 { (across, down) = (16, down + 18) }
            add(.line([[across, down - 4], [across + 18, down - 4]], width: 2.5, dash: entry.dash), entry.paint)
            add(name, at: [across + 24, down])
            across += length
        }
        return down + 8
    }
}
