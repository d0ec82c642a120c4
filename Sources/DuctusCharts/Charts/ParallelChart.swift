/// Parallel coordinates: one axis for each setting and one for the result; a line for each experiment.
///
/// See A. Inselberg, *The Plane with Parallel Coordinates*, 1985.
public struct ParallelChart: Chart {
    /// A setting, or the result.
    public struct Axis: Sendable {
        let name: String
        let values: Values

        enum Values: Sendable {
            case numbers([Double], Scale.Kind)
            case names([String])
        }

        /// An axis of numbers, one for each line; a line whose number is not finite ends before it.
        public static func numbers(_ name: String, _ numbers: [Double], _ kind: Scale.Kind = .linear) -> Axis {
            Axis(name: name, values: .numbers(numbers, kind))
        }

        /// An axis of names, one for each line.
        public static func names(_ name: String, _ names: [String]) -> Axis { Axis(name: name, values: .names(names)) }

        /// Where each line crosses the axis, 0 to 1, and the ticks with their places.
        fileprivate var places: (lines: [Double?], ticks: [(Double, String)]) {
            switch values {
            case .numbers(let numbers, let kind):
                let distinct = Set(numbers.filter(\.isFinite))
                let scale = Scale(numbers, kind, isRounded: false, count: 4)
                // Few values, as in a grid, are their own ticks.
                let ticks =
                    distinct.count <= 5
                    ? distinct.sorted().map { ($0, $0.brief) } : scale.ticks.map { ($0.value, $0.label) }
                return (
                    numbers.map(scale.fraction),
                    ticks.compactMap { value, label in scale.fraction(value).map { ($0, label) } }
                )
            case .names(let names):
                var known: [String] = []
                for name in names where !known.contains(name) { known.append(name) }
                func place(_ number: Int) -> Double { (Double(number) + 0.5) / Double(max(known.count, 1)) }
                return (
                    names.map { known.firstIndex(of: $0).map(place) },
                    known.enumerated().map { (place($0.offset), $0.element) }
                )
            }
        }
    }

    public let title: String
    private let axes: [Axis]
    private let names: [String]
    private let best: Int?

    /// A chart of lines.
    ///
    /// - Parameters:
    ///   - title: the title.
    ///   - axes: the axes, that of the result last.
    ///   - names: the names of the lines.
    ///   - best: the number of the line that stands out.
    public init(_ title: String, axes: [Axis], names: [String], best: Int? = nil) {
        (self.title, self.axes, self.names, self.best) = (title, axes, names, best)
    }

    public func drawing(width: Double, height: Double) -> Drawing {
        let summary =
            "\(names.count) experiments over \(axes.map(\.name).joined(separator: ", "))"
            + (best.map { "; the best is \(names[$0])" } ?? "") + "."
        var drawing = Drawing(title, summary: summary, width: width, height: height)
        let top = drawing.addHeader() + 34
        let (left, right, bottom) = (34.0, width - 34, height - 20)
        let places = axes.map(\.places)
        func x(_ axis: Int) -> Double { left + (right - left) * Double(axis) / Double(max(axes.count - 1, 1)) }
        func y(_ share: Double) -> Double { bottom - share * (bottom - top) }
        for line in names.indices.filter({ $0 != best }) + (best.map { [$0] } ?? []) {
            let points = places.indices.prefix { places[$0].lines[line] != nil }.compactMap { axis in
                places[axis].lines[line].map { Place(x(axis), y($0)) }
            }
            let isBest = line == best
            guard points.count > 1 else { continue }
            drawing.add(
                .line(points, width: isBest ? 3 : 1.5), .series(isBest ? 1 : 0), opacity: isBest ? 1 : 0.5,
                note: names[line])
        }
        for (number, axis) in axes.enumerated() {
            let (isFirst, isLast) = (number == 0, number == axes.count - 1)
            let anchor: Drawing.Anchor = isFirst ? .start : isLast ? .end : .middle
            let place = isFirst ? 16 : isLast ? width - 16 : x(number)
            // Neighbors are at different heights, so that long names do not meet.
            drawing.add(
                axis.name, at: [place, top - (number.isMultiple(of: 2) ? 14 : 28)], anchor,
                maximumWidth: width / Double(max(axes.count, 1)) * 1.7)
            drawing.add(.rectangle(x: x(number) - 0.5, y: top, width: 1, height: bottom - top), .axis)
            for (share, label) in places[number].ticks {
                let end = isLast ? -1.0 : 1
                drawing.add(.rectangle(x: x(number) - 3, y: y(share) - 0.5, width: 6, height: 1), .axis)
                drawing.add(
                    label, at: [x(number) + end * 7, y(share) + 4], isLast ? .end : .start, .text, maximumWidth: 110)
            }
        }
        return drawing
    }
}
