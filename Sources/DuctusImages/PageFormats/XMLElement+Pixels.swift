/// Pixel coordinates in attributes of ALTO and PAGE, with errors that have file and line.
extension XMLElement {
    func malformed(_ reason: String, in file: String) -> FileError {
        FileError(file: file, reason: .malformed(line: line, reason))
    }

    /// `1,2 3,4` or `1 2 3 4`.
    func points(_ attribute: String, in file: String) throws(FileError) -> [Polygon.Point] {
        let parts = (attributes[attribute] ?? "").split { $0 == "," || $0.isWhitespace }
        let numbers = parts.compactMap { Self.pixels($0) }
        guard numbers.count == parts.count, numbers.count >= 4, numbers.count.isMultiple(of: 2) else {
            throw malformed("\(attribute) of \(name) must be points, such as 10,20 30,40", in: file)
        }
        return stride(from: 0, to: numbers.count, by: 2).map { .init(x: numbers[$0], y: numbers[$0 + 1]) }
    }

    func number(_ attribute: String, in file: String) throws(FileError) -> Int {
        guard let number = attributes[attribute].flatMap({ Self.pixels($0[...]) }) else {
            throw malformed("\(attribute) of \(name) must be a number of pixels", in: file)
        }
        return number
    }

    /// The number of pixels, if there is such an attribute.
    func numberIfPresent(_ attribute: String, in file: String) throws(FileError) -> Int? {
        attributes[attribute] == nil ? nil : try number(attribute, in: file)
    }

    /// A confidence from 0 to 1, if there is one.
    func confidence(_ attribute: String) -> Double? { attributes[attribute].flatMap { Double($0) } }

    /// No page has a million pixels along a side; larger numbers would overflow sums later on.
    private static func pixels(_ text: Substring) -> Int? {
        guard let number = Double(text), abs(number) <= 1_000_000 else { return nil }
        return Int(number.rounded())
    }
}

extension String {
    /// The text with one space for every run of white space, and none at its ends.
    var collapsingSpace: String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}

extension [Polygon.Point] {
    /// `x,y x,y …`. Neither format allows negative coordinates.
    var pixels: String { map { "\(Swift.max($0.x, 0)),\(Swift.max($0.y, 0))" }.joined(separator: " ") }
}

extension Box {
    /// The corners, clockwise from the top left.
    var corners: [Polygon.Point] {
        [.init(x: x, y: y), .init(x: maxX, y: y), .init(x: maxX, y: maxY), .init(x: x, y: maxY)]
    }
}
