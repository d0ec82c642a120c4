import CDuctusImages

extension ImageFile {
    /// Decodes a page, counted from 0, upright: turned as EXIF or the TIFF's orientation says.
    ///
    /// Gray pages give one channel; color and palette pages three. 16-bit samples are scaled to 8, CMYK becomes RGB,
    /// transparency is composited on white, and embedded color profiles are ignored.
    ///
    /// A page of more than `maximumPixels` is decoded at a half, a quarter or an eighth of its width and height
    /// (``DecodedImage/reduction``). Refused, before memory is taken for them, are those of more than
    /// ``ImageFile/maximumPixels`` or `maximumPixels`, whatever is more, and interlaced PNG and progressive JPEG, which
    /// cannot be reduced row by row, of more than `maximumPixels`.
    ///
    /// A JPEG that ends too early gives the rows that it has, white below them, and a warning; in other kinds that is an
    /// error, as all damage is.
    ///
    /// - Throws: ``ImageError``.
    public func page(
        _ index: Int, maximumPixels: Int = ImageFile.maximumKeptPixels
    ) throws(ImageError) -> DecodedImage {
        precondition(index >= 0 && index < pageCount, "\(name) has no page \(index) among its \(pageCount).")
        let name = name(ofPage: index)
        if let pdf { return try pdf.page(index, name: name, maximumPixels: maximumPixels) }

        let jpeg = kind == .jpeg ? JPEGSegments(bytes) : nil
        let codec = Codec(file: self, page: UInt32(index), count: jpeg?.end ?? bytes.count)
        var header = ductus_image_header()
        try Image.check(name) { codec.readHeader(&header, $0) }
        let size = try PageSize(
            width: Int(header.width), height: Int(header.height), isRowWise: header.is_row_wise != 0,
            maximumPixels: maximumPixels, name: name)
        // White, where rows are missing.
        var pixels = [UInt8](repeating: 255, count: size.keptWidth * size.keptHeight * Int(header.channels))
        let remark = try Image.check(name) { codec.decode(&header, UInt32(size.reduction), &pixels, $0) }
        let stored = Image(
            width: size.keptWidth, height: size.keptHeight, channels: Int(header.channels), pixels: pixels)

        let orientation = Orientation(rawValue: Int(header.orientation)) ?? Orientation(of: self, jpeg: jpeg) ?? .up
        let problem = !remark.isEmpty ? remark : jpeg?.hasEndMarker == false ? "the file has no end marker" : nil
        return DecodedImage(
            image: stored.turned(from: orientation),
            width: orientation.swapsAxes ? size.height : size.width,
            height: orientation.swapsAxes ? size.width : size.height,
            reduction: size.reduction,
            warnings: problem.map { ["\(name): \($0); it was read as far as it goes."] } ?? [])
    }

    static func countTIFFPages(_ bytes: [UInt8], name: String) throws(ImageError) -> Int {
        var count: UInt32 = 0
        try Image.check(name) { ductus_tiff_count_pages(bytes, bytes.count, &count, $0) }
        return Int(count)
    }

    /// The C functions for a page of a kind of file.
    private struct Codec {
        let file: ImageFile
        let page: UInt32
        /// The bytes that they see.
        let count: Int

        func readHeader(_ header: inout ductus_image_header, _ message: UnsafeMutablePointer<CChar>) -> CInt {
            switch file.kind {
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
            switch file.kind {
            case .png: ductus_png_decode(file.bytes, count, &header, reduction, &pixels, message)
            case .jpeg: ductus_jpeg_decode(file.bytes, count, &header, reduction, &pixels, message)
            case .webP: ductus_webp_decode(file.bytes, count, &header, reduction, &pixels, message)
            case .tiff, .pdf: ductus_tiff_decode(file.bytes, count, page, &header, reduction, &pixels, message)
            }
        }
    }
}
