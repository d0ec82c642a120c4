import CZlib
import DuctusTensors

extension File {
    /// Whether bytes begin like a gzip file.
    static func isGzip(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1F, 0x8B]) }

    /// The contents of gzip-compressed bytes, of one or several members.
    ///
    /// - Parameters:
    ///   - name: What errors call the bytes.
    ///   - maximumBytes: More output is an error, so that a small file cannot fill the memory.
    package static func inflate(
        _ bytes: [UInt8], name: String, maximumBytes: Int = 2 << 30
    ) throws(FileError) -> [UInt8] {
        let output = try inflatePrefix(bytes, name: name, count: maximumBytes + 1)
        guard output.count <= maximumBytes else {
            throw FileError(file: name, reason: .tooLarge(maximumBytes: maximumBytes))
        }
        return output
    }

    /// The first `count` bytes of the contents, or all of them where there are fewer.
    static func inflatePrefix(_ bytes: [UInt8], name: String, count: Int) throws(FileError) -> [UInt8] {
        guard isGzip(bytes) else { throw FileError(file: name, reason: .notGzip) }
        var output: [UInt8] = []
        var position = 0
        while position < bytes.count && output.count < count {
            // Tapes and some servers pad with zeros after the last member.
            if bytes[position] == 0 && bytes[position...].allSatisfy({ $0 == 0 }) { break }
            guard let reason = inflateMember(of: bytes, from: &position, into: &output, limit: count) else { continue }
            throw FileError(file: name, reason: reason)
        }
        return output
    }

    private static func inflateMember(
        of bytes: [UInt8], from position: inout Int, into output: inout [UInt8], limit: Int
    ) -> FileError.Reason? {
        var stream = z_stream()
        let gzipOnly = 16
        let version = ZLIB_VERSION
        guard inflateInit2_(&stream, CInt(gzipOnly + 15), version, CInt(MemoryLayout<z_stream>.size)) == Z_OK else {
            return .system("there is not enough memory to decompress it")
        }
        defer { inflateEnd(&stream) }
        var chunk = [UInt8](repeating: 0, count: 256 << 10)
        var status = Z_OK
        while status != Z_STREAM_END && output.count < limit {
            let (consumed, produced) = chunk.withUnsafeMutableBufferPointer { chunk in
                bytes.withUnsafeBufferPointer { bytes in
                    let available = min(bytes.count - position, 1 << 30)
                    // zlib never writes to its input; its C declaration only lacks the const.
                    stream.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress.map { $0 + position })
                    stream.avail_in = UInt32(available)
                    stream.next_out = chunk.baseAddress
                    stream.avail_out = UInt32(min(chunk.count, limit - output.count))
                    let room = stream.avail_out
                    status = CZlib.inflate(&stream, Z_NO_FLUSH)
                    return (available - Int(stream.avail_in), Int(room - stream.avail_out))
                }
            }
            position += consumed
            output += chunk[..<produced]
            if status == Z_BUF_ERROR || (status == Z_OK && consumed == 0 && produced == 0) { return .truncated }
            if status != Z_OK && status != Z_STREAM_END { return .corrupt }
        }
        return nil
    }
}
