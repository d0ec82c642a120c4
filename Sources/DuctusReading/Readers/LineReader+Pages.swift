extension LineReader {
    /// Recognizes lines whose places are known, such as those of an ALTO or PAGE file that another program or a person
    /// has made.
    ///
    /// A line with an outline is read without the ink outside of it; a line without one, in its box.
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
        let whole = Box(x: 0, y: 0, width: image.width, height: image.height)
        var result: [Page.Line] = []
        // In groups of one line per thread, so that the first lines are reported early.
        for start in stride(from: 0, to: lines.count, by: Threads.count) {
            let group = lines[start..<min(start + Threads.count, lines.count)]
            let regions = group.map { line in
                line.polygon.map { $0.box.intersection(whole) } ?? gray.region(ofLine: line.box)
            }
            let cuts = zip(group, regions).map { line, region in
                line.polygon.map { gray.cropped(to: $0) }
                    ?? gray.cropped(x: region.x, y: region.y, width: region.width, height: region.height)
            }
            var outputs = predict(cuts.filter { !$0.isEmpty })[...]
            for (line, (region, cut)) in zip(group, zip(regions, cuts)) {
                var line = line
                (line.text, line.confidence, line.words) = ("", nil, [])
                if !cut.isEmpty, let output = outputs.popFirst() {
                    (line.text, line.confidence) = (output.text, output.confidence)
                    line.words = output.words.map {
                        Page.Word(text: $0.text, confidence: $0.confidence, box: $0.box(in: region))
                    }
                }
                result.append(line)
                whenRead(line)
            }
        }
        return result
    }
}
