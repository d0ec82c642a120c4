import DuctusData

extension Hand {
    /// Writes a line of text and crops it about as tightly as a person would.
    ///
    /// - Parameters:
    ///   - text: the text; runs of whitespace count as one space.
    ///   - above: the text of the line above, of which only the parts that reach into the image are visible.
    ///   - below: the text of the line below.
    ///   - height: the height of the image in pixels; its width follows from the text.
    ///   - random: the source of all random variation.
    /// - Returns: a grayscale image, dark on light.
    /// - Throws: ``SynthesisError/missingCharacters(font:characters:)``.
    public func line(
        _ text: String, above: String = "", below: String = "", height: Int = 64, using random: inout RandomStream
    ) throws(SynthesisError) -> Image {
        precondition(height > 0, "A line needs a positive height; got \(height).")
        let letters = try letters(text, using: &random)
        let bounds = letters.bounds ?? (Point(0, 0), Point(2, 1))
        var neighbors: Contours = []
        for (neighbor, isAbove) in [(above, true), (below, false)] {
            let others = try self.letters(neighbor, using: &random)
            guard let extent = others.bounds else { continue }
            // How far its letters reach into the height of the text.
            let reach = Float(random.uniform(-0.3...0.35))
            let rise = isAbove ? bounds.upper.y - extent.lower.y - reach : bounds.lower.y - extent.upper.y + reach
            let shift = Point(Float(random.uniform(-1.5...1.5)), rise)
            neighbors += others.map { $0.map { $0 + shift } }
        }
        let motion = Motion(self, from: bounds.lower - 1, to: bounds.upper + 1, using: &random)
        // Thinner strokes would be invisible.
        let finest = 1.4 * (bounds.upper.y - bounds.lower.y) / Float(height)
        let ink = motion.write(letters, finest: finest)
        let frame = Frame(around: ink, height: height, using: &random)
        let nearby = motion.write(neighbors, finest: finest).filter { frame.reaches($0) }
        let coverage = (ink + nearby).coverage(
            height: height, width: frame.width, corner: frame.corner, scale: frame.scale)
        return material.image(of: coverage, using: &random)
    }
}
