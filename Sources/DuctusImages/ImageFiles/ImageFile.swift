/// A file with an image, or with several: the pages of a scan.
///
/// ```swift
/// let scan = try ImageFile(contentsOf: "scan.tif")
/// for index in 0..<scan.pageCount { try scan.page(index).image.writePNG(to: "page-\(index + 1).png") }
/// ```
///
/// What it is, its first bytes say and not its name: PNG, JPEG, WebP, TIFF or PDF. A TIFF or a PDF may have several
/// pages. Those of a PDF are drawn by the program `pdftoppm` of poppler, if that is installed, at
/// ``ImageFile/pdfResolution``.
public struct ImageFile: Sendable {
    /// The largest page that is decoded, in pixels of the file, unless the caller asks for more to be kept.
    public static let maximumPixels = 120_000_000
    /// The pixels of a page that are kept in memory unless the caller says otherwise.
    public static let maximumKeptPixels = 64_000_000
    /// Pixels per inch of the pages of a PDF.
    public static let pdfResolution = 300

    /// What errors and warnings call the file: its path.
    public let name: String
    /// How many pages the file has, at least one.
    public let pageCount: Int

    let bytes: [UInt8]
    let kind: ImageFileKind
    let pdf: PDFDocument?

    /// Reads a file and counts its pages.
    ///
    /// - Throws: ``ImageError``. Damage to a page is found when that page is decoded.
    public init(contentsOf path: String) throws(ImageError) {
        let bytes: [UInt8]
        do {
            // No sound image of an allowed size is larger: eight bytes per pixel, and room for its metadata.
            bytes = try File.readBytes(path, maximumBytes: 8 * Self.maximumPixels + (64 << 20))
        } catch {
            throw error.reason == .missing
                ? .missing(file: path) : .inaccessible(file: path, reason: error.reason.description)
        }
        try self.init(decoding: bytes, name: path)
    }

    /// Takes the bytes of a file, as ``init(contentsOf:)`` does. Errors call the file `name`.
    public init(decoding bytes: [UInt8], name: String) throws(ImageError) {
        guard !bytes.isEmpty else { throw .empty(file: name) }
        guard let kind = ImageFileKind(sniffing: bytes) else { throw .notAnImage(file: name) }
        self.name = name
        self.bytes = bytes
        self.kind = kind
        pdf = kind == .pdf ? try PDFDocument(bytes, name: name) : nil
        pageCount = try kind == .tiff ? Self.countTIFFPages(bytes, name: name) : pdf?.pageSizes.count ?? 1
    }

    /// What errors and warnings call a page, counted from 0: `photo.jpg`; `scan.tif[2]` is the second of several.
    public func name(ofPage index: Int) -> String {
        pageCount == 1 ? name : "\(name)[\(index + 1)]"
    }
}
