/// A page as ink on white paper, with the geometries of its lines: what views of pages are made from.
package struct InkPage: Sendable {
    /// The page in gray; the background is 255.
    package let image: Image
    /// The lines.
    package let lines: [LineGeometry]

    /// The median height of the lines; nil without lines.
    package var lineHeight: Double? { lines.medianHeight }

    package init(image: Image, lines: [LineGeometry]) { (self.image, self.lines) = (image, lines) }

    /// A page with known lines. Where a line has no baseline, it is estimated from its ink.
    package init(_ page: Image, lines: [Page.Line]) {
        let gray = page.grayscale().darkOnLight()
        let flat = gray.flatteningBackground(block: max(page.width, page.height, 40) / 40)
        self.init(
            image: flat,
            lines: lines.compactMap { line in
                if line.baseline.count > 1, let polygon = line.polygon {
                    return LineGeometry(
                        baseline: line.baseline.map { SIMD2(Double($0.x), Double($0.y)) }, inkIn: polygon, of: flat)
                }
                return LineGeometry(inkIn: line.box, of: flat)
            })
    }

    /// The page scaled down so that lines have a median height of at most `height`.
    package func scaled(toLineHeight height: Double) -> InkPage {
        guard let lineHeight, lineHeight > height else { return self }
        let factor = height / lineHeight
        let size = (
            width: max(Int(Double(image.width) * factor), 1), height: max(Int(Double(image.height) * factor), 1)
        )
        let (across, down) = (
            Double(size.width) / Double(image.width), Double(size.height) / Double(image.height)
        )
        return InkPage(
            image: image.resized(width: size.width, height: size.height),
            lines: lines.map { $0.mapped { SIMD2($0.x * across, $0.y * down) } })
    }
}
