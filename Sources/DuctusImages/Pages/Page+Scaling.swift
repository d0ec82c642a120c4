extension Page {
    /// The page in pixels of an image that is `factor` times as large as the one on which it was found, and of the given
    /// size.
    package func scaled(by factor: Int, width: Int, height: Int) -> Page {
        guard factor != 1 else { return self }
        var page = self
        (page.width, page.height) = (width, height)
        page.lines = lines.map { line in
            var line = line
            line.box = line.box.scaled(by: factor)
            line.baseline = line.baseline.map { $0.scaled(by: factor) }
            line.polygon = line.polygon.map { Polygon($0.points.map { $0.scaled(by: factor) }) }
            for index in line.words.indices { line.words[index].box = line.words[index].box.scaled(by: factor) }
            return line
        }
        return page
    }
}

extension Box {
    fileprivate func scaled(by factor: Int) -> Box {
        Box(x: x * factor, y: y * factor, width: width * factor, height: height * factor)
    }
}

extension Polygon.Point {
    fileprivate func scaled(by factor: Int) -> Self { Self(x: x * factor, y: y * factor) }
}
