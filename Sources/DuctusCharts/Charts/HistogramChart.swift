/// How often values occur, in bins of equal width.
public struct HistogramChart: Chart {
    public let title: String
    private let label: String
    /// The ends of the bins, one more than there are bins.
    package let edges: [Double]
    /// The number of values in each bin.
    package let counts: [Int]

    /// A histogram of the values that are finite.
    ///
    /// - Parameters:
    ///   - title: the title.
    ///   - x: what the values measure.
    ///   - values: the values.
    ///   - bins: about how many bins there are; their ends are round numbers.
    public init(_ title: String, x: String, _ values: [Double], bins: Int = 30) {
        (self.title, label) = (title, x)
        let values = values.filter { $0.isFinite && $0.magnitude < 1e100 }
        let edges = Scale(values, count: bins).ticks.map(\.value)
        var counts = [Int](repeating: 0, count: max(edges.count - 1, 0))
        if let first = edges.first, let last = edges.last, last > first {
            for value in values {
                let place = Int((value - first) / (last - first) * Double(counts.count))
                counts[min(max(place, 0), counts.count - 1)] += 1
            }
        }
        (self.edges, self.counts) = (edges, counts)
    }

    public func drawing(width: Double, height: Double) -> Drawing {
        let total = counts.reduce(0, +)
        var plot = Plot(
            Drawing(title, summary: "A histogram of \(total) values.", width: width, height: height),
            x: Scale(edges, isRounded: false, count: width < 480 ? 4 : 8), y: Scale(counts.map(Double.init) + [0]),
            labels: (label, ""))
        for (number, count) in counts.enumerated() where count > 0 {
            guard let start = plot.place(edges[number], 0), let end = plot.place(edges[number + 1], Double(count))
            else { continue }
            let gap = min(1, (end.x - start.x) / 4)
            plot.drawing.add(
                .rectangle(x: start.x + gap / 2, y: end.y, width: end.x - start.x - gap, height: start.y - end.y),
                .series(0), note: "\(edges[number].brief) to \(edges[number + 1].brief): \(count)")
        }
        return plot.drawing
    }
}
