/// Where a ``LineDataset`` has its lines from: images, dark on light, and what they say.
public protocol LineSource: Sendable {
    /// How many lines there are; they are numbered from 0.
    var count: Int { get }
    /// The line's name, for messages.
    func name(of index: Int) -> String
    /// The line as it is on disk, or as it is made up.
    func line(_ index: Int) throws -> (image: Image, text: String)
    /// What the line says, if that is known without its image.
    func text(of index: Int) throws -> String
    /// What the line is made of; see ``FeatureSource/ingredients(of:)``. Unless given, the line itself.
    func ingredients(of index: Int) throws -> [Ingredient]
}

extension LineSource {
    public func text(of index: Int) throws -> String { try line(index).text }

    public func ingredients(of index: Int) throws -> [Ingredient] {
        let (image, text) = try line(index)
        return [.text("\(image.width) \(image.height) \(image.channels) \(text)"), .content(ContentHash(image.pixels))]
    }
}

/// Lines that have a file each.
struct LineFiles: LineSource {
    /// One line: where its image is and what it says.
    struct Line {
        let name: String
        let imagePath: String
        let text: String
    }

    let lines: [Line]

    var count: Int { lines.count }
    func name(of index: Int) -> String { lines[index].name }

    func line(_ index: Int) throws -> (image: Image, text: String) {
        (try Image(contentsOf: lines[index].imagePath), lines[index].text)
    }

    func text(of index: Int) -> String { lines[index].text }

    func ingredients(of index: Int) -> [Ingredient] { [.file(lines[index].imagePath), .text(lines[index].text)] }
}
