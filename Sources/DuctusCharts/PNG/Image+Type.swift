extension Image {
    /// Draws a line of type on an RGB image.
    ///
    /// - Parameters:
    ///   - text: the text.
    ///   - x: the column that the anchor is at.
    ///   - baseline: the row of the baseline.
    ///   - size: the size of the type in pixels.
    ///   - anchor: which part of the text is at x.
    ///   - color: the color.
    ///   - typeface: the font; see ``Typeface/standard()``.
    public mutating func draw(
        _ text: String, x: Double, baseline: Double, size: Double, _ anchor: Drawing.Anchor = .start, color: Color,
        typeface: Typeface
    ) {
        Pencil.draw(with: typeface, on: &self) { pencil in
            let length = pencil.width(of: text, size: size)
            let start = x - (anchor == .middle ? length / 2 : anchor == .end ? length : 0)
            pencil.write(text, at: [start, baseline], size: size, color, opacity: 1)
        }
    }
}
