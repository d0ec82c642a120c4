import DuctusTensors

extension TranscribedPage {
    /// A page from its XML file somewhere in a directory; nil if the file is no document of that format.
    init?(contentsOf path: String, in directory: String, format: PageFolder.Format) throws(DatasetError) {
        let root = try XMLReader.element(contentsOf: path)
        guard root.name == format.rootName else { return nil }
        let file = PageFile(path: path)
        let pages = root.descendants("Page")
        guard let page = pages.first, pages.count == 1 else {
            throw file.malformed(root, "one page is expected, but there are \(pages.count)")
        }
        name = path
        let imageName: String?
        switch format {
        case .alto:
            if let unit = root.descendants("MeasurementUnit").first, unit.text.collapsingSpace != "pixel" {
                throw file.malformed(unit, "lengths are in “\(unit.text.collapsingSpace)”; only pixels are read")
            }
            imageName = root.descendants("fileName").first?.text.collapsingSpace
            lines = try page.descendants("TextLine").map { (line) throws(DatasetError) in try file.altoLine(line) }
        case .page:
            imageName = page.attributes["imageFilename"]
            lines = try page.descendants("TextLine").map { (line) throws(DatasetError) in try file.pageLine(line) }
        }
        imagePath = file.imagePath(named: imageName, in: directory)
        let extent = format == .alto ? ("WIDTH", "HEIGHT") : ("imageWidth", "imageHeight")
        if page.attributes[extent.0] != nil && page.attributes[extent.1] != nil {
            size = (try file.number(page, extent.0), try file.number(page, extent.1))
        }
    }
}

/// What the elements of a page's XML file say, with errors that name the file and the line.
private struct PageFile {
    let path: String

    func malformed(_ element: XMLElement, _ reason: String) -> DatasetError {
        .malformedLine(file: path, line: element.line, reason: reason)
    }

    /// The image that the file names, or one of its own name, in its folder or in the folder above, if that is still
    /// in the directory.
    func imagePath(named name: String?, in directory: String) -> String {
        let components = path.split(separator: "/", omittingEmptySubsequences: false)
        let folder = components.dropLast().joined(separator: "/")
        let stem = components.last.map { $0.dropLast(".xml".count) } ?? ""
        // A name may have come with the path on another machine.
        let named = name.flatMap { $0.split { $0 == "/" || $0 == "\\" }.last.map(String.init) }
        var names = ["png", "jpg", "jpeg", "PNG", "JPG", "JPEG"].map { "\(stem).\($0)" }
        if let named { names.insert(named, at: 0) }
        let paths = (folder == directory ? [""] : ["", "../"]).flatMap { up in names.map { "\(folder)/\(up)\($0)" } }
        return paths.first(where: File.exists) ?? paths[0]
    }

    func altoLine(_ line: XMLElement) throws(DatasetError) -> TranscribedPage.Line {
        var text = ""
        let parts = line.children.filter { ["String", "SP", "HYP"].contains($0.name) }
        // Where spaces are not told, words are.
        let separator = parts.contains { $0.name == "SP" } ? "" : " "
        for part in parts {
            if part.name == "SP" {
                text += " "
            } else {
                guard let content = part.attributes["CONTENT"] else {
                    throw malformed(part, "\(part.name) has no CONTENT")
                }
                text += (text.isEmpty || part.name == "HYP" ? "" : separator) + content
            }
        }
        let outline = try line.child("Shape")?.child("Polygon").map { (polygon) throws(DatasetError) in
            Polygon(try points(polygon, "POINTS"))
        }
        let box: Box
        if let outline, line.attributes["HPOS"] == nil {
            box = outline.box
        } else {
            let (x, y) = (try number(line, "HPOS"), try number(line, "VPOS"))
            let (width, height) = (try number(line, "WIDTH"), try number(line, "HEIGHT"))
            guard width >= 0 && height >= 0 else { throw malformed(line, "TextLine has a negative size") }
            box = Box(x: x, y: y, width: width, height: height)
        }
        // Before version 4.2, a baseline is one number, its height on the page.
        let baseline = line.attributes["BASELINE"].map { $0.contains { " ,".contains($0) } } ?? false
        return TranscribedPage.Line(
            id: line.attributes["ID"] ?? "", box: box, outline: outline,
            baseline: baseline ? try points(line, "BASELINE") : [], text: text.collapsingSpace)
    }

    func pageLine(_ line: XMLElement) throws(DatasetError) -> TranscribedPage.Line {
        guard let coordinates = line.child("Coords") else { throw malformed(line, "TextLine has no Coords") }
        let corners: [Polygon.Point]
        if coordinates.attributes["points"] == nil, !coordinates.children("Point").isEmpty {
            corners = try coordinates.children("Point").map { (point) throws(DatasetError) in
                Polygon.Point(x: try number(point, "x"), y: try number(point, "y"))
            }
        } else {
            corners = try points(coordinates, "points")
        }
        let outline = Polygon(corners)
        let readings = line.children("TextEquiv")
        // Of several readings, the one of the lowest index is the best.
        let best = readings.enumerated().min {
            (Int($0.element.attributes["index"] ?? "") ?? .max, $0.offset)
                < (Int($1.element.attributes["index"] ?? "") ?? .max, $1.offset)
        }
        let baseline = try line.child("Baseline").map { (baseline) throws(DatasetError) in
            try points(baseline, "points")
        }
        return TranscribedPage.Line(
            id: line.attributes["id"] ?? "", box: outline.box, outline: outline, baseline: baseline ?? [],
            text: best?.element.child("Unicode")?.text.collapsingSpace ?? "")
    }

    /// `1,2 3,4` or `1 2 3 4`.
    private func points(_ element: XMLElement, _ attribute: String) throws(DatasetError) -> [Polygon.Point] {
        let parts = (element.attributes[attribute] ?? "").split { $0 == "," || $0.isWhitespace }
        let numbers = parts.compactMap { Self.pixels($0) }
        guard numbers.count == parts.count, numbers.count >= 4, numbers.count.isMultiple(of: 2) else {
            throw malformed(element, "\(attribute) of \(element.name) must be points, such as 10,20 30,40")
        }
        return stride(from: 0, to: numbers.count, by: 2).map { .init(x: numbers[$0], y: numbers[$0 + 1]) }
    }

    func number(_ element: XMLElement, _ attribute: String) throws(DatasetError) -> Int {
        guard let number = element.attributes[attribute].flatMap({ Self.pixels($0[...]) }) else {
            throw malformed(element, "\(attribute) of \(element.name) must be a number of pixels")
        }
        return number
    }

    /// No page has a million pixels along a side; larger numbers would overflow sums later on.
    private static func pixels(_ text: Substring) -> Int? {
        guard let number = Double(text), abs(number) <= 1_000_000 else { return nil }
        return Int(number.rounded())
    }
}

extension String {
    /// The text with one space for every run of white space, and none at its ends.
    fileprivate var collapsingSpace: String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
