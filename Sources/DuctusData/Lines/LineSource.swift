/// The source of the lines of a ``LineDataset``: images, dark on light, and their texts.
public protocol LineSource: Sendable {
    /// The number of lines; their indices start at 0.
    var count: Int { get }
    /// The name of a line in messages.
    func name(of index: Int) -> String
    /// A line as it is on disk, or as it is synthesized.
    func line(_ index: Int) throws -> (image: Image, text: String)
    /// The text of a line, without reading its image if possible.
    func text(of index: Int) throws -> String
    /// What a line depends on; see ``FeatureSource/ingredients(of:)``. By default, the line itself.
    func ingredients(of index: Int) throws -> [Ingredient]
}

extension LineSource {
    /// The text of a line, read with its image.
    public func text(of index: Int) throws -> String { try line(index).text }

    /// The image and the text of a line.
    public func ingredients(of index: Int) throws -> [Ingredient] {
        let (image, text) = try line(index)
        return [.text("\(image.width) \(image.height) \(image.channels) \(text)"), .content(ContentHash(image.pixels))]
    }
}

/// Lines with an image file each.
struct LineFiles: LineSource {
    /// The image file and the text of a line.
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
