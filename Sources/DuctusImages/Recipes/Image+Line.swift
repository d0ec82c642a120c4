extension Image {
    /// The part of a page that a detected line covers, with background at both ends: first and last strokes often lie on
    /// the edges of a box. Above and below, the tips of other lines do, so there the box is cut a little.
    package func cropped(toLine box: Box) -> Image {
        let margin = box.height / 20
        return cropped(
            x: box.x - 6 * margin, y: box.y + margin / 2, width: box.width + 12 * margin,
            height: max(box.height - margin, 1))
    }
}
