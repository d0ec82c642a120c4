/// A point of an outline, in x-heights (the height of the letter x); y points up from the baseline.
package typealias Point = SIMD2<Float>

extension Point {
    var length: Float { (self * self).sum().squareRoot() }
    /// The vector rotated by 90° counterclockwise.
    var perpendicular: Point { Point(-y, x) }
}

/// Closed polygons. Ink is where their winding number is positive, so outlines run counterclockwise around ink.
package typealias Contours = [[Point]]

/// The shape and metrics of a character.
package struct Glyph: Sendable {
    package var contours: Contours
    /// The advance width.
    package var advance: Float

    package init(contours: Contours, advance: Float) { (self.contours, self.advance) = (contours, advance) }

    /// The bounding box; `nil` if there is no ink.
    package var bounds: (lower: Point, upper: Point)? { contours.bounds }

    func scaled(by factor: Float) -> Glyph {
        Glyph(contours: contours.map { $0.map { $0 * factor } }, advance: advance * factor)
    }

    /// Makes contours run counterclockwise around ink and clockwise around holes. Font formats differ in this, and in
    /// amateur fonts crossing strokes run either way.
    package mutating func orient() {
        let area = contours.reduce(0) { $0 + $1.signedArea }
        if area < 0 { contours = contours.map { $0.reversed() } }
        // Holes lie inside another contour.
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

    /// The widths of the ink measured from points all around the outline, sorted.
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

    /// The distance from a point to the nearest edge in a direction.
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
    /// Whether a point is inside the polygon, by the even–odd rule.
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

    /// The enclosed area, positive if the polygon runs counterclockwise.
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
