import CDuctusImages

extension ImageFile {
    /// Decodes a page.
    ///
    /// Gray pages give one channel; color and palette pages three. The image is upright: it is rotated and mirrored
    /// by the orientation in the EXIF block or in the TIFF. 16-bit samples are scaled to 8, CMYK is converted to RGB,
    /// transparency is composited on white, and embedded color profiles are ignored.
    ///
    /// A page of more than `maximumPixels` is decoded at 1/2, 1/4 or 1/8 of its width and height. It is refused by its
    /// header, before memory is allocated for it, if it has more than ``ImageFile/maximumPagePixels`` as well, or if it
    /// can only be decoded as a whole: an interlaced PNG, a progressive JPEG, some TIFF files with a single strip.
    ///
    /// A truncated JPEG gives the rows that are there, white below them, and a warning. Other truncated files are
    /// errors.
    ///
    /// - Parameters:
    ///   - index: The page, counted from 0.
    ///   - maximumPixels: The largest number of pixels of the decoded image.
    /// - Throws: ``ImageError``.
    public func page(
        _ index: Int, maximumPixels: Int = ImageFile.maximumDecodedPixels
    ) throws(ImageError) -> DecodedImage {
        precondition(index >= 0 && index < pageCount, "\(name) has no page \(index) among its \(pageCount).")
        let name = name(ofPage: index)
        if let pdf { return try pdf.page(index, name: name, maximumPixels: maximumPixels) }

        let jpeg = format == .jpeg ? JPEGSegments(bytes) : nil
        let codec = Codec(file: self, page: UInt32(index), count: jpeg?.end ?? bytes.count)
        var header = ductus_image_header()
        try Image.check(name) { codec.readHeader(&header, $0) }
        let size = try PageSize(
            width: Int(header.width), height: Int(header.height), isRowWise: header.is_row_wise != 0,
            maximumPixels: maximumPixels, name: name)
        // Missing rows are white.
        var pixels = [UInt8](repeating: 255, count: size.decodedWidth * size.decodedHeight * Int(header.channels))
        let warning = try Image.check(name) { codec.decode(&header, UInt32(size.reduction), &pixels, $0) }
        let stored = Image(
            width: size.decodedWidth, height: size.decodedHeight, channels: Int(header.channels), pixels: pixels)

        let orientation = Orientation(rawValue: Int(header.orientation)) ?? Orientation(of: self, jpeg: jpeg) ?? .up
        let problem = !warning.isEmpty ? warning : jpeg?.hasEndMarker == false ? "the file has no end marker" : nil
        return DecodedImage(
            image: stored.upright(from: orientation),
            width: orientation.swapsAxes ? size.height : size.width,
            height: orientation.swapsAxes ? size.width : size.height,
            reduction: size.reduction,
            warnings: problem.map { ["\(name): \($0); it was decoded as far as possible."] } ?? [],
            jpeg: problem == nil && size.reduction == 1 && orientation == .up && jpeg?.components == stored.channels
                ? bytes : nil)
    }

    static func countTIFFPages(_ bytes: [UInt8], name: String) throws(ImageError) -> Int {
        var count: UInt32 = 0
        try Image.check(name) { ductus_tiff_count_pages(bytes, bytes.count, &count, $0) }
        return Int(count)
    }

    /// The C functions for a page.
    private struct Codec {
        let file: ImageFile
        let page: UInt32
        /// The number of bytes that are decoded.
        let count: Int

        func readHeader(_ header: inout ductus_image_header, _ message: UnsafeMutablePointer<CChar>) -> CInt {
            switch file.format {
            case .png: ductus_png_read_header(file.bytes, count, &header, message)
            case .jpeg: ductus_jpeg_read_header(file.bytes, count, &header, message)
            case .webP: ductus_webp_read_header(file.bytes, count, &header, message)
            case .tiff, .pdf: ductus_tiff_read_header(file.bytes, count, page, &header, message)
            }
        }

        func decode(
            _ header: inout ductus_image_header, _ reduction: UInt32, _ pixels: inout [UInt8],
            _ message: UnsafeMutablePointer<CChar>
        ) -> CInt {
            switch file.format {
            case .png: ductus_png_decode(file.bytes, count, &header, reduction, &pixels, message)
            case .jpeg: ductus_jpeg_decode(file.bytes, count, &header, reduction, &pixels, message)
            case .webP: ductus_webp_decode(file.bytes, count, &header, reduction, &pixels, message)
            case .tiff, .pdf: ductus_tiff_decode(file.bytes, count, page, &header, reduction, &pixels, message)
            }
        }
    }
}
