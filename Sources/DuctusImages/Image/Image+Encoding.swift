import CDuctusImages

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

extension Image {
    /// The image as the bytes of a PNG file, 8 bits per sample.
    public func pngData() throws(ImageError) -> [UInt8] {
        try pngData(name: "PNG")
    }

    /// Writes a PNG file. An existing file is replaced atomically.
    public func writePNG(to path: String) throws(ImageError) {
        let bytes = try pngData(name: path)
        do {
            try File.write(bytes, to: path)
        } catch {
            throw .inaccessible(file: path, reason: error.reason.description)
        }
    }

    private func pngData(name: String) throws(ImageError) -> [UInt8] {
        guard !isEmpty else { throw .empty(file: name) }
        guard let width = UInt32(exactly: width), let height = UInt32(exactly: height) else {
            throw .unsupported(file: name, reason: "a PNG of \(width) × \(height) pixels")
        }
        var header = ductus_image_header(
            width: width, height: height, channels: UInt32(channels), orientation: 0, is_row_wise: 1)
        var encoded: UnsafeMutablePointer<UInt8>?
        var count = 0
        defer { free(encoded) }
        try Self.check(name) { message in ductus_png_encode(&header, pixels, &encoded, &count, message) }
        return [UInt8](UnsafeBufferPointer(start: encoded, count: count))
    }
}
