/// What a detector of baselines learns for a pixel: its class and, on a baseline, the heights of the line.
///
/// Labels are integers, so the three are packed into one: heights are in sixteenths of a pixel, up to 255 pixels.
package struct BaselineTarget: Equatable, Sendable {
    /// The classes.
    package enum Kind: Int, Sendable, CaseIterable {
        /// Neither of the others.
        case background
        /// The curve that letters stand on.
        case baseline
        /// The beginning or the end of a line, from its ascenders to its descenders: it separates columns.
        case end
    }

    package var kind: Kind
    /// How far the line reaches above its baseline, in pixels.
    package var ascent: Double
    /// How far the line reaches below its baseline, in pixels.
    package var descent: Double

    package init(_ kind: Kind, ascent: Double = 0, descent: Double = 0) {
        (self.kind, self.ascent, self.descent) = (kind, ascent, descent)
    }

    /// The target of a label.
    package init(label: Int32) {
        self.init(
            Kind(rawValue: Int(label & 3)) ?? .background, ascent: Double(label >> 2 & 0xfff) / 16,
            descent: Double(label >> 14 & 0xfff) / 16)
    }

    /// The label.
    package var label: Int32 {
        func packed(_ height: Double) -> Int32 { Int32(min(max(height * 16, 0), 4095).rounded()) }
        return Int32(kind.rawValue) | packed(ascent) << 2 | packed(descent) << 14
    }
}

extension BaselineTarget {
    /// The labels of a map, row by row: baselines about an eighth as thick as their lines are high, and their ends.
    package static func labels(of lines: [LineGeometry], height: Int, width: Int) -> [Int32] {
        var labels = [Int32](repeating: 0, count: height * width)
        func set(_ point: SIMD2<Double>, _ label: Int32) {
            let (x, y) = (Int(point.x.rounded(.down)), Int(point.y.rounded(.down)))
            if x >= 0, x < width, y >= 0, y < height { labels[y * width + x] = label }
        }
        for line in lines {
            let label = BaselineTarget(.baseline, ascent: line.ascent, descent: line.descent).label
            let reach = max(1, Int((line.height / 16).rounded()))
            for (point, _) in line.points(every: 0.5) {
                for row in -reach...reach { set(point + SIMD2(0, Double(row)), label) }
            }
        }
        for line in lines {
            let label = BaselineTarget(.end).label
            let points = line.points(every: 1)
            for (place, outward) in [(points[0], -1.0), (points[points.count - 1], 1.0)] {
                let normal = SIMD2(-place.direction.y, place.direction.x)
                for across in stride(from: -line.ascent * 0.6, through: line.descent, by: 0.5) {
                    for along in stride(from: -0.5, through: max(2, line.height / 8), by: 0.5) {
                        set(place.point + normal * across + place.direction * (along * outward), label)
                    }
                }
            }
        }
        return labels
    }
}
