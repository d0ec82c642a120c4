/// An image file with one page or several.
///
/// ```swift
/// let scan = try ImageFile(contentsOf: "scan.tif")
/// for index in 0..<scan.pageCount { try scan.page(index).image.writePNG(to: "page-\(index + 1).png") }
/// ```
///
/// The format is PNG, JPEG, TIFF, WebP or PDF; it is detected from the first bytes, whatever the name. A TIFF or a PDF
/// may have several pages. Pages of a PDF are rendered at ``pdfResolution`` by the program `pdftoppm` of poppler, which
/// must be installed.
public struct ImageFile: Sendable {
    /// The number of pixels of a page up to which it is decoded.
    public static let maximumPagePixels = 120_000_000
    /// The number of pixels of a decoded page, by default. Larger pages are reduced.
    public static let maximumDecodedPixels = 64_000_000
    /// The resolution of the pages of a PDF, in pixels per inch.
    public static let pdfResolution = 300

    /// The name of the file in errors and warnings: its path.
    public let name: String
    /// The number of pages, at least 1.
    public let pageCount: Int

    let bytes: [UInt8]
    let format: ImageFileFormat
    let pdf: PDFDocument?

    /// Reads a file and counts its pages.
    ///
    /// - Throws: ``ImageError``. A damaged page is an error when it is decoded.
    public init(contentsOf path: String) throws(ImageError) {
        let bytes: [UInt8]
        do {
            // No valid page of an allowed size is larger: eight bytes per pixel, and room for its metadata.
            bytes = try File.readBytes(path, maximumBytes: 8 * Self.maximumPagePixels + (64 << 20))
        } catch {
            throw error.reason == .missing
                ? .missing(file: path) : .inaccessible(file: path, reason: error.reason.description)
        }
        try self.init(decoding: bytes, name: path)
    }

    /// Counts the pages in the bytes of a file. `name` is the name of the file in errors.
    public init(decoding bytes: [UInt8], name: String) throws(ImageError) {
        guard !bytes.isEmpty else { throw .empty(file: name) }
        guard let format = ImageFileFormat(detecting: bytes) else { throw .notAnImage(file: name) }
        self.name = name
        self.bytes = bytes
        self.format = format
        pdf = format == .pdf ? try PDFDocument(bytes, name: name) : nil
        pageCount = try format == .tiff ? Self.countTIFFPages(bytes, name: name) : pdf?.pageSizes.count ?? 1
    }

    /// The name of a page, counted from 0, in errors and warnings: `photo.jpg`, or `scan.tif[2]` for the second page of
    /// several.
    public func name(ofPage index: Int) -> String {
        pageCount == 1 ? name : "\(name)[\(index + 1)]"
    }
}
