/// Curves, each with a color and a name.
///
/// ```swift
/// var chart = LineChart("Character accuracy", x: "epoch", range: 0...1)
/// chart.add("plain", [0.2, 0.5, 0.6], best: 2)
/// ```
public struct LineChart: Chart {
    /// A curve.
    struct Series {
        let name: String
        let points: [(x: Double, y: Double)]
        let best: Int?
        let paint: Paint
        let dash: [Double]
        let opacity: Double
    }

    public let title: String
    private let labels: (x: String, y: String)
    private let range: ClosedRange<Double>?
    private let kinds: (x: Scale.Kind, y: Scale.Kind)
    private var series: [Series] = []

    /// An empty chart.
    ///
    /// - Parameters:
    ///   - title: the title.
    ///   - x: what the horizontal axis measures.
    ///   - y: what the vertical axis measures, if the title does not say it.
    ///   - range: the range of the vertical axis; by default, that of the curves.
    ///   - scaleX: how values of the horizontal axis are spaced.
    ///   - scaleY: how values of the vertical axis are spaced.
    public init(
        _ title: String, x: String, y: String = "", range: ClosedRange<Double>? = nil, scaleX: Scale.Kind = .linear,
        scaleY: Scale.Kind = .linear
    ) {
        (self.title, labels, self.range, kinds) = (title, (x, y), range, (scaleX, scaleY))
    }

    /// Whether there are no points to draw.
    public var isEmpty: Bool { series.allSatisfy { $0.points.isEmpty } }

    /// Adds a curve through values at 1, 2, …; values that are not finite are skipped.
    ///
    /// - Parameters:
    ///   - name: the name in the legend, which a single curve does not have.
    ///   - values: the values.
    ///   - best: the number of the value that is marked, from 0.
    public mutating func add(_ name: String, _ values: [Double], best: Int? = nil) {
        add(name, values.enumerated().map { (Double($0.offset + 1), $0.element) }, best: best)
    }

    /// Adds a curve through points; those that are not finite are skipped.
    ///
    /// - Parameters:
    ///   - name: the name in the legend, which a single curve does not have.
    ///   - points: the points, from left to right.
    ///   - best: the number of the point that is marked, from 0.
    ///   - color: the number of the color; by default, that of the curve.
    ///   - isDashed: whether the line is dashed, as every line is whose color is taken already.
    ///   - opacity: how visible the curve is, for one behind its own mean.
    public mutating func add(
        _ name: String, _ points: [(x: Double, y: Double)], best: Int? = nil, color: Int? = nil, isDashed: Bool = false,
        opacity: Double = 1
    ) {
        let finite = points.enumerated().filter { $0.element.x.isFinite && $0.element.y.isFinite }
        let color = color ?? series.count
        series.append(
            Series(
                name: name, points: finite.map(\.element), best: finite.firstIndex { $0.offset == best },
                paint: .series(color), dash: isDashed || color >= Paint.seriesCount ? [6, 4] : [], opacity: opacity))
    }

    public func drawing(width: Double, height: Double) -> Drawing {
        let drawing = Drawing(title, summary: summary, width: width, height: height)
        let named = series.filter { !$0.name.isEmpty }
        let legend = named.map { Plot.Entry(name: $0.name, paint: $0.paint, dash: $0.dash) }
        let points = series.flatMap(\.points)
        var plot = Plot(
            drawing, x: Scale(points.map(\.x), kinds.x, isRounded: false, count: width < 480 ? 4 : 8),
            y: Scale(points.map(\.y), kinds.y, within: range), labels: labels, legend: legend.count > 1 ? legend : [])
        for curve in series { plot.add(curve) }
        for curve in series { plot.mark(curve) }
        return plot.drawing
    }

    private var summary: String {
        let parts = series.map { curve in
            let name = curve.name.isEmpty ? "The curve" : curve.name
            guard let first = curve.points.first, let last = curve.points.last else { return "\(name) has no values." }
            let best = curve.best.map { curve.points[$0] }
            return
                "\(name) goes from \(first.y.brief) at \(labels.x) \(first.x.brief) to \(last.y.brief) at \(last.x.brief)"
                + (best.map { "; the best is \($0.y.brief) at \($0.x.brief)" } ?? "") + "."
        }
        return parts.isEmpty ? "There are no curves." : parts.joined(separator: " ")
    }
}

extension Plot {
    /// Draws a curve; with many points, the lowest and highest of those that share a column.
    fileprivate mutating func add(_ curve: LineChart.Series) {
        let places = curve.points.compactMap { place($0.x, $0.y) }.thinned(to: Int(right - left))
        if places.count > 1 {
            drawing.add(.line(places, width: 2, dash: curve.dash), curve.paint, opacity: curve.opacity)
        }
        guard curve.points.count <= 40 else { return }
        for point in curve.points {
            guard let place = place(point.x, point.y) else { continue }
            let name = curve.name.isEmpty ? "" : "\(curve.name), "
            drawing.add(
                .disk(place, radius: 2.5), curve.paint, opacity: curve.opacity,
                note: "\(name)\(point.x.brief): \(point.y.brief)")
        }
    }

    /// Rings the best point of a curve and writes its value beside it.
    fileprivate mutating func mark(_ curve: LineChart.Series) {
        guard let best = curve.best, let place = place(curve.points[best].x, curve.points[best].y) else { return }
        drawing.add(.disk(place, radius: 5), .background)
        drawing.add(.ring(place, radius: 5, width: 2), curve.paint, note: "best: \(curve.points[best].y.brief)")
        let text = curve.points[best].y.brief
        let isLeft = place.x + 12 + text.typeWidth(size: 12) > right
        let isBelow = place.y - 12 < top + 8
        drawing.add(text, at: place + [isLeft ? -8 : 8, isBelow ? 20 : -9], isLeft ? .end : .start, .text)
    }
}

extension [Place] {
    /// At most two places for each of some columns, the lowest and the highest, in their order.
    fileprivate func thinned(to columns: Int) -> [Place] {
        guard count > 2 * Swift.max(columns, 2) else { return self }
        return (0..<columns).flatMap { column -> [Place] in
            let part = self[count * column / columns..<count * (column + 1) / columns]
            guard let low = part.indices.min(by: { part[$0].y < part[$1].y }),
                let high = part.indices.max(by: { part[$0].y < part[$1].y })
            else { return [] }
            return low == high ? [self[low]] : [self[Swift.min(low, high)], self[Swift.max(low, high)]]
        }
    }
}
