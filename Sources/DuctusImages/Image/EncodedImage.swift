/// A compressed image, as documents embed it.
public struct EncodedImage: Sendable {
    /// The compressions.
    enum Coding {
        /// A JPEG file.
        case jpeg
        /// The data of a PNG file: rows, each after the number of its filter, compressed by zlib.
        case png
    }

    let width: Int
    let height: Int
    let channels: Int
    let coding: Coding
    let bytes: [UInt8]

    private init(width: Int, height: Int, channels: Int, coding: Coding, bytes: [UInt8]) {
        (self.width, self.height, self.channels) = (width, height, channels)
        (self.coding, self.bytes) = (coding, bytes)
    }

    /// Compresses an image without loss.
    /// - Throws: ``ImageError`` for an empty image.
    public init(_ image: Image) throws(ImageError) {
        self.init(
            width: image.width, height: image.height, channels: image.channels, coding: .png,
            bytes: Self.data(ofPNG: try image.pngData()))
    }

    /// The image of a page. A JPEG is kept as it is, if it is shown as it is stored.
    /// - Throws: ``ImageError`` for an empty image.
    public init(_ page: DecodedImage) throws(ImageError) {
        if let jpeg = page.jpeg {
            self.init(
                width: page.image.width, height: page.image.height, channels: page.image.channels, coding: .jpeg,
                bytes: jpeg)
        } else {
            try self.init(page.image)
        }
    }

    /// The contents of the `IDAT` chunks of a PNG file; a chunk has a length, a name, its contents and a checksum.
    private static func data(ofPNG png: [UInt8]) -> [UInt8] {
        var data: [UInt8] = []
        var position = 8
        while position + 12 <= png.count {
            let length = png[position..<(position + 4)].reduce(0) { $0 << 8 | Int($1) }
            let contents = position + 8
            if png[(position + 4)..<contents].elementsEqual("IDAT".utf8) {
                data += png[contents..<(contents + length)]
            }
            position = contents + length + 4
        }
        return data
    }
}
