extension PAGE {
    @Sendable static func read(_ root: XMLElement, file: String) throws(FileError) -> PageDocument {
        let elements = root.descendants("Page")
        guard !elements.isEmpty else { throw root.malformed("there is no Page", in: file) }
        var document = PageDocument(pages: [])
        for element in elements {
            func number(_ name: String) -> Int? {
                document.attempt { _ throws(FileError) in try element.numberIfPresent(name, in: file) } ?? nil
            }
            let page = Page(
                image: element.attributes["imageFilename"] ?? "", width: number("imageWidth"),
                height: number("imageHeight"),
                lines: element.descendants("TextLine").compactMap { line in
                    document.attempt { document throws(FileError) in try self.line(line, file, &document) }
                })
            document.pages.append(page)
        }
        return document
    }

    private static func line(
        _ line: XMLElement, _ file: String, _ document: inout PageDocument
    ) throws(FileError) -> Page.Line {
        let outline = try outline(of: line, file)
        let baseline = line.child("Baseline").flatMap { baseline in
            document.attempt { _ throws(FileError) in try points(of: baseline, file) }
        }
        let words = document.attempt { _ throws(FileError) in
            try line.children("Word").map { (word) throws(FileError) in
                let (text, confidence) = reading(of: word)
                return Page.Word(
                    text: text ?? "", confidence: confidence, box: try self.outline(of: word, file).box)
            }
        }
        var (text, confidence) = reading(of: line)
        if text == nil {
            text = line.children("Word").compactMap { reading(of: $0).text }.joined(separator: " ")
            confidence = nil
        }
        return Page.Line(
            id: line.attributes["id"], text: text ?? "", confidence: confidence, box: outline.box,
            baseline: baseline ?? [], polygon: outline.points == outline.box.corners ? nil : outline,
            words: words ?? [])
    }

    private static func outline(of element: XMLElement, _ file: String) throws(FileError) -> Polygon {
        guard let coordinates = element.child("Coords") else {
            throw element.malformed("\(element.name) has no Coords", in: file)
        }
        return Polygon(try points(of: coordinates, file))
    }

    /// The points of `Coords` or `Baseline`; before the schema of 2013, every point was an element.
    private static func points(of element: XMLElement, _ file: String) throws(FileError) -> [Polygon.Point] {
        let points = element.children("Point")
        guard element.attributes["points"] == nil, !points.isEmpty else {
            return try element.points("points", in: file)
        }
        return try points.map { (point) throws(FileError) in
            Polygon.Point(x: try point.number("x", in: file), y: try point.number("y", in: file))
        }
    }

    /// Of several readings, the one with the lowest index is the best; nil if there is none.
    private static func reading(of element: XMLElement) -> (text: String?, confidence: Double?) {
        let best = element.children("TextEquiv").enumerated().min {
            (Int($0.element.attributes["index"] ?? "") ?? .max, $0.offset)
                < (Int($1.element.attributes["index"] ?? "") ?? .max, $1.offset)
        }?.element
        return (best?.child("Unicode")?.text.collapsingSpace, best?.confidence("conf"))
    }
}
