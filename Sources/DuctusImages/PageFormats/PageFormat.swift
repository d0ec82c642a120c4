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
    /// The extension of files in the format, without a dot.
    public let fileExtension: String
    /// The number of pages that a document can hold; any number if nil.
    public let maximumPages: Int?
    /// Whether a document names the images of its pages, as seen from the directory of the document.
    public let linksToImages: Bool
    /// The name of the root element, if the format can be read.
    package let rootElement: String?
    private let writer: Writer
    private let read: (@Sendable (_ document: XMLElement, _ file: String) throws(FileError) -> PageDocument)?

    /// What writes a document.
    private enum Writer: Sendable {
        case text(@Sendable (_ pages: [Page], _ created: Date?) throws -> String)
        case withImages(
            @Sendable (_ pages: [(page: Page, image: EncodedImage)], _ created: Date?) throws -> [UInt8])
    }

    /// A format that can only be written.
    ///
    /// - Parameters:
    ///   - name: the name of the format in files and commands.
    ///   - fileExtension: the extension of files in the format; by default, its name.
    ///   - linksToImages: whether a document names the images of its pages, as seen from the directory of the document.
    ///   - write: gives the document for some pages, and the time of its creation if it is known.
    public init(
        _ name: String, fileExtension: String? = nil, linksToImages: Bool = false,
        write: @escaping @Sendable (_ pages: [Page], _ created: Date?) throws -> String
    ) {
        (self.name, self.fileExtension, self.linksToImages) = (name, fileExtension ?? name, linksToImages)
        (maximumPages, rootElement, writer, read) = (nil, nil, .text(write), nil)
    }

    /// An XML format that can be written and read.
    init(
        _ name: String, rootElement: String, maximumPages: Int? = nil,
        write: @escaping @Sendable (_ pages: [Page], _ created: Date?) throws -> String,
        read: @escaping @Sendable (_ document: XMLElement, _ file: String) throws(FileError) -> PageDocument
    ) {
        (self.name, fileExtension, linksToImages) = (name, "xml", true)
        (self.rootElement, self.maximumPages, self.writer, self.read) = (rootElement, maximumPages, .text(write), read)
    }

    /// A format whose documents have the images in them.
    init(
        _ name: String,
        writeWithImages:
            @escaping @Sendable (_ pages: [(page: Page, image: EncodedImage)], _ created: Date?) throws ->
            [UInt8]
    ) {
        (self.name, fileExtension, linksToImages) = (name, name, false)
        (maximumPages, rootElement, writer, read) = (nil, nil, .withImages(writeWithImages), nil)
    }

    /// Whether documents have the images of their pages in them.
    public var embedsImages: Bool { if case .withImages = writer { true } else { false } }

    /// The document for `pages`, ending in a newline. The same pages always give the same document.
    ///
    /// ALTO and PAGE record when they were `created`. PAGE requires a time, by default the beginning of 1970.
    ///
    /// - Throws: ``PageFormatError`` if the format cannot hold that number of pages, or is not a text format.
    public func render(_ pages: [Page], created: Date? = nil) throws -> String {
        guard case .text(let write) = writer else { throw PageFormatError.needsImages(name) }
        try checkCount(pages)
        return try write(pages, created)
    }

    /// The bytes of the document for pages and their images.
    ///
    /// - Parameters:
    ///   - pages: the pages.
    ///   - images: the image of each page; only needed if the format ``embedsImages``.
    ///   - created: the time of the document's creation, if it is to be recorded.
    /// - Throws: ``PageFormatError`` if the format cannot hold that number of pages, or images are missing.
    public func document(_ pages: [Page], images: [EncodedImage] = [], created: Date? = nil) throws -> [UInt8] {
        switch writer {
        case .text: return Array(try render(pages, created: created).utf8)
        case .withImages(let write):
            guard images.count == pages.count else { throw PageFormatError.needsImages(name) }
            try checkCount(pages)
            return try write(zip(pages, images).map { ($0, $1) }, created)
        }
    }

    private func checkCount(_ pages: [Page]) throws(PageFormatError) {
        if pages.isEmpty, rootElement != nil || embedsImages { throw .noPages(name) }
        if let maximumPages, pages.count > maximumPages { throw .severalPages(name, images: pages.map(\.image)) }
    }

    /// The pages in an XML file; nil if the file has another format.
    ///
    /// What is malformed costs only itself: a line, or the words or the baseline of a line. See
    /// ``PageDocument/problems``.
    ///
    /// - Throws: `FileError` if the file is not XML, has no pages, or has lengths in other units than pixels.
    public func pages(contentsOf path: String) throws(FileError) -> PageDocument? {
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
        "page format", [.text, .json, .tsv, .hocr, .alto, .page, .pdf]
    ) { $0.name }
}

extension PageFormat {
    /// Plain text, a line for each line; a form feed begins every page but the first.
    public static let text = PageFormat("text", fileExtension: "txt") { pages, _ in
        pages.map { $0.lines.map { $0.text + "\n" }.joined() }.joined(separator: "\u{0C}")
    }

    /// JSON: the object of a ``Page`` on a line of its own for each page. Unknown values are left out.
    ///
    /// ```json
    /// {"image": "a.png", "width": 1000, "height": 800, "lines": [{
    ///     "id": "l1", "text": "La mer", "confidence": 0.9, "box": [10, 20, 300, 40], "baseline": [[10, 55], [310,
    ///     55]], "polygon": [[10, 20], [310, 20], [310, 60]], "words": [{"text": "La", "confidence": 0.9, "box": [10,
    ///     20, 90, 40]}]}]}
    /// ```
    public static let json = PageFormat("json") { pages, _ in
        let encoder = JSONEncoder.sorted
        return try pages.map { String(decoding: try encoder.encode($0), as: UTF8.self) + "\n" }.joined()
    }
}

extension Double {
    /// The number rounded to four decimals.
    var rounded4: String { "\((self * 10_000).rounded() / 10_000)" }
}
