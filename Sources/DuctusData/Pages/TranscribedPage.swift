/// A page with known lines and texts, and the file of its image.
public struct TranscribedPage: Sendable {
    /// The name of the page in messages.
    public let name: String
    /// The path of the image, whether it exists or not.
    public let imagePath: String
    /// The page of the image file, counted from 0.
    public let imagePage: Int
    /// Who wrote the page, if it is known.
    public let writer: String?
    /// The lines and texts.
    public let page: Page

    /// A page and its image.
    ///
    /// - Parameters:
    ///   - name: the name of the page in messages.
    ///   - imagePath: the path of the image, whether it exists or not.
    ///   - imagePage: the page of the image file, counted from 0.
    ///   - writer: who wrote the page, if it is known.
    ///   - page: the lines and texts.
    public init(name: String, imagePath: String, imagePage: Int = 0, writer: String? = nil, page: Page) {
        (self.name, self.imagePath, self.imagePage) = (name, imagePath, imagePage)
        (self.writer, self.page) = (writer, page)
    }

    /// The lines in the order of their file.
    public var lines: [Page.Line] { page.lines }

    /// Whether the image of the page exists.
    public var hasImage: Bool { File.exists(imagePath) }

    /// Reads the image of the page.
    ///
    /// - Throws: `ImageError`; ``DatasetError`` if it does not have the proportions of the page.
    public func image() throws -> Image {
        let file = try ImageFile(contentsOf: imagePath)
        guard imagePage < file.pageCount else {
            throw ImageError.missing(file: "\(imagePath)[\(imagePage + 1)]")
        }
        let image = try Image(page: imagePage, of: file)
        if let width = page.width, let height = page.height,
            !Self.isScaled(from: (width, height), to: (image.width, image.height))
        {
            throw DatasetError.otherSize(
                file: name, width: width, height: height, imageWidth: image.width, imageHeight: image.height)
        }
        return image
    }

    /// The page in pixels of its image, which may be another scan of it, at another resolution.
    public func page(on image: Image) -> Page { page.fitted(to: image) }

    /// The lines in pixels of the image of the page.
    public func lines(on image: Image) -> [Page.Line] { page(on: image).lines }

    /// Whether one size is that of the other at another resolution, but for rounding.
    private static func isScaled(
        from one: (width: Int, height: Int), to other: (width: Int, height: Int)
    ) -> Bool {
        func factors(_ length: Int, _ scaled: Int) -> ClosedRange<Double> {
            Double(scaled - 1) / Double(max(length, 1))...Double(scaled + 1) / Double(max(length, 1))
        }
        return factors(one.width, other.width).overlaps(factors(one.height, other.height))
            || factors(other.width, one.width).overlaps(factors(other.height, one.height))
    }
}

extension IAMForm {
    /// The form as a page.
    public var page: TranscribedPage {
        let lines = lines.map { Page.Line(id: $0.id, text: $0.text, box: $0.box) }
        return TranscribedPage(
            name: id, imagePath: imagePath, writer: writer, page: Page(image: imagePath, lines: lines))
    }
}
