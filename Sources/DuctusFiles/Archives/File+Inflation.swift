extension File {
    /// Whether bytes begin with the signature of gzip.
    package static func isGzip(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1F, 0x8B]) }

    /// The decompressed contents of gzip data with one or several members.
    ///
    /// - Parameters:
    ///   - name: the name of the bytes in errors.
    ///   - maximumBytes: more output is an error, so that a small file cannot fill the memory.
    package static func inflate(
        _ bytes: [UInt8], name: String, maximumBytes: Int = 2 << 30
    ) throws(FileError) -> [UInt8] {
        let output = try inflatePrefix(bytes, name: name, count: maximumBytes + 1)
        guard output.count <= maximumBytes else {
            throw FileError(file: name, reason: .tooLarge(maximumBytes: maximumBytes))
        }
        return output
    }

    /// The first `count` bytes of the contents, or all of them if there are fewer.
    package static func inflatePrefix(_ bytes: [UInt8], name: String, count: Int) throws(FileError) -> [UInt8] {
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
        let inflater = Inflater(.gzip)
        var chunk = [UInt8](repeating: 0, count: 256 << 10)
        while output.count < limit {
            let room = min(chunk.count, limit - output.count)
            let step = bytes[position...].withUnsafeBytes { input in
                chunk.withUnsafeMutableBytes { inflater.inflate(input, into: .init(rebasing: $0[..<room])) }
            }
            position += step.consumed
            output += chunk[..<step.produced]
            if step.isDamaged { return .corrupt }
            if step.isAtEnd { return nil }
            if step.produced < room { return .truncated }
        }
        return nil
    }
}
