#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A file format for pages: their lines with positions and texts.
///
/// ```swift
/// let page = try PageReader.pretrained().read(Image(contentsOf: "page.png"), name: "page.png")
/// print(try PageFormat.alto.render([page]))
/// ```
///
/// Other packages add formats of their own with `Registries.pageFormats.register(_:)`.
public struct PageFormat: Sendable {
    /// The name of the format in files and commands.
    public let name: String
    /// The name of the root element, if the format can be read.
    package let rootElement: String?
    private let write: @Sendable (_ pages: [Page], _ created: Date?) throws -> String
    private let read: (@Sendable (_ document: XMLElement, _ file: String) throws -> Page)?

    /// A format that can only be written.
    ///
    /// - Parameters:
    ///   - name: the name of the format in files and commands.
    ///   - write: gives the document for some pages, and the time of its creation if it is known.
    public init(_ name: String, write: @escaping @Sendable (_ pages: [Page], _ created: Date?) throws -> String) {
        (self.name, self.write, rootElement, read) = (name, write, nil, nil)
    }

    /// An XML format that can be written and read.
    init(
        _ name: String, rootElement: String,
        write: @escaping @Sendable (_ pages: [Page], _ created: Date?) throws -> String,
        read: @escaping @Sendable (_ document: XMLElement, _ file: String) throws -> Page
    ) {
        (self.name, self.rootElement, self.write, self.read) = (name, rootElement, write, read)
    }

    /// The document for `pages`, ending in a newline. The same pages always give the same document.
    ///
    /// ALTO and PAGE record when they were `created`. PAGE requires a time, by default the beginning of 1970.
    ///
    /// - Throws: ``PageFormatError`` if the format cannot hold that number of pages.
    public func render(_ pages: [Page], created: Date? = nil) throws -> String { try write(pages, created) }

    /// The page in an XML file; nil if the file has another format.
    /// - Throws: `FileError` with the line that is malformed.
    public func page(contentsOf path: String) throws -> Page? {
        guard let read else { return nil }
        let document = try XMLReader.element(contentsOf: path)
        return document.name == rootElement ? try read(document, path) : nil
    }

    /// Whether the format can be read.
    public var isReadable: Bool { read != nil }
}

extension Registries {
    /// The formats of pages.
    public static let pageFormats = Registry<PageFormat>(
        "page format", [.text, .json, .tsv, .hocr, .alto, .page]
    ) { $0.name }
}

extension PageFormat {
    /// Plain text, a line for each line; a form feed begins every page but the first.
    public static let text = PageFormat("text") { pages, _ in
        pages.map { $0.lines.map { $0.text + "\n" }.joined() }.joined(separator: "\u{0C}")
    }

    /// JSON: the object of a ``Page``, or an array of such objects for several pages. Unknown values are left out.
    ///
    /// ```json
    /// {"image": "a.png", "width": 1000, "height": 800, "lines": [{
    ///     "id": "l1", "text": "La mer", "confidence": 0.9, "box": [10, 20, 300, 40], "baseline": [[10, 55], [310,
    ///     55]], "polygon": [[10, 20], [310, 20], [310, 60]], "words": [{"text": "La", "confidence": 0.9, "box": [10,
    ///     20, 90, 40]}]}]}
    /// ```
    public static let json = PageFormat("json") { pages, _ in
        let encoder = JSONEncoder.sorted
        let data = try pages.count == 1 ? encoder.encode(pages[0]) : encoder.encode(pages)
        return String(decoding: data, as: UTF8.self) + "\n"
    }
}

/// A number of pages that a format cannot hold.
public enum PageFormatError: Error, Equatable, CustomStringConvertible, Sendable {
    /// ALTO and PAGE hold at least one page; the name of the format.
    case noPages(String)
    /// PAGE holds one page, but the pages of several images were given.
    case severalPages(String, images: [String])

    public var description: String {
        switch self {
        case .noPages(let format):
            "The format \(format) needs at least one page: give an image to read."
        case .severalPages(let format, let images):
            "The format \(format) holds one page for each document, but \(images.count) were given "
                + "(\(images.prefix(3).joined(separator: ", "))\(images.count > 3 ? ", …" : "")): "
                + "write one document for each image, or choose hocr or alto."
        }
    }
}

extension Double {
    /// The number rounded to four decimals.
    var rounded4: String { "\((self * 10_000).rounded() / 10_000)" }
}
