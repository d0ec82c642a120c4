/// A page of an ``ImageFile``, and what became of it on its way into memory.
public struct DecodedImage: Sendable {
    /// The page, as a viewer shows it.
    public let image: Image
    /// Columns of the page in the file, or of a PDF's page at ``ImageFile/pdfResolution``, as a viewer shows it.
    public let width: Int
    /// Rows of the page in the file.
    public let height: Int
    /// How many columns, and rows, of the page became one of the image: 1, or 2, 4 or 8 for a page too large to be kept.
    /// The place (x, y) of the image is (`reduction` · x, `reduction` · y) of the page.
    public let reduction: Int
    /// Sentences about what the image lacks, such as the end of a photograph that was not copied to its end.
    public let warnings: [String]
}
