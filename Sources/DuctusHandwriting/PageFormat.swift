import DuctusModels

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The file formats in which the reading of pages can be written.
///
/// ```swift
/// let page = try ParagraphReader.pretrained().read(Image(contentsOf: "page.png"), name: "page.png")
/// print(try PageFormat.alto.render([page]))
/// ```
public enum PageFormat: String, CaseIterable, Sendable {
    /// The lines, each on a line of its own; a form feed begins every page but the first.
    case text

    /// `{"image", "width", "height", "lines": [{"text", "confidence", "box": [x, y, width, height]}]}`; an array of
    /// such objects for several pages.
    case json

    /// The twelve columns of Tesseract's tab-separated output, down to lines.
    case tsv

    /// hOCR 1.2, XHTML that browsers show and OCR tools read.
    case hocr

    /// ALTO 4, the format of libraries.
    case alto

    /// PAGE XML 2019-07-15, the format of OCR-D, Transkribus and eScriptorium. One page for each document.
    case page

    /// The document for `pages`, ending in a newline. The same pages always give the same document.
    ///
    /// ALTO and PAGE record when they were `created`. PAGE demands it and gets the beginning of 1970 where no time is
    /// given.
    ///
    /// - Throws: ``PageFormatError`` if the format cannot hold that number of pages.
    public func render(_ pages: [PageReading], created: Date? = nil) throws -> String {
        switch self {
        case .text: pages.map { $0.lines.map { $0.text + "\n" }.joined() }.joined(separator: "\u{0C}")
        case .json: try json(pages)
        case .tsv: tsv(pages)
        case .hocr: hocr(pages)
        case .alto: try alto(pages, created: created)
        case .page: try pageXML(pages, created: created)
        }
    }

    private func json(_ pages: [PageReading]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let data = try pages.count == 1 ? encoder.encode(pages[0]) : encoder.encode(pages)
        return String(decoding: data, as: UTF8.self) + "\n"
    }
}

/// A number of pages that a format cannot hold.
public enum PageFormatError: Error, Equatable, CustomStringConvertible, Sendable {
    /// ALTO and PAGE cannot be empty.
    case noPages(PageFormat)
    /// PAGE is about one image; these were given.
    case severalPages(PageFormat, images: [String])

    public var description: String {
        switch self {
        case .noPages(let format):
            "The format \(format.rawValue) needs at least one page: give an image to read."
        case .severalPages(let format, let images):
            "The format \(format.rawValue) holds one page for each document, but \(images.count) were given "
                + "(\(images.prefix(3).joined(separator: ", "))\(images.count > 3 ? ", …" : "")): "
                + "write one document for each image, or choose hocr or alto."
        }
    }
}

extension PageReading {
    /// The box around all lines; `nil` on an empty page.
    var linesBox: Box? {
        lines.dropFirst().reduce(lines.first?.box) { $0?.union($1.box) }
    }
}

extension Double {
    /// The number with at most four decimals.
    var rounded4: String { "\((self * 10_000).rounded() / 10_000)" }
}
