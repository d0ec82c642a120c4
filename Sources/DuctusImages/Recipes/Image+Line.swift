extension Image {
    /// The part of the page that is read for a line in a box. The box is extended at both ends, as the first and last
    /// strokes often lie on its edges, and trimmed above and below, where neighboring lines reach into it.
    package func region(ofLine box: Box) -> Box {
        let margin = box.height / 20
        let region = Box(
            x: box.x - 6 * margin, y: box.y + margin / 2, width: box.width + 12 * margin,
            height: max(box.height - margin, 1))
        return region.intersection(Box(x: 0, y: 0, width: width, height: height))
    }
}
