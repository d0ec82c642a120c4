import CZlib

/// Decompresses DEFLATE data (RFC 1951) step by step.
package final class Inflater {
    /// The container of the compressed data.
    package enum Format: CInt {
        /// Nothing, as in zip archives.
        case raw = -15
        /// The header and the checksum of zlib, as in MATLAB files.
        case zlib = 15
        /// The header and the checksum of gzip.
        case gzip = 31
    }

    /// The progress of a step.
    package struct Step {
        /// The bytes read and the bytes written.
        package var consumed = 0, produced = 0
        /// Whether the compressed data ended here.
        package var isAtEnd = false
        /// Whether the compressed data are invalid.
        package var isDamaged = false
    }

    // zlib's state points back to the stream, which therefore must not move.
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)

    package init(_ format: Format) {
        stream.initialize(to: z_stream())
        let status = inflateInit2_(stream, format.rawValue, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "There is not enough memory to decompress a file.")
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Decompresses until the output is full, the input is consumed or the data end.
    package func inflate(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> Step {
        var step = Step()
        // zlib does not accept a null pointer for an empty output.
        var nowhere: UInt8 = 0
        return withUnsafeMutableBytes(of: &nowhere) { nowhere in
            let output = output.baseAddress == nil ? UnsafeMutableRawBufferPointer(rebasing: nowhere[..<0]) : output
            while true {
                let given = Self.portion(input.count - step.consumed)
                let room = Self.portion(output.count - step.produced)
                // zlib never writes to its input; its C declaration only lacks the const.
                stream.pointee.next_in = UnsafeMutablePointer(
                    mutating: input.baseAddress.map { ($0 + step.consumed).assumingMemoryBound(to: UInt8.self) })
                stream.pointee.avail_in = given
                stream.pointee.next_out = output.baseAddress.map {
                    ($0 + step.produced).assumingMemoryBound(to: UInt8.self)
                }
                stream.pointee.avail_out = room
                let status = CZlib.inflate(stream, Z_NO_FLUSH)
                let (consumed, produced) = (given - stream.pointee.avail_in, room - stream.pointee.avail_out)
                step.consumed += Int(consumed)
                step.produced += Int(produced)
                step.isAtEnd = status == Z_STREAM_END
                step.isDamaged = status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR
                if step.isAtEnd || step.isDamaged || (consumed == 0 && produced == 0) { return step }
            }
        }
    }

    /// As many bytes as zlib's 32-bit counts can hold.
    private static func portion(_ count: Int) -> UInt32 { UInt32(min(count, 1 << 30)) }
}

/// Compression and checksums of the members of zip archives.
package enum Deflate {
    /// The bytes of `parts`, one after another, compressed.
    static func compressed(_ parts: [UnsafeRawBufferPointer]) -> [UInt8] {
        var stream = z_stream()
        let memoryLevel: CInt = 8
        let status = deflateInit2_(
            &stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, Inflater.Format.raw.rawValue, memoryLevel, Z_DEFAULT_STRATEGY,
            ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "There is not enough memory to compress a file.")
        defer { deflateEnd(&stream) }
        var output: [UInt8] = []
        let chunk = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 256 << 10)
        defer { chunk.deallocate() }
        for (index, part) in parts.enumerated() {
            var position = 0
            repeat {
                let count = min(part.count - position, 1 << 30)
                stream.next_in = UnsafeMutablePointer(
                    mutating: part.baseAddress.map { ($0 + position).assumingMemoryBound(to: UInt8.self) })
                stream.avail_in = UInt32(count)
                position += count
                let isLast = index == parts.count - 1 && position == part.count
                repeat {
                    stream.next_out = chunk.baseAddress
                    stream.avail_out = UInt32(chunk.count)
                    _ = deflate(&stream, isLast ? Z_FINISH : Z_NO_FLUSH)
                    output.append(contentsOf: chunk[..<(chunk.count - Int(stream.avail_out))])
                } while stream.avail_out == 0
            } while position < part.count
        }
        return output
    }

    /// The CRC-32 of the bytes of `parts`, one after another.
    package static func checksum(_ parts: [UnsafeRawBufferPointer]) -> UInt32 {
        parts.reduce(UInt32(0)) { sum, part in
            guard let start = part.baseAddress else { return sum }
            return UInt32(crc32_z(UInt(sum), start.assumingMemoryBound(to: UInt8.self), part.count))
        }
    }
}
