import CZlib
import DuctusTestSupport

/// Builds PNG files of every kind, most of which the encoder under test does not write.
struct PNGBuilder {
    var width: Int
    var height: Int
    var bitDepth = 8
    var colorType = 0
    /// RGB triples.
    var palette: [UInt8] = []
    var transparency: [UInt8] = []
    var isInterlaced = false
    /// The samples of a pixel, as many as the color type has.
    var pixel: (_ x: Int, _ y: Int) -> [Int]

    var bytes: [UInt8] {
        var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        let kind = [bitDepth, colorType, 0, 0, isInterlaced ? 1 : 0].map { UInt8($0) }
        file += Self.chunk("IHDR", bigEndian(width) + bigEndian(height) + kind)
        if !palette.isEmpty { file += Self.chunk("PLTE", palette) }
        if !transparency.isEmpty { file += Self.chunk("tRNS", transparency) }
        return file + Self.chunk("IDAT", Self.compressed(scanlines)) + Self.chunk("IEND", [])
    }

    private var scanlines: [UInt8] {
        guard isInterlaced else { return rows(x: 0, y: 0, stepX: 1, stepY: 1) }
        let adam7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
        return adam7.flatMap { rows(x: $0.0, y: $0.1, stepX: $0.2, stepY: $0.3) }
    }

    private func rows(x firstX: Int, y firstY: Int, stepX: Int, stepY: Int) -> [UInt8] {
        guard firstX < width else { return [] }
        return stride(from: firstY, to: height, by: stepY).flatMap { y in
            var bits: [UInt8] = []
            for x in stride(from: firstX, to: width, by: stepX) {
                for sample in pixel(x, y) {
                    for bit in (0..<bitDepth).reversed() { bits.append(UInt8(sample >> bit & 1)) }
                }
            }
            let bytes = stride(from: 0, to: bits.count, by: 8).map { start in
                (0..<8).reduce(UInt8(0)) { $0 << 1 | (start + $1 < bits.count ? bits[start + $1] : 0) }
            }
            return [0] + bytes
        }
    }

    static func chunk(_ name: String, _ contents: [UInt8]) -> [UInt8] {
        let body = Array(name.utf8) + contents
        return bigEndian(contents.count) + body + bigEndian(Int(crc32(0, body, UInt32(body.count))))
    }

    static func compressed(_ bytes: [UInt8]) -> [UInt8] {
        var count = compressBound(UInt(bytes.count))
        var output = [UInt8](repeating: 0, count: Int(count))
        compress(&output, &count, bytes, UInt(bytes.count))
        return Array(output.prefix(Int(count)))
    }
}
