extension ALTO {
    @Sendable static func read(_ root: XMLElement, file: String) throws(FileError) -> PageDocument {
        let elements = root.descendants("Page")
        guard !elements.isEmpty else { throw root.malformed("there is no Page", in: file) }
        if let unit = root.descendants("MeasurementUnit").first, unit.text.collapsingSpace != "pixel" {
            throw unit.malformed("lengths are in “\(unit.text.collapsingSpace)”; only pixels are supported", in: file)
        }
        let images = imageNames(root, count: elements.count)
        var document = PageDocument(pages: [])
        for (element, image) in zip(elements, images) {
            let page = Page(
                image: image,
                width: document.attempt { _ throws(FileError) in try element.numberIfPresent("WIDTH", in: file) }
                    ?? nil,
                height: document.attempt { _ throws(FileError) in try element.numberIfPresent("HEIGHT", in: file) }
                    ?? nil,
                lines: element.descendants("TextLine").compactMap { line in
                    document.attempt { document throws(FileError) in try self.line(line, file, &document) }
                })
            document.pages.append(page)
        }
        return document
    }

    /// The name of the image of every page; empty where it is not known. One page has a file name; several have
    /// identifiers in order, if there is one for each.
    private static func imageNames(_ root: XMLElement, count: Int) -> [String] {
        func texts(_ name: String) -> [String] {
            root.descendants(name).map(\.text.collapsingSpace).filter { !$0.isEmpty }
        }
        for names in [texts("fileName"), texts("fileIdentifier")] where names.count == count { return names }
        return Array(repeating: "", count: count)
    }

    private static func line(
        _ line: XMLElement, _ file: String, _ document: inout PageDocument
    ) throws(FileError) -> Page.Line {
        let place = ["HPOS", "VPOS", "WIDTH", "HEIGHT"]
        let text = try text(line, file)
        // All words must have their places: some would not make up the text.
        let strings = line.children("String")
        let placed = strings.filter { word in place.contains { word.attributes[$0] != nil } }
        var words =
            placed.count == strings.count
            ? document.attempt { _ throws(FileError) in
                try placed.map { word throws(FileError) in try self.word(word, file) }
            }
                ?? [] : []
        let hasPlace = place.contains { line.attributes[$0] != nil }
        var polygon: Polygon?
        if let outline = line.child("Shape")?.child("Polygon") {
            let read = { (_: inout PageDocument) throws(FileError) in Polygon(try outline.points("POINTS", in: file)) }
            polygon = hasPlace || !words.isEmpty ? document.attempt(read) : try read(&document)
        }
        let union = words.dropFirst().reduce(words.first?.box) { $0?.union($1.box) }
        let box = if !hasPlace, let outline = polygon?.box ?? union { outline } else { try self.box(line, file) }
        // Before version 4.2, a baseline was one number, its y coordinate.
        let hasPoints = line.attributes["BASELINE"].map { $0.contains { " ,".contains($0) } } ?? false
        let baseline =
            hasPoints ? document.attempt { _ throws(FileError) in try line.points("BASELINE", in: file) } : nil
        var confidence: Double?
        if words.count == 1, words[0].box == box {
            confidence = words[0].confidence
            words = []
        }
        return Page.Line(
            id: line.attributes["ID"], text: text, confidence: confidence, box: box, baseline: baseline ?? [],
            polygon: polygon, words: words)
    }

    private static func word(_ word: XMLElement, _ file: String) throws(FileError) -> Page.Word {
        Page.Word(
            text: word.attributes["CONTENT"] ?? "", confidence: word.confidence("WC"), box: try box(word, file))
    }

    private static func box(_ element: XMLElement, _ file: String) throws(FileError) -> Box {
        let (x, y) = (try element.number("HPOS", in: file), try element.number("VPOS", in: file))
        let (width, height) = (try element.number("WIDTH", in: file), try element.number("HEIGHT", in: file))
        guard width >= 0 && height >= 0 else {
            throw element.malformed("\(element.name) has a negative size", in: file)
        }
        return Box(x: x, y: y, width: width, height: height)
    }

    private static func text(_ line: XMLElement, _ file: String) throws(FileError) -> String {
        var text = ""
        let parts = line.children.filter { ["String", "SP", "HYP"].contains($0.name) }
        // Without SP elements, every String is a word.
        let separator = parts.contains { $0.name == "SP" } ? "" : " "
        for part in parts {
            if part.name == "SP" {
                text += " "
            } else {
                guard let content = part.attributes["CONTENT"] else {
                    throw part.malformed("\(part.name) has no CONTENT", in: file)
                }
                text += (text.isEmpty || part.name == "HYP" ? "" : separator) + content
            }
        }
        return text.collapsingSpace
    }
}
