import CDuctusImages

extension Image {
    /// Reads a PNG, JPEG, TIFF, WebP or PDF file; of several pages, the first.
    ///
    /// The pixels are those of ``ImageFile/page(_:maximumPixels:)``. Its warnings, and that an image was reduced because
    /// it has more than `maximumPixels`, are written to standard error; use ``ImageFile`` to handle them.
    ///
    /// - Throws: ``ImageError``.
    public init(contentsOf path: String, maximumPixels: Int = ImageFile.maximumDecodedPixels) throws(ImageError) {
        try self.init(page: 0, of: ImageFile(contentsOf: path), maximumPixels: maximumPixels)
    }

    /// Decodes the bytes of an image file, as ``init(contentsOf:maximumPixels:)`` does those of a file. `name` is the
    /// name of the image in errors.
    public init(
        decoding bytes: [UInt8], name: String, maximumPixels: Int = ImageFile.maximumDecodedPixels
    ) throws(ImageError) {
        try self.init(page: 0, of: ImageFile(decoding: bytes, name: name), maximumPixels: maximumPixels)
    }

    /// A page of a file, counted from 0. Warnings, and that it was reduced, are written to standard error.
    package init(
        page index: Int, of file: ImageFile, maximumPixels: Int = ImageFile.maximumDecodedPixels
    ) throws(ImageError) {
        let page = try file.page(index, maximumPixels: maximumPixels)
        for warning in page.warnings { report(warning) }
        if page.reduction > 1 {
            report(
                """
                \(file.name): \(page.width) × \(page.height) pixels are more than \(maximumPixels); the image was \
                decoded at 1/\(page.reduction) of its width and height.
                """)
        }
        self = page.image
    }

    /// Runs a C function, turns its status and message into an error, and returns the message of a success.
    @discardableResult
    static func check(
        _ name: String, _ body: (UnsafeMutablePointer<CChar>) -> CInt
    ) throws(ImageError) -> String {
        var message = [CChar](repeating: 0, count: Int(DUCTUS_IMAGE_MESSAGE_SIZE))
        let status = message.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map(body) ?? CInt(DUCTUS_IMAGE_OUT_OF_MEMORY)
        }
        let text = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        switch Int(status) {
        case Int(DUCTUS_IMAGE_OK): return text
        case Int(DUCTUS_IMAGE_UNSUPPORTED): throw .unsupported(file: name, reason: text)
        case Int(DUCTUS_IMAGE_OUT_OF_MEMORY): throw .inaccessible(file: name, reason: text)
        default: throw .corrupt(file: name, reason: text)
        }
    }
}
