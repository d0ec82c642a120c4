/// A point of an outline. Lengths are in x-heights, the height of the letter x; y runs up from the baseline.
package typealias Point = SIMD2<Float>

extension Point {
    var length: Float { (self * self).sum().squareRoot() }
    /// The vector turned by a quarter, against the clock.
    var perpendicular: Point { Point(-y, x) }
}

/// Closed polygons: ink where their winding number is positive, so that outlines run against the clock round ink.
package typealias Contours = [[Point]]

/// What a font knows of a character.
package struct Glyph: Sendable {
    package var contours: Contours
    /// How far the pen moves on.
    package var advance: Float

    package init(contours: Contours, advance: Float) { (self.contours, self.advance) = (contours, advance) }

    /// The smallest and largest coordinates; `nil` where there is no ink.
    package var bounds: (lower: Point, upper: Point)? { contours.bounds }

    func scaled(by factor: Float) -> Glyph {
        Glyph(contours: contours.map { $0.map { $0 * factor } }, advance: advance * factor)
    }

    /// Lets contours run against the clock round ink, and with it round holes, whatever the font does: formats differ,
    /// and in fonts drawn by amateurs strokes that cross run both ways.
    package mutating func orient() {
        let area = contours.reduce(0) { $0 + $1.signedArea }
        if area < 0 { contours = contours.map { $0.reversed() } }
        // Holes are inside something.
        contours = contours.indices.map { index in
            let contour = contours[index]
            guard contour.signedArea < 0 else { return contour }
            let inside = contour.count { point in
                contours.indices.contains { $0 != index && contours[$0].encloses(point) }
            }
            return 2 * inside < contour.count ? contour.reversed() : contour
        }
    }
}

extension Contours {
    package var bounds: (lower: Point, upper: Point)? {
        guard let first = first(where: { !$0.isEmpty })?.first else { return nil }
        var (lower, upper) = (first, first)
        for contour in self {
            for point in contour {
                lower = pointwiseMin(lower, point)
                upper = pointwiseMax(upper, point)
            }
        }
        return (lower, upper)
    }

    /// How far it is through the ink from points all round the outline, sorted.
    package func strokeWidths() -> [Float] {
        var widths: [Float] = []
        for contour in self {
            for index in Swift.stride(from: 0, to: contour.count, by: 2) {
                let (start, end) = (contour[index], contour[(index + 1) % contour.count])
                let inward = (end - start).perpendicular / Swift.max((end - start).length, 1e-6)
                let width = distance(from: (start + end) / 2, along: inward)
                if width.isFinite { widths.append(width) }
            }
        }
        return widths.sorted()
    }

    /// How far the nearest edge is from a point in one direction.
    private func distance(from point: Point, along direction: Point) -> Float {
        var nearest = Float.infinity
        for contour in self {
            guard var start = contour.last else { continue }
            for end in contour {
                let edge = end - start
                let across = direction.x * edge.y - direction.y * edge.x
                if across.magnitude > 1e-9 {
                    let toStart = start - point
                    let along = (toStart.x * edge.y - toStart.y * edge.x) / across
                    let share = (toStart.x * direction.y - toStart.y * direction.x) / across
                    if along > 1e-3, along < nearest, (0...1).contains(share) { nearest = along }
                }
                start = end
            }
        }
        return nearest
    }
}

extension [Point] {
    /// Whether the polygon goes round a point, an odd number of times.
    func encloses(_ point: Point) -> Bool {
        guard var start = last else { return false }
        var isInside = false
        for end in self {
            if (start.y <= point.y) != (end.y <= point.y) {
                let crossing = start.x + (point.y - start.y) / (end.y - start.y) * (end.x - start.x)
                if crossing > point.x { isInside.toggle() }
            }
            start = end
        }
        return isInside
    }

    /// The area inside, positive where the polygon runs against the clock.
    package var signedArea: Float {
        guard var start = last else { return 0 }
        var twice: Float = 0
        for end in self {
            twice += start.x * end.y - end.x * start.y
            start = end
        }
        return twice / 2
    }
}
