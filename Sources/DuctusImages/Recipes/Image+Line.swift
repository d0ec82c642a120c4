extension Image {
    /// A detected line of a page. The box is extended at both ends, as the first and last strokes often lie on its
    /// edges, and trimmed above and below, where neighboring lines reach into it.
    package func cropped(toLine box: Box) -> Image {
        let margin = box.height / 20
        return cropped(
            x: box.x - 6 * margin, y: box.y + margin / 2, width: box.width + 12 * margin,
            height: max(box.height - margin, 1))
    }
}
