/// A polygon in pixels. Its vertices are corners of pixels: `(0, 0)` is the upper left corner of the first pixel.
public struct Polygon: Sendable, Equatable {
    /// A vertex.
    public struct Point: Sendable, Equatable {
        /// Pixels from the left edge of the image.
        public var x: Int
        /// Pixels from the top edge of the image.
        public var y: Int

        /// The upper left corner of the pixel at a column and row.
        public init(x: Int, y: Int) { (self.x, self.y) = (x, y) }
    }

    /// The vertices, in order; the last is joined to the first.
    public var points: [Point]

    /// The polygon with some vertices.
    public init(_ points: [Point]) { self.points = points }

    /// The smallest box around the polygon; empty if there are no vertices.
    public var box: Box {
        let (xs, ys) = (points.map(\.x), points.map(\.y))
        guard let left = xs.min(), let right = xs.max(), let top = ys.min(), let bottom = ys.max() else {
            return Box(x: 0, y: 0, width: 0, height: 0)
        }
        return Box(x: left, y: top, width: right - left, height: bottom - top)
    }

    /// The columns of a row whose pixel centers are inside, by the nonzero winding rule.
    package func columns(inRow row: Int) -> [Range<Int>] {
        let y = Double(row) + 0.5
        var crossings: [(x: Double, turn: Int)] = []
        for (index, from) in points.enumerated() {
            let to = points[(index + 1) % points.count]
            let (low, high) = (Double(min(from.y, to.y)), Double(max(from.y, to.y)))
            guard low < y, y < high else { continue }
            let fraction = (y - Double(from.y)) / Double(to.y - from.y)
            crossings.append((Double(from.x) + fraction * Double(to.x - from.x), to.y > from.y ? 1 : -1))
        }
        crossings.sort { $0.x < $1.x }
        var (winding, start) = (0, 0.0)
        var columns: [Range<Int>] = []
        for (x, turn) in crossings {
            if winding == 0 { start = x }
            winding += turn
            guard winding == 0 else { continue }
            // The first and the last center between the two crossings.
            let (first, last) = (Int((start - 0.5).rounded(.up)), Int((x - 0.5).rounded(.up)))
            if first < last { columns.append(first..<last) }
        }
        return columns
    }
}

extension Image {
    /// The box of a polygon with everything outside the polygon filled with the background, the median of what is
    /// inside. For gray images only; empty if the polygon lies outside the image.
    public func cropped(to polygon: Polygon) -> Image {
        precondition(channels == 1, "Polygons are cut from gray images; call grayscale() first.")
        let columns = Self.clip(start: polygon.box.x, length: polygon.box.width, to: width)
        let rows = Self.clip(start: polygon.box.y, length: polygon.box.height, to: height)
        let inside = rows.map { row in
            polygon.columns(inRow: row).map { $0.clamped(to: columns) }.filter { !$0.isEmpty }
        }
        let covered = zip(rows, inside).lazy.flatMap { row, runs in runs.joined().map { pixels[row * width + $0] } }
        guard let background = Histogram(covered).background else {
            return Image(width: 0, height: 0, channels: 1, pixels: [])
        }
        var cut = Image(width: columns.count, height: rows.count, filledWith: background)
        for (row, runs) in zip(rows, inside) {
            for column in runs.joined() {
                cut[column - columns.lowerBound, row - rows.lowerBound] = pixels[row * width + column]
            }
        }
        return cut
    }

    /// The brightness of the background of a gray image.
    package var background: UInt8 { Histogram(pixels).background ?? 255 }
}
