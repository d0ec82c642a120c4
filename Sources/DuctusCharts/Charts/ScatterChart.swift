/// Points with two values each, of which one may stand out.
public struct ScatterChart: Chart {
    private struct Point {
        let x, y: Double
        let name: String
        let isBest: Bool
    }

    public let title: String
    private let labels: (x: String, y: String)
    private let kinds: (x: Scale.Kind, y: Scale.Kind)
    private var points: [Point] = []

    /// An empty chart.
    ///
    /// - Parameters:
    ///   - title: the title.
    ///   - x: what the horizontal axis measures.
    ///   - y: what the vertical axis measures.
    ///   - scaleX: how values of the horizontal axis are spaced.
    ///   - scaleY: how values of the vertical axis are spaced.
    public init(
        _ title: String, x: String, y: String, scaleX: Scale.Kind = .linear, scaleY: Scale.Kind = .linear
    ) {
        (self.title, labels, kinds) = (title, (x, y), (scaleX, scaleY))
    }

    /// Adds a point. One with a value that is not finite is left out.
    ///
    /// - Parameters:
    ///   - x: its value on the horizontal axis.
    ///   - y: its value on the vertical axis.
    ///   - name: what is said where a pointer rests on it, before the values.
    ///   - isBest: whether it has a color of its own and its name beside it.
    public mutating func add(_ x: Double, _ y: Double, name: String = "", isBest: Bool = false) {
        guard x.isFinite, y.isFinite else { return }
        points.append(Point(x: x, y: y, name: name, isBest: isBest))
    }

    public func drawing(width: Double, height: Double) -> Drawing {
        let best = points.first(where: \.isBest)
        let summary =
            "\(points.count) points"
            + (best.map { "; the best, \($0.name), is at \($0.x.brief), \($0.y.brief)" } ?? "") + "."
        var plot = Plot(
            Drawing(title, summary: summary, width: width, height: height),
            x: Scale(points.map(\.x), kinds.x, count: width < 480 ? 4 : 8), y: Scale(points.map(\.y), kinds.y),
            labels: labels)
        for point in points.filter({ !$0.isBest }) + points.filter(\.isBest) {
            guard let place = plot.place(point.x, point.y) else { continue }
            let note = "\(point.name.isEmpty ? "" : "\(point.name): ")\(point.x.brief), \(point.y.brief)"
            plot.drawing.add(
                .disk(place, radius: point.isBest ? 6 : 4.5), .series(point.isBest ? 1 : 0),
                opacity: point.isBest ? 1 : 0.65, note: note)
            guard point.isBest, !point.name.isEmpty else { continue }
            let isLeft = place.x + 12 + point.name.typeWidth(size: 12) > plot.right
            plot.drawing.add(point.name, at: place + [isLeft ? -10 : 10, 4], isLeft ? .end : .start, .text)
        }
        return plot.drawing
    }
}
