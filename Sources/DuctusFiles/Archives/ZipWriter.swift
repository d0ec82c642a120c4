/// Writes a zip archive, member by member. The same members give the same bytes.
package struct ZipWriter {
    private var bytes: [UInt8] = []
    private var directory: [UInt8] = []
    private var count = 0

    /// Sizes and offsets from this number on are written with 64 bits.
    private let shortLimit: Int

    /// Stored contents start at a multiple of this number of bytes.
    static let alignment = 64

    /// The extra field for padding: two bytes for the alignment, then zeros.
    private static let padding: UInt16 = 0xD935

    /// - Parameter shortLimit: sizes and offsets from this number on are written with 64 bits. Tests lower it.
    package init(shortLimit: Int = Int(UInt32.max)) { self.shortLimit = shortLimit }

    /// Adds a member whose contents are `parts`, one after another.
    package mutating func add(_ name: String, _ parts: [UnsafeRawBufferPointer], isCompressed: Bool) {
        let start = bytes.count
        let size = parts.reduce(0) { $0 + $1.count }
        let deflated = isCompressed ? Deflate.compressed(parts) : []
        let compressedSize = isCompressed ? deflated.count : size
        let checksum = Deflate.checksum(parts)
        let name = Array(name.utf8)
        precondition(name.count <= UInt16.max, "The name of a member is too long for a zip archive.")
        let isUTF8 = name.contains { $0 >= 0x80 }

        // A header has either both sizes in 64 bits or neither.
        let hasLongSizes = max(size, compressedSize) >= shortLimit
        func writeCommon(_ record: inout [UInt8]) {
            record.append(number: UInt16(hasLongSizes || start >= shortLimit ? 45 : 20))  // version needed to read it
            record.append(number: UInt16(isUTF8 ? 1 << 11 : 0))
            record.append(number: UInt16(isCompressed ? 8 : 0))
            record.append(number: UInt16(0))  // midnight of
            record.append(number: UInt16(1 << 5 | 1))  // 1 January 1980
            record.append(number: checksum)
            record.append(number: hasLongSizes ? .max : UInt32(compressedSize))
            record.append(number: hasLongSizes ? .max : UInt32(size))
            record.append(number: UInt16(name.count))
        }
        var long: [UInt8] = []
        if hasLongSizes {
            long.append(number: UInt64(size))
            long.append(number: UInt64(compressedSize))
        }

        bytes.append(number: ZipDirectory.Signature.member)
        writeCommon(&bytes)
        var extra = Self.extraField(long)
        if !isCompressed {
            let contents = bytes.count + 2 + name.count + extra.count + 6
            let gap = (Self.alignment - contents % Self.alignment) % Self.alignment
            extra.append(number: Self.padding)
            extra.append(number: UInt16(2 + gap))
            extra.append(number: UInt16(Self.alignment))
            extra += [UInt8](repeating: 0, count: gap)
        }
        bytes.append(number: UInt16(extra.count))
        bytes += name
        bytes += extra
        if isCompressed { bytes += deflated } else { for part in parts { bytes += part } }

        let hasLongStart = start >= shortLimit
        if hasLongStart { long.append(number: UInt64(start)) }
        let field = Self.extraField(long)
        directory.append(number: ZipDirectory.Signature.entry)
        directory.append(number: UInt16(3 << 8 | 45))  // made by Unix
        writeCommon(&directory)
        directory.append(number: UInt16(field.count))
        directory.append(number: UInt16(0))  // comment
        directory.append(number: UInt16(0))  // disk
        directory.append(number: UInt16(0))  // internal attributes
        directory.append(number: UInt32(0o100644) << 16)  // a regular file, rw-r--r--
        directory.append(number: hasLongStart ? .max : UInt32(start))
        directory += name
        directory += field
        count += 1
    }

    /// The archive's bytes.
    package consuming func finished() -> [UInt8] {
        let start = bytes.count
        bytes += directory
        let hasLongCount = count >= min(shortLimit, Int(UInt16.max))
        if max(start, directory.count) >= shortLimit || hasLongCount {
            let record = bytes.count
            bytes.append(number: ZipDirectory.Signature.end64)
            bytes.append(number: UInt64(44))  // bytes that follow
            for version in [UInt16(3 << 8 | 45), 45] { bytes.append(number: version) }
            for disk in [UInt32(0), 0] { bytes.append(number: disk) }
            for value in [count, count, directory.count, start] { bytes.append(number: UInt64(value)) }
            bytes.append(number: ZipDirectory.Signature.locator64)
            bytes.append(number: UInt32(0))
            bytes.append(number: UInt64(record))
            bytes.append(number: UInt32(1))
        }
        bytes.append(number: ZipDirectory.Signature.end)
        for disk in [UInt16(0), 0] { bytes.append(number: disk) }
        for _ in 0..<2 { bytes.append(number: hasLongCount ? UInt16.max : UInt16(count)) }
        bytes.append(number: directory.count >= shortLimit ? .max : UInt32(directory.count))
        bytes.append(number: start >= shortLimit ? .max : UInt32(start))
        bytes.append(number: UInt16(0))  // comment
        return bytes
    }

    private static func extraField(_ sizes: [UInt8]) -> [UInt8] {
        guard !sizes.isEmpty else { return [] }
        var field: [UInt8] = []
        field.append(number: ZipDirectory.sizes64)
        field.append(number: UInt16(sizes.count))
        return field + sizes
    }
}

extension [UInt8] {
    /// Appends a little-endian number.
    fileprivate mutating func append(number: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
    }
}
