import CDuctusImages

extension Image {
    /// Reads a PNG or JPEG file.
    ///
    /// Gray files give one channel; color and palette files three. 16-bit samples are scaled to 8, transparency is
    /// composited on white, embedded color profiles and the EXIF orientation are ignored: a photograph taken
    /// sideways stays sideways. An image of more than `maximumPixels` is refused by its header, before memory is
    /// allocated for it.
    ///
    /// - Throws: ``ImageError``, also for truncated files, which many decoders fill with gray.
    public init(contentsOf path: String, maximumPixels: Int = 64_000_000) throws(ImageError) {
        let bytes: [UInt8]
        do {
            // No valid file of an allowed size is larger: eight bytes per pixel, and room for its metadata.
            let bound = 8 * min(maximumPixels, 1 << 40) + (64 << 20)
            bytes = try File.readBytes(path, maximumBytes: bound)
        } catch {
            throw error.reason == .missing
                ? .missing(file: path) : .inaccessible(file: path, reason: error.reason.description)
        }
        try self.init(decoding: bytes, name: path, maximumPixels: maximumPixels)
    }

    /// Decodes the bytes of a PNG or JPEG, as ``init(contentsOf:maximumPixels:)`` does those of a file. `name` is the
    /// name of the image in errors.
    public init(decoding bytes: [UInt8], name: String, maximumPixels: Int = 64_000_000) throws(ImageError) {
        guard !bytes.isEmpty else { throw .empty(file: name) }
        guard let codec = Codec(sniffing: bytes) else { throw .notAnImage(file: name) }

        var header = ductus_image_header()
        try Self.check(name) { message in
            switch codec {
            case .png: ductus_png_read_header(bytes, bytes.count, &header, message)
            case .jpeg: ductus_jpeg_read_header(bytes, bytes.count, &header, message)
            }
        }
        let (width, height, channels) = (Int(header.width), Int(header.height), Int(header.channels))
        guard width * height <= maximumPixels else {
            throw .tooLarge(file: name, width: width, height: height, maximumPixels: maximumPixels)
        }

        var pixels = [UInt8](repeating: 0, count: width * height * channels)
        try Self.check(name) { message in
            switch codec {
            case .png: ductus_png_decode(bytes, bytes.count, &header, &pixels, message)
            case .jpeg: ductus_jpeg_decode(bytes, bytes.count, &header, &pixels, message)
            }
        }
        self.init(width: width, height: height, channels: channels, pixels: pixels)
    }

    private enum Codec {
        case png, jpeg

        /// The codec of the first bytes; a file that is cut within its signature still counts as that kind.
        init?(sniffing bytes: [UInt8]) {
            let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
            let jpeg: [UInt8] = [0xFF, 0xD8, 0xFF]
            if bytes.starts(with: png) || png.starts(with: bytes) {
                self = .png
            } else if bytes.starts(with: jpeg) || jpeg.starts(with: bytes) {
                self = .jpeg
            } else {
                return nil
            }
        }
    }

    /// Runs a C function and turns its status and message into an error.
    static func check(
        _ name: String, _ body: (UnsafeMutablePointer<CChar>) -> CInt
    ) throws(ImageError) {
        var message = [CChar](repeating: 0, count: Int(DUCTUS_IMAGE_MESSAGE_SIZE))
        let status = message.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map(body) ?? CInt(DUCTUS_IMAGE_OUT_OF_MEMORY)
        }
        guard Int(status) != Int(DUCTUS_IMAGE_OK) else { return }
        let reason = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        switch Int(status) {
        case Int(DUCTUS_IMAGE_UNSUPPORTED): throw .unsupported(file: name, reason: reason)
        case Int(DUCTUS_IMAGE_OUT_OF_MEMORY): throw .inaccessible(file: name, reason: reason)
        default: throw .corrupt(file: name, reason: reason)
        }
    }
}
