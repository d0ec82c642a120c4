/// Reads the fields of a zip archive's records in sequence, and never past their end.
struct ZipFields {
    let bytes: UnsafeRawBufferPointer
    let path: String
    var position: Int
    let end: Int

    /// The next little-endian number.
    mutating func next<Number: FixedWidthInteger & BitwiseCopyable>(
        _ type: Number.Type
    ) throws(ArchiveError) -> Number {
        let range = try next(bytes: MemoryLayout<Number>.size)
        return Number(littleEndian: bytes.loadUnaligned(fromByteOffset: range.lowerBound, as: Number.self))
    }

    /// The range of the next `count` bytes.
    mutating func next(bytes count: Int) throws(ArchiveError) -> Range<Int> {
        guard position <= end, count <= end - position else {
            throw ArchiveError(path, "is truncated: its records end too early. Download it again.")
        }
        defer { position += count }
        return position..<position + count
    }
}
