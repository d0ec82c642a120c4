#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A file format for pages: their lines, and what they say.
///
/// ```swift
/// let page = try PageReader.pretrained().read(Image(contentsOf: "page.png"), name: "page.png")
/// print(try PageFormat.alto.render([page]))
/// ```
///
/// Another package adds a format of its own with `Registries.pageFormats.register(_:)`.
public struct PageFormat: Sendable {
    /// What files and commands call the format.
    public let name: String
    /// The name of the outermost element, of formats that can be read.
    package let rootElement: String?
    private let write: @Sendable (_ pages: [Page], _ created: Date?) throws -> String
    private let read: (@Sendable (_ document: XMLElement, _ file: String) throws -> Page)?

    /// A format that is written only.
    ///
    /// - Parameters:
    ///   - name: what files and commands call the format.
    ///   - write: makes the document for some pages, with the time of its creation where one is given.
    public init(_ name: String, write: @escaping @Sendable (_ pages: [Page], _ created: Date?) throws -> String) {
        (self.name, self.write, rootElement, read) = (name, write, nil, nil)
    }

    /// A format in XML that is written and read.
    init(
        _ name: String, rootElement: String,
        write: @escaping @Sendable (_ pages: [Page], _ created: Date?) throws -> String,
        read: @escaping @Sendable (_ document: XMLElement, _ file: String) throws -> Page
    ) {
        (self.name, self.rootElement, self.write, self.read) = (name, rootElement, write, read)
    }

    /// The document for `pages`, ending in a newline. The same pages always give the same document.
    ///
    /// ALTO and PAGE record when they were `created`. PAGE demands it and gets the beginning of 1970 where no time is
    /// given.
    ///
    /// - Throws: ``PageFormatError`` if the format cannot hold that number of pages.
    public func render(_ pages: [Page], created: Date? = nil) throws -> String { try write(pages, created) }

    /// The page that an XML file describes; nil if the file is of another format.
    /// - Throws: `FileError` with the line of what is malformed.
    public func page(contentsOf path: String) throws -> Page? {
        guard let read else { return nil }
        let document = try XMLReader.element(contentsOf: path)
        return document.name == rootElement ? try read(document, path) : nil
    }

    /// Whether files of this format can be read.
    public var isReadable: Bool { read != nil }
}

extension Registries {
    /// The formats in which pages can be written, and some of which can be read.
    public static let pageFormats = Registry<PageFormat>(
        "page format", [.text, .json, .tsv, .hocr, .alto, .page]
    ) { $0.name }
}

extension PageFormat {
    /// The lines, each on a line of its own; a form feed begins every page but the first.
    public static let text = PageFormat("text") { pages, _ in
        pages.map { $0.lines.map { $0.text + "\n" }.joined() }.joined(separator: "\u{0C}")
    }

    /// `{"image", "width", "height", "lines": [{"text", "confidence", "box": [x, y, width, height]}]}`; an array of
    /// such objects for several pages.
    public static let json = PageFormat("json") { pages, _ in
        let encoder = JSONEncoder.sorted
        let data = try pages.count == 1 ? encoder.encode(pages[0]) : encoder.encode(pages)
        return String(decoding: data, as: UTF8.self) + "\n"
    }
}

/// A number of pages that a format cannot hold.
public enum PageFormatError: Error, Equatable, CustomStringConvertible, Sendable {
    /// ALTO and PAGE cannot be empty; the name of the format.
    case noPages(String)
    /// PAGE is about one image; these were given.
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
    /// The number with at most four decimals.
    var rounded4: String { "\((self * 10_000).rounded() / 10_000)" }
}
