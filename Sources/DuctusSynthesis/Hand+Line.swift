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
            // How far the tips of its letters come in beyond those of the text.
            let reach = Float(random.uniform(-0.3...0.35))
            let rise = isAbove ? bounds.upper.y - extent.lower.y - reach : bounds.lower.y - extent.upper.y + reach
            let shift = Point(Float(random.uniform(-1.5...1.5)), rise)
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
