/// Where a line of writing is on an image: the curve that letters stand on, and how far they reach above and below it.
///
/// Points are in pixels of the image; `(0, 0)` is the upper left corner of the first pixel.
///
/// ```swift
/// let line = LineGeometry(baseline: [SIMD2(20, 60), SIMD2(300, 52)], ascent: 24, descent: 9)
/// let straight = page.rectified(along: line)                 // 282 × 33 pixels, upright
/// ```
public struct LineGeometry: Sendable, Equatable {
    /// The points of the baseline in the direction of reading, at least two.
    public var baseline: [SIMD2<Double>]
    /// How far the line reaches above its baseline, measured across it.
    public var ascent: Double
    /// How far the line reaches below its baseline.
    public var descent: Double

    /// A line along a baseline of at least two points.
    public init(baseline: [SIMD2<Double>], ascent: Double, descent: Double) {
        precondition(baseline.count > 1, "A baseline has at least two points; got \(baseline.count).")
        (self.baseline, self.ascent, self.descent) = (baseline, ascent, descent)
    }

    /// The height of the line.
    public var height: Double { ascent + descent }

    /// The length of the baseline.
    public var length: Double {
        zip(baseline, baseline.dropFirst()).reduce(0) { $0 + ($1.1 - $1.0).length }
    }

    /// The angle from the first to the last point of the baseline in radians; positive if the line falls.
    package var angle: Double {
        let chord = baseline[baseline.count - 1] - baseline[0]
        return arcTangent(chord.y, chord.x)
    }

    /// The middle of the first and the last point.
    package var center: SIMD2<Double> { (baseline[0] + baseline[baseline.count - 1]) / 2 }

    /// The line after a transformation of the plane, which may turn, scale and bend it.
    package func mapped(_ transform: (SIMD2<Double>) -> SIMD2<Double>) -> LineGeometry {
        let moved = baseline.map(transform)
        let normals = normals()
        // Heights are means over the points, as a transformation may scale the ends of a line differently.
        func mean(_ height: Double, _ side: Double) -> Double {
            let lengths = baseline.indices.map {
                (transform(baseline[$0] + normals[$0] * (side * height)) - moved[$0]).length
            }
            return lengths.reduce(0, +) / Double(lengths.count)
        }
        return LineGeometry(baseline: moved, ascent: mean(ascent, -1), descent: mean(descent, 1))
    }

    /// The line scaled by a factor.
    package func scaled(by factor: Double) -> LineGeometry {
        LineGeometry(baseline: baseline.map { $0 * factor }, ascent: ascent * factor, descent: descent * factor)
    }

    /// The unit vectors that point from the baseline down to the descenders at every point.
    package func normals() -> [SIMD2<Double>] {
        baseline.indices.map { index in
            let along = baseline[min(index + 1, baseline.count - 1)] - baseline[max(index - 1, 0)]
            let length = along.length
            return length > 0 ? SIMD2(-along.y, along.x) / length : SIMD2(0, 1)
        }
    }

    /// The outline: along the tops of the letters, then back along the bottoms.
    public var polygon: Polygon {
        let normals = normals()
        let tops = zip(baseline, normals).map { $0 - $1 * ascent }
        let bottoms = zip(baseline, normals).map { $0 + $1 * descent }
        return Polygon((tops + bottoms.reversed()).map { Polygon.Point($0) })
    }

    /// The smallest box around the outline.
    public var box: Box { polygon.box }

    /// Points every `step` pixels along the baseline, both ends included, with the direction of reading at each.
    package func points(every step: Double) -> [(point: SIMD2<Double>, direction: SIMD2<Double>)] {
        let length = length
        guard length > 0 else { return [(baseline[0], SIMD2(1, 0))] }
        let count = max(Int((length / step).rounded()), 1)
        var points: [(point: SIMD2<Double>, direction: SIMD2<Double>)] = []
        var (segment, passed) = (0, 0.0)
        for index in 0...count {
            let target = length * Double(index) / Double(count)
            while true {
                let chord = baseline[segment + 1] - baseline[segment]
                let size = chord.length
                guard passed + size < target, segment + 2 < baseline.count else {
                    let share = size > 0 ? (target - passed) / size : 0
                    points.append((baseline[segment] + chord * share, size > 0 ? chord / size : SIMD2(1, 0)))
                    break
                }
                passed += size
                segment += 1
            }
        }
        return points
    }

    /// The part of the line between two distances from its beginning; beyond the ends, on their tangents.
    package func part(from start: Double, to end: Double) -> LineGeometry {
        var passed = 0.0
        var points = [point(at: start)]
        for (from, to) in zip(baseline, baseline.dropFirst()) {
            passed += (to - from).length
            if passed > start, passed < end { points.append(to) }
        }
        return LineGeometry(baseline: points + [point(at: max(end, start))], ascent: ascent, descent: descent)
    }

    /// The point of the baseline at some distance from its beginning; beyond the ends, on their tangents.
    package func point(at distance: Double) -> SIMD2<Double> {
        var rest = distance
        for (index, (from, to)) in zip(baseline, baseline.dropFirst()).enumerated() {
            let size = (to - from).length
            if rest <= size || index + 2 == baseline.count { return from + (to - from) * (size > 0 ? rest / size : 0) }
            rest -= size
        }
        return baseline[baseline.count - 1]
    }

