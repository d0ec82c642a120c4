/// Pages that a format cannot hold.
public enum PageFormatError: Error, Equatable, CustomStringConvertible, Sendable {
    /// ALTO, PAGE and PDF hold at least one page; the name of the format.
    case noPages(String)
    /// PAGE holds one page, but the pages of several images were given.
    case severalPages(String, images: [String])
    /// The format embeds the images of its pages, which were not given.
    case needsImages(String)

    public var description: String {
        switch self {
        case .noPages(let format):
            "The format \(format) needs at least one page: give an image to read."
        case .severalPages(let format, let images):
            "The format \(format) holds one page for each document, but \(images.count) were given "
                + "(\(images.prefix(3).joined(separator: ", "))\(images.count > 3 ? ", …" : "")): "
                + "write one document for each image, or choose hocr or alto."
        case .needsImages(let format):
            "The format \(format) embeds the image of every page: give one image for each page."
        }
    }
}
