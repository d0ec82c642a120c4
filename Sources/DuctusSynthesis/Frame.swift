import DuctusData

/// The rectangle of the page that becomes the image.
package struct Frame {
    package let corner: Point
    package let bottom: Float
    /// Pixels per x-height.
    package let scale: Float
    package let width: Int

    /// A frame around all ink, with random margins as in manually cropped lines.
    package init(around ink: Contours, height: Int, using random: inout RandomStream) {
        var (lower, upper) = ink.bounds ?? (Point(0, 0), Point(2, 1))
        // Never crop tighter than around a lowercase letter, even for a mere period.
        (lower.y, upper.y) = (min(lower.y, -0.1), max(upper.y, 1.3))
        let extent = Double(upper.y - lower.y)
        let loose = random.isTrue(0.15) ? 0.2 : 0.03
        upper.y += Float(extent * random.uniform(0.005...loose))
        lower.y -= Float(extent * random.uniform(0.005...loose))
        lower.x -= Float(extent * random.uniform(0.01...0.12))
        upper.x += Float(extent * random.uniform(0.01...0.12))
        scale = Float(height) / (upper.y - lower.y)
        width = max(1, Int(((upper.x - lower.x) * scale).rounded(.up)))
        (corner, bottom) = (Point(lower.x, upper.y), lower.y)
    }

    /// Whether part of a polygon may be visible.
    func reaches(_ contour: [Point]) -> Bool {
        contour.contains { $0.y < corner.y } && contour.contains { $0.y > bottom }
    }
}