    /// The distance from a point to the baseline.
    package func distance(to point: SIMD2<Double>) -> Double {
        zip(baseline, baseline.dropFirst()).reduce(.infinity) { nearest, segment in
            let (from, to) = segment
            let chord = to - from
            let square = (chord * chord).sum()
            let share = square > 0 ? min(max(((point - from) * chord).sum() / square, 0), 1) : 0
            return min(nearest, (point - from - chord * share).length)
        }
    }

    /// How far a point is above the baseline, in the direction of the columns.
    package func height(of point: SIMD2<Double>) -> Double {
        let next = baseline.firstIndex { $0.x >= point.x } ?? baseline.count - 1
        let (from, to) = (baseline[max(next - 1, 0)], baseline[max(next, 1)])
        let slope = to.x > from.x ? (to.y - from.y) / (to.x - from.x) : 0
        return from.y + slope * (point.x - from.x) - point.y
    }
}

extension SIMD2<Double> {
    /// The Euclidean length.
    package var length: Double { (self * self).sum().squareRoot() }
}

extension Polygon.Point {
    /// The nearest point with whole coordinates.
    init(_ point: SIMD2<Double>) { self.init(x: Int(point.x.rounded()), y: Int(point.y.rounded())) }
}

extension Image {
    /// A line of writing, straightened: row by row, the image across the baseline from the ascent to the descent,
    /// interpolated; outside of the image, its nearest pixel. For gray images only.
    ///
    /// - Parameters:
    ///   - line: the line in pixels of the image.
    ///   - margin: how far the result extends beyond both ends of the baseline, in pixels.
    public func rectified(along line: LineGeometry, margin: Double = 0) -> Image {
        precondition(channels == 1, "Lines are cut from gray images; call grayscale() first.")
        let rows = max(Int(line.height.rounded()), 1)
        let columns = max(Int((line.length + 2 * margin).rounded()), 1)
        guard !isEmpty else { return Image(width: columns, height: rows, filledWith: 255) }
        // Directions are those of a chord as long as the line is high: a baseline's corners would tear letters.
        let reach = max(line.height / 2, 1)
        let places = (0..<columns).map { column in
            let distance = Double(column) + 0.5 - margin
            let along = line.point(at: distance + reach) - line.point(at: distance - reach)
            let length = along.length
            return (line.point(at: distance), length > 0 ? SIMD2(-along.y, along.x) / length : SIMD2(0, 1))
        }
        let straight = [UInt8](unsafeUninitializedCapacity: rows * columns) { target, initialized in
            pixels.withUnsafeBufferPointer { source in
                for row in 0..<rows {
                    let offset = Double(row) + 0.5 - line.ascent
                    for (column, (point, normal)) in places.enumerated() {
                        let place = point + normal * offset - 0.5
                        target[row * columns + column] = interpolated(source, place)
                    }
                }
            }
            initialized = rows * columns
        }
        return Image(width: columns, height: rows, channels: 1, pixels: straight)
    }

    /// The brightness between the centers of the four nearest pixels, whose coordinates are whole numbers.
    package func interpolated(at place: SIMD2<Double>) -> UInt8 {
        pixels.withUnsafeBufferPointer { interpolated($0, place) }
    }

    private func interpolated(_ source: UnsafeBufferPointer<UInt8>, _ place: SIMD2<Double>) -> UInt8 {
        let x = min(max(place.x, 0), Double(width - 1))
        let y = min(max(place.y, 0), Double(height - 1))
        let (left, top) = (Int(x), Int(y))
        let (right, bottom) = (min(left + 1, width - 1), min(top + 1, height - 1))
        let (across, down) = (Float(x - Double(left)), Float(y - Double(top)))
        let upper = Float(source[top * width + left]) * (1 - across) + Float(source[top * width + right]) * across
        let lower = Float(source[bottom * width + left]) * (1 - across) + Float(source[bottom * width + right]) * across
        return UInt8(upper + (lower - upper) * down + 0.5)
    }
}

extension Page.Line {
    /// A line with the box, baseline and outline of a geometry.
    public init(
        _ geometry: LineGeometry, id: String? = nil, text: String, confidence: Double? = nil, words: [Page.Word] = []
    ) {
        self.init(
            id: id, text: text, confidence: confidence, box: geometry.box,
            baseline: geometry.baseline.map { Polygon.Point($0) }, polygon: geometry.polygon, words: words)
    }

    /// The line with everything moved onto an image; nil if it is outside of it.
    package func clipped(width: Int, height: Int) -> Page.Line? {
        let whole = Box(x: 0, y: 0, width: width, height: height)
        func moved(_ point: Polygon.Point) -> Polygon.Point {
            Polygon.Point(x: min(max(point.x, 0), width), y: min(max(point.y, 0), height))
        }
        var line = self
        line.box = box.intersection(whole)
        line.baseline = baseline.map(moved)
        line.polygon = polygon.map { Polygon($0.points.map(moved)) }
        for index in words.indices { line.words[index].box = words[index].box.intersection(whole) }
        return line.box.area > 0 ? line : nil
    }
}

extension [LineGeometry] {
    /// The median height of the lines, each weighted with its length; nil without lines.
    package var medianHeight: Double? {
        let sorted = self.sorted { $0.height < $1.height }
        var rest = reduce(0) { $0 + $1.length } / 2
        return sorted.first { line in
            rest -= line.length
            return rest <= 0
        }?.height
    }
}
