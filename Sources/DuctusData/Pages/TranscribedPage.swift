/// A page with known lines and texts, and the file of its image.
public struct TranscribedPage: Sendable {
    /// The name of the page in messages.
    public let name: String
    /// The path of the image, whether it exists or not.
    public let imagePath: String
    /// The lines and texts.
    public let page: Page

    /// A page and its image.
    ///
    /// - Parameters:
    ///   - name: the name of the page in messages.
    ///   - imagePath: the path of the image, whether it exists or not.
    ///   - page: the lines and texts.
    public init(name: String, imagePath: String, page: Page) {
        (self.name, self.imagePath, self.page) = (name, imagePath, page)
    }

    /// The lines in the order of their file.
    public var lines: [Page.Line] { page.lines }

    /// Whether the image of the page exists.
    public var hasImage: Bool { File.exists(imagePath) }

    /// Reads the image of the page.
    ///
    /// - Throws: `ImageError`; ``DatasetError`` if it does not have the size of the page.
    public func image() throws -> Image {
        let image = try Image(contentsOf: imagePath)
        if let width = page.width, let height = page.height, (width, height) != (image.width, image.height) {
            throw DatasetError.otherSize(
                file: name, width: width, height: height, imageWidth: image.width, imageHeight: image.height)
        }
        return image
    }
}

extension IAMForm {
    /// The form as a page.
    public var page: TranscribedPage {
        let lines = lines.map { Page.Line(id: $0.id, text: $0.text, box: $0.box) }
        return TranscribedPage(name: id, imagePath: imagePath, page: Page(image: imagePath, lines: lines))
    }
}
