/// A page and the label map of its lines, both 256 × 256 pixels, for training and evaluating line detection.
public struct DetectionSample: Sendable, Equatable {
    /// The classes of the pixels of a map.
    public enum Label {
        /// Background, and anything that is not a line.
        public static let background: UInt8 = 0
        /// The first, third, … line.
        public static let oddLine: UInt8 = 1
        /// The second, fourth, … line. Two classes separate neighboring lines that touch.
        public static let evenLine: UInt8 = 2
    }

    /// The page in gray, dark on light, scaled by area.
    public let image: Image
    /// The class of each pixel, row-major `[256, 256]`, by nearest neighbor.
    public let labels: [UInt8]
    /// The position of the page on the map.
    public let geometry: DetectionGeometry

    /// Draws the map of a page: the rectangle of line i is filled with (i mod 2) + 1, later lines over earlier ones.
    ///
    /// - Parameters:
    ///   - page: gray or RGB, not empty.
    ///   - lines: the boxes of the lines from top to bottom, in pixels of the page.
    public init(page: Image, lines: [Box]) {
        self.init(
            page: page, lines: lines,
            geometry: DetectionGeometry(pageWidth: page.width, pageHeight: page.height, lines: lines))
    }

    /// Draws the map of a page at some position.
    init(page: Image, lines: [Box], geometry: DetectionGeometry) {
        self.geometry = geometry
        image = geometry.map(of: page)
        labels = Self.labels(lines, geometry: geometry)
    }

    /// Reads the image of a form and draws its map.
    public init(form: IAMForm, maximumPixels: Int = 64_000_000) throws(ImageError) {
        let page = try Image(contentsOf: form.imagePath, maximumPixels: maximumPixels)
        self.init(page: page, lines: form.lines.map(\.box))
    }

    private static func labels(_ lines: [Box], geometry: DetectionGeometry) -> [UInt8] {
        let side = DetectionGeometry.mapSide
        let (columns, rows) = (geometry.pageColumns, geometry.pageRows)
        var labels = [UInt8](repeating: Label.background, count: side * side)
        for (index, line) in lines.enumerated() where line.width > 0 && line.height > 0 {
            let label = index.isMultiple(of: 2) ? Label.oddLine : Label.evenLine
            let covered = columns.indices.filter { line.x <= columns[$0] && columns[$0] < line.maxX }
            for (mapRow, row) in rows.enumerated() where line.y <= row && row < line.maxY {
                for mapColumn in covered { labels[mapRow * side + mapColumn] = label }
            }
        }
        return labels
    }
}
