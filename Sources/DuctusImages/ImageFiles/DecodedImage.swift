/// A decoded page of an ``ImageFile``.
public struct DecodedImage: Sendable {
    /// The pixels, upright.
    public let image: Image
    /// The width of the upright page before it was reduced, in pixels.
    public let width: Int
    /// The height of the upright page before it was reduced, in pixels.
    public let height: Int
    /// 1, or 2, 4 or 8 if the page was too large: the pixel at (x, y) of ``image`` is the mean of the pixels of the
    /// page from (reduction · x, reduction · y) on.
    public let reduction: Int
    /// Sentences about what is missing, such as the lower part of a truncated photograph.
    public let warnings: [String]
    /// The bytes of the file, if it is a JPEG in gray or YCbCr that is shown as it is stored.
    let jpeg: [UInt8]?
}

extension DecodedImage {
    /// An image that came as pixels instead of in a file.
    package init(_ image: Image) {
        self.init(image: image, width: image.width, height: image.height, reduction: 1, warnings: [], jpeg: nil)
    }
}
