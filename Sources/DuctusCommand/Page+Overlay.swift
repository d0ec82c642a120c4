import Ductus

extension Page {
    /// A copy of an image with the boxes of the lines, alternately red and blue, and their baselines in green. The bar at
    /// the left of a line is as high as its confidence. Thin orange lines lead from the end of each line to the beginning
    /// of the next, in reading order.
    ///
    /// - Parameters:
    ///   - image: the image of the page.
    ///   - reduction: how many pixels of the page became one of the image.
    func drawn(on image: Image, reduction: Int) -> Image {
        var picture = image.rgb()
        let thickness = max(2, image.width / 400)
        for (index, line) in lines.enumerated() {
            let box = Box(
                x: line.box.x / reduction, y: line.box.y / reduction, width: line.box.width / reduction,
                height: line.box.height / reduction)
            let color: Image.Color = index.isMultiple(of: 2) ? .red : .blue
            picture.drawRectangle(
                x: box.x, y: box.y, width: box.width, height: box.height, color: color, thickness: thickness)
            let bar = Int(Double(box.height) * (line.confidence ?? 0))
            picture.drawRectangle(
                x: box.x - 3 * thickness, y: box.maxY - bar, width: 2 * thickness, height: bar, color: color,
                thickness: 2 * thickness)
            for (from, to) in zip(line.baseline, line.baseline.dropFirst()) {
                picture.drawLine(
                    from: (from.x / reduction, from.y / reduction), to: (to.x / reduction, to.y / reduction),
                    color: .green, thickness: thickness)
            }
        }
        for (line, next) in zip(lines, lines.dropFirst()) {
            let (from, to) = (line.end, next.start)
            picture.drawLine(
                from: (from.x / reduction, from.y / reduction), to: (to.x / reduction, to.y / reduction),
                color: .orange, thickness: max(1, thickness / 2))
        }
        return picture
    }
}

extension Page.Line {
    /// Where the line begins.
    fileprivate var start: Polygon.Point { baseline.first ?? Polygon.Point(x: box.x, y: box.y + box.height / 2) }
    /// Where the line ends.
    fileprivate var end: Polygon.Point { baseline.last ?? Polygon.Point(x: box.maxX, y: box.y + box.height / 2) }
}
