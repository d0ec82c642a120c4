extension LineReader {
    /// Recognizes lines whose places are known, such as those of an ALTO or PAGE file that another program or a person
    /// has made.
    ///
    /// A line with an outline is read without the ink outside of it and, if it has a baseline, straightened along it; a
    /// line without an outline, in its box.
    ///
    /// - Parameters:
    ///   - lines: the lines, in pixels of the image. Their texts are replaced; a line outside of the image gets none.
    ///   - image: the image of the page, upright, gray or RGB.
    ///   - whenRead: called with every line as soon as it is recognized, in order.
    /// - Returns: the lines with their texts, words, and confidences, all of them, in order.
    public func read(
        _ lines: [Page.Line], on image: Image, whenRead: (Page.Line) -> Void = { _ in }
    ) -> [Page.Line] {
        let gray = image.grayscale().darkOnLight().flatteningBackground(block: max(image.width, image.height, 40) / 40)
        var result: [Page.Line] = []
        // In groups of one line per thread, so that the first lines are reported early.
        for start in stride(from: 0, to: lines.count, by: Threads.count) {
            let group = lines[start..<min(start + Threads.count, lines.count)]
            let cuts = group.map { LineCut($0, of: gray) }
            var outputs = predict(cuts.map(\.image).filter { !$0.isEmpty })[...]
            for (line, cut) in zip(group, cuts) {
                var line = line
                (line.text, line.confidence, line.words) = ("", nil, [])
                if !cut.image.isEmpty, let output = outputs.popFirst() {
                    (line.text, line.confidence) = (output.text, output.confidence)
                    line.words = output.words.map {
                        Page.Word(text: $0.text, confidence: $0.confidence, box: cut.box(of: $0))
                    }
                }
                result.append(line)
                whenRead(line)
            }
        }
        return result
    }
}

/// The image of a line whose place on a page is known.
private struct LineCut {
    let image: Image
    private let region: Box
    /// The line in pixels of the page, if it was straightened.
    private let geometry: LineGeometry?

    init(_ line: Page.Line, of page: Image) {
        let whole = Box(x: 0, y: 0, width: page.width, height: page.height)
        guard let polygon = line.polygon else {
            region = page.region(ofLine: line.box)
            image = page.cropped(x: region.x, y: region.y, width: region.width, height: region.height)
            geometry = nil
            return
        }
        region = polygon.box.intersection(whole)
        let cut = page.cropped(to: polygon)
        geometry = cut.isEmpty ? nil : line.slantedGeometry
        let (x, y) = (Double(region.x), Double(region.y))
        image = geometry.map { cut.rectified(along: $0.mapped { $0 - SIMD2(x, y) }) } ?? cut
    }

    /// The box of a word on the page.
    func box(of word: LineReader.Word) -> Box {
        guard let geometry else { return word.box(in: region) }
        let ends = (word.span.lowerBound * geometry.length, word.span.upperBound * geometry.length)
        return geometry.part(from: ends.0, to: ends.1).box
    }
}

extension Page.Line {
    /// The line along its baseline, as high as its outline, with the ends of the outline; nil if it lies almost straight,
    /// as a box does, or has no baseline.
    fileprivate var slantedGeometry: LineGeometry? {
        guard let polygon, baseline.count > 1 else { return nil }
        func vector(_ point: Polygon.Point) -> SIMD2<Double> { SIMD2(Double(point.x), Double(point.y)) }
        var line = LineGeometry(baseline: baseline.map(vector), ascent: 0, descent: 0)
        let rows = baseline.map(\.y)
        let outline = polygon.points.map(vector)
        let heights = outline.map { line.height(of: $0) }
        guard line.length > 0, abs(line.angle) < 0.8, let top = heights.max(), let bottom = heights.min(), top > 0,
            top - bottom > 1,
            Double(rows.max()! - rows.min()!) > (top - bottom) / 8,
            let left = outline.map(\.x).min(), let right = outline.map(\.x).max()
        else { return nil }
        (line.ascent, line.descent) = (top, max(-bottom, 0))
        // Baselines may be shorter than their outlines.
        let ends = (min(left - line.baseline[0].x, 0), max(right - line.baseline[line.baseline.count - 1].x, 0))
        return line.part(from: ends.0, to: line.length + ends.1)
    }
}
