/// The position of a page on the square map on which lines are detected.
///
/// A strip of the page, as wide as the page, is centered on a white square whose side is the larger of the strip's
/// width and height. The square is scaled to 256 × 256.
public struct DetectionGeometry: Sendable, Equatable {
    /// The side of a map in pixels.
    public static let mapSide = 256

    /// The first row of the page on the strip.
    public let top: Int
    /// The first row of the page below the strip.
    public let bottom: Int
    /// The side of the square in pixels of the page.
    public let side: Int
    /// The column of the square at the left edge of the page.
    public let offsetX: Int
    /// What to add to a row of the page to get its row on the square.
    public let offsetY: Int

    /// Map pixels per page pixel.
    public var scale: Double { Double(Self.mapSide) / Double(side) }

    /// The rows `top..<bottom` of a page; by default the whole page.
    public init(pageWidth: Int, pageHeight: Int, top: Int = 0, bottom: Int = .max) {
        precondition(pageWidth > 0 && pageHeight > 0, "A page cannot be \(pageWidth) × \(pageHeight) pixels.")
        self.top = min(max(0, top), pageHeight - 1)
        self.bottom = max(min(bottom, pageHeight), self.top + 1)
        let height = self.bottom - self.top
        side = max(pageWidth, height)
        offsetX = (side - pageWidth) / 2
        offsetY = (side - height) / 2 - self.top
    }

    /// The strip around the lines of a page: from 4 % of the page's width above the highest line to as much below the
    /// lowest, within the page. The whole page if there are no lines.
    public init(pageWidth: Int, pageHeight: Int, lines: [Box]) {
        let lines = lines.filter { $0.width > 0 && $0.height > 0 }
        let margin = (4 * pageWidth + 50) / 100
        guard let first = lines.map(\.y).min(), let last = lines.map(\.maxY).max() else {
            self.init(pageWidth: pageWidth, pageHeight: pageHeight)
            return
        }
        self.init(pageWidth: pageWidth, pageHeight: pageHeight, top: first - margin, bottom: last + margin)
    }

    /// Another view of the page: a strip whose edges lie up to 4 % of the page's width higher or lower, anywhere on a
    /// square that is up to a seventh larger.
    package func varied(pageWidth: Int, pageHeight: Int, using random: inout RandomStream) -> DetectionGeometry {
        let margin = (4 * pageWidth + 50) / 100
        let strip = DetectionGeometry(
            pageWidth: pageWidth, pageHeight: pageHeight, top: top + .random(in: -margin...margin / 2, using: &random),
            bottom: bottom + .random(in: -margin / 2...margin, using: &random))
        let height = strip.bottom - strip.top
        let side = strip.side + .random(in: 0...strip.side / 7, using: &random)
        return DetectionGeometry(
            top: strip.top, bottom: strip.bottom, side: side,
            offsetX: .random(in: 0...side - pageWidth, using: &random),
            offsetY: .random(in: 0...side - height, using: &random) - strip.top)
    }

    private init(top: Int, bottom: Int, side: Int, offsetX: Int, offsetY: Int) {
        (self.top, self.bottom, self.side, self.offsetX, self.offsetY) = (top, bottom, side, offsetX, offsetY)
    }

    /// The strip of a page on its white square, in gray, scaled to 256 × 256 by area.
    public func map(of page: Image) -> Image {
        let strip = page.cropped(x: 0, y: top, width: page.width, height: bottom - top)
        // In the negative, white is zero, which is what pixels of the square outside the strip count as.
        let left = offsetX
        let above = offsetY + top
        let mapSide = Self.mapSide
        let columns = AxisWeights(from: side, to: mapSide, method: .area, visible: left..<left + strip.width)
        let rows = AxisWeights(from: side, to: mapSide, method: .area, visible: above..<above + strip.height)
        return strip.grayscale().inverted().resized(columns: columns, rows: rows).inverted()
    }

    /// The rectangle of the map, in fractional pixels, that corresponds to a rectangle of the page.
    public func mapRectangle(of box: Box) -> (x: Double, y: Double, width: Double, height: Double) {
        (
            Double(box.x + offsetX) * scale, Double(box.y + offsetY) * scale,
            Double(box.width) * scale, Double(box.height) * scale
        )
    }

    /// The rectangle of the page, rounded to pixels, that corresponds to a rectangle of the map.
    public func pageBox(x: Double, y: Double, width: Double, height: Double) -> Box {
        let left = Int((x / scale).rounded()) - offsetX
        let top = Int((y / scale).rounded()) - offsetY
        let right = Int(((x + width) / scale).rounded()) - offsetX
        let bottom = Int(((y + height) / scale).rounded()) - offsetY
        return Box(x: left, y: top, width: right - left, height: bottom - top)
    }

    /// The column of the page under the center of each column of the map; it may lie outside the page.
    package var pageColumns: [Int] { Image.nearestSources(from: side, to: Self.mapSide).map { $0 - offsetX } }

    /// The row of the page under the center of each row of the map; it may lie outside the strip.
    package var pageRows: [Int] { Image.nearestSources(from: side, to: Self.mapSide).map { $0 - offsetY } }
}
