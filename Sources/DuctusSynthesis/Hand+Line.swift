import DuctusData

extension Hand {
    /// Writes a line of text and cuts it out, as close to the ink as people do.
    ///
    /// - Parameters:
    ///   - text: what is written; a space is as good as many.
    ///   - above: the text of the line above, of which only what reaches into the image is seen.
    ///   - below: the text of the line below.
    ///   - height: the rows of the image; its width follows from the text.
    ///   - random: what makes every line another one.
    /// - Returns: a gray image, dark on light.
    /// - Throws: ``SynthesisError/lacksCharacters(font:characters:)``.
    public func line(
        _ text: String, above: String = "", below: String = "", height: Int = 64, using random: inout RandomStream
    ) throws(SynthesisError) -> Image {
        precondition(height > 0, "A line cannot be \(height) pixels high.")
        let letters = try letters(text, using: &random)
        let bounds = letters.bounds ?? (Point(0, 0), Point(2, 1))
        var neighbours: Contours = []
        for (neighbour, isAbove) in [(above, true), (below, false)] {
            let others = try self.letters(neighbour, using: &random)
            guard let extent = others.bounds else { continue }
            let reach = Float(random.uniform(-0.3...0.35))
            let down = isAbove ? bounds.upper.y - extent.lower.y - reach : bounds.lower.y - extent.upper.y + reach
            let shift = Point(Float(random.uniform(-1.5...1.5)), down)
            neighbours += others.map { $0.map { $0 + shift } }
        }
        let motion = Motion(self, from: bounds.lower - 1, to: bounds.upper + 1, using: &random)
        // Thinner strokes than this cannot be seen.
        let finest = 1.4 * (bounds.upper.y - bounds.lower.y) / Float(height)
        let ink = motion.write(letters, finest: finest)
        let frame = Frame(round: ink, height: height, using: &random)
        let nearby = motion.write(neighbours, finest: finest).filter { frame.reaches($0) }
        let coverage = (ink + nearby).coverage(
            height: height, width: frame.width, corner: frame.corner, scale: frame.scale)
        return material.image(of: coverage, using: &random)
    }
}

/// The part of the paper that is cut out.
package struct Frame {
    package let corner: Point
    package let bottom: Float
    /// Pixels for an x-height.
    package let scale: Float
    package let width: Int

    /// A frame round all ink, with margins as uneven as those of people.
    package init(round ink: Contours, height: Int, using random: inout RandomStream) {
        var (lower, upper) = ink.bounds ?? (Point(0, 0), Point(2, 1))
        // Full stops alone are not cut out closely.
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

    /// Whether some of a polygon may be seen.
    func reaches(_ contour: [Point]) -> Bool {
        contour.contains { $0.y < corner.y } && contour.contains { $0.y > bottom }
    }
}
