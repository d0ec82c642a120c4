extension Page {
    /// The page in pixels of an image that is `factor` times as large as the one on which it was found, and of the given
    /// size.
    package func scaled(by factor: Int, width: Int, height: Int) -> Page {
        scaled(x: Double(factor), y: Double(factor), width: width, height: height)
    }

    /// The page in pixels of an image, to whose size that of the page is scaled, if it is known.
    package func fitted(to image: Image) -> Page {
        guard let width, let height, width > 0, height > 0 else { return self }
        return scaled(
            x: Double(image.width) / Double(width), y: Double(image.height) / Double(height), width: image.width,
            height: image.height)
    }

    private func scaled(x: Double, y: Double, width: Int, height: Int) -> Page {
        guard x != 1 || y != 1 else { return self }
        var page = self
        (page.width, page.height) = (width, height)
        page.lines = lines.map { line in
            var line = line
            line.box = line.box.scaled(x: x, y: y)
            line.baseline = line.baseline.map { $0.scaled(x: x, y: y) }
            line.polygon = line.polygon.map { Polygon($0.points.map { $0.scaled(x: x, y: y) }) }
            for index in line.words.indices { line.words[index].box = line.words[index].box.scaled(x: x, y: y) }
            return line
        }
        return page
    }
}

extension Box {
    fileprivate func scaled(x scaleX: Double, y scaleY: Double) -> Box {
        let start = Polygon.Point(x: x, y: y).scaled(x: scaleX, y: scaleY)
        let end = Polygon.Point(x: maxX, y: maxY).scaled(x: scaleX, y: scaleY)
        return Box(x: start.x, y: start.y, width: end.x - start.x, height: end.y - start.y)
    }
}

extension Polygon.Point {
    fileprivate func scaled(x scaleX: Double, y scaleY: Double) -> Self {
        Self(x: Int((Double(x) * scaleX).rounded()), y: Int((Double(y) * scaleY).rounded()))
    }
}
