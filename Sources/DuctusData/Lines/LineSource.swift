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
    /// The page of a line, if it is known: lines of a page are not independent of each other.
    func page(of index: Int) -> String?
    /// Who wrote a line, if it is known.
    func writer(of index: Int) -> String?
    /// What a line depends on; see ``FeatureSource/ingredients(of:)``. By default, the line itself.
    func ingredients(of index: Int) throws -> [Ingredient]
}

extension LineSource {
    /// The text of a line, read with its image.
    public func text(of index: Int) throws -> String { try line(index).text }

    /// The page, which is not known.
    public func page(of index: Int) -> String? { nil }

    /// The writer, who is not known.
    public func writer(of index: Int) -> String? { nil }

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
        var page: String?
        var writer: String?
    }

    let lines: [Line]

    /// The lines that have an image, and the number of the others, which are reported.
    /// - Throws: ``DatasetError`` if no line has an image.
    static func present(
        _ lines: [Line], remedy: String
    ) throws(DatasetError) -> (lines: any LineSource, missingImages: Int) {
        let present = lines.filter { File.exists($0.imagePath) }
        let missing = lines.filter { !File.exists($0.imagePath) }
        if present.isEmpty, let first = missing.first { throw .missing(file: first.imagePath, remedy: remedy) }
        reportLeftOut(
            missing.map { "line \($0.name), as its image \($0.imagePath) does not exist." }, "lines without an image")
        return (LineFiles(lines: present), missing.count)
    }

    var count: Int { lines.count }
    func name(of index: Int) -> String { lines[index].name }

    func line(_ index: Int) throws -> (image: Image, text: String) {
        (try Image(contentsOf: lines[index].imagePath), lines[index].text)
    }

    func text(of index: Int) -> String { lines[index].text }
    func page(of index: Int) -> String? { lines[index].page }
    func writer(of index: Int) -> String? { lines[index].writer }

    func ingredients(of index: Int) -> [Ingredient] { [.file(lines[index].imagePath), .text(lines[index].text)] }
}
