/// A page whose lines, and what they say, are known, with the file of its image.
public struct TranscribedPage: Sendable {
    /// What messages call the page.
    public let name: String
    /// Where the image of the page is, or would be.
    public let imagePath: String
    /// What is known about the page.
    public let page: Page

    /// - Parameters:
    ///   - name: what messages call the page.
    ///   - imagePath: where the image of the page is, or would be.
    ///   - page: what is known about the page.
    public init(name: String, imagePath: String, page: Page) {
        (self.name, self.imagePath, self.page) = (name, imagePath, page)
    }

    /// The lines in the order of their file.
    public var lines: [Page.Line] { page.lines }

    /// Whether the image of the page is there.
    public var hasImage: Bool { File.exists(imagePath) }

    /// Reads the image of the page.
    ///
    /// - Throws: ``ImageError``; ``DatasetError`` if it has another size than the places of the lines are given for.
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
    /// The form as any other page.
    public var page: TranscribedPage {
        let lines = lines.map { Page.Line(id: $0.id, text: $0.text, box: $0.box) }
        return TranscribedPage(name: id, imagePath: imagePath, page: Page(image: imagePath, lines: lines))
    }
}
