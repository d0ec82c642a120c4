/// Reads the central directory of a zip archive and checks it against the headers of the members.
struct ZipDirectory {
    let bytes: UnsafeRawBufferPointer
    let path: String

    enum Signature {
        static let member: UInt32 = 0x0403_4B50
        static let entry: UInt32 = 0x0201_4B50
        static let descriptor: UInt32 = 0x0807_4B50
        static let end: UInt32 = 0x0605_4B50
        static let end64: UInt32 = 0x0606_4B50
        static let locator64: UInt32 = 0x0706_4B50
    }

    /// The extra field with sizes that do not fit in 32 bits.
    static let sizes64: UInt16 = 1

    private enum Flags {
        static let isEncrypted: UInt16 = 1 << 0 | 1 << 6 | 1 << 13
        static let hasDescriptor: UInt16 = 1 << 3
        static let isUTF8: UInt16 = 1 << 11
    }

    /// The entry of a member in the directory, which the member's own header repeats.
    private struct Entry {
        let flags: UInt16
        let method: UInt16
        let checksum: UInt32
        var compressedSize: UInt64
        var size: UInt64
        var name: [UInt8] = []
        var start: UInt64 = 0

        /// Reads the fields that entries and headers share.
        init(_ fields: inout ZipFields) throws(ArchiveError) {
            flags = try fields.next(UInt16.self)
            method = try fields.next(UInt16.self)
            fields.position += 4  // time and date
            checksum = try fields.next(UInt32.self)
            compressedSize = UInt64(try fields.next(UInt32.self))
            size = UInt64(try fields.next(UInt32.self))
        }

        mutating func readLongSizes(_ fields: inout ZipFields) throws(ArchiveError) {
            if size == UInt32.max { size = try fields.next(UInt64.self) }
            if compressedSize == UInt32.max { compressedSize = try fields.next(UInt64.self) }
        }
    }

    func members() throws(ArchiveError) -> [ZipArchive.Member] {
        let (directory, count) = try findDirectory()
        var members: [ZipArchive.Member] = []
        var names: Set<String> = []
        var extents: [Range<Int>] = []
        var fields = ZipFields(bytes: bytes, path: path, position: directory.lowerBound, end: bytes.count)
        while fields.position < directory.upperBound {
            let (member, extent) = try member(readEntry(&fields), before: directory.lowerBound)
            guard names.insert(member.name).inserted else {
                throw ArchiveError(path, "has the member \(JSONText.quoted(member.name)) twice.")
            }
            members.append(member)
            extents.append(extent)
        }
        guard fields.position == directory.upperBound, members.count == count else {
            throw damaged("its directory does not have the \(count) entries that it announces")
        }
        extents.sort { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }
        for (one, next) in zip(extents, extents.dropFirst()) where one.upperBound > next.lowerBound {
            throw damaged("its members overlap")
        }
        return members
    }

    /// The bytes of the directory, and the number of its entries.
    private func findDirectory() throws(ArchiveError) -> (Range<Int>, count: UInt64) {
        guard bytes.starts(with: [0x50, 0x4B]) else { throw ArchiveError(path, "is not a zip archive.") }
        let size = 22
        let longestComment = 0xFFFF
        let candidates = stride(from: bytes.count - size, through: max(0, bytes.count - size - longestComment), by: -1)
        guard
            let end = candidates.first(where: {
                let comment = bytes.loadUnaligned(fromByteOffset: $0 + 20, as: UInt16.self)
                return bytes.loadUnaligned(fromByteOffset: $0, as: UInt32.self) == Signature.end.littleEndian
                    && Int(UInt16(littleEndian: comment)) == bytes.count - size - $0
            })
        else { throw ArchiveError(path, "is truncated: its directory is missing. Download it again.") }
        var fields = ZipFields(bytes: bytes, path: path, position: end + 4, end: bytes.count)
        let disks = (try fields.next(UInt16.self), try fields.next(UInt16.self))
        let counts = (try fields.next(UInt16.self), try fields.next(UInt16.self))
        let (length, start) = (try fields.next(UInt32.self), try fields.next(UInt32.self))
        if let long = try findDirectory64(before: end) {
            // The 32-bit record repeats what fits in it.
            guard counts.1 == .max || UInt64(counts.1) == long.count,
                length == .max || Int(length) == long.range.count,
                start == .max || Int(start) == long.range.lowerBound
            else { throw damaged("the two records of its directory differ") }
            return (long.range, long.count)
        }
        guard disks == (0, 0), counts.0 == counts.1 else { throw inPieces }
        guard Int(start) + Int(length) == end else { throw damaged("its directory is not where it should be") }
        return (Int(start)..<end, UInt64(counts.1))
    }

    private func findDirectory64(before end: Int) throws(ArchiveError) -> (range: Range<Int>, count: UInt64)? {
        let size = 20
        guard end >= size else { return nil }
        var locator = ZipFields(bytes: bytes, path: path, position: end - size, end: end)
        guard try locator.next(UInt32.self) == Signature.locator64 else { return nil }
        let disk = try locator.next(UInt32.self)
        let record = try locator.next(UInt64.self)
        guard disk == 0, try locator.next(UInt32.self) <= 1 else { throw inPieces }
        guard record < UInt64(end - size) else { throw damaged("its directory is not where it should be") }
        var fields = ZipFields(bytes: bytes, path: path, position: Int(record), end: end - size)
        guard try fields.next(UInt32.self) == Signature.end64,
            try fields.next(UInt64.self) == UInt64(end - size - fields.position)
        else { throw damaged("the record of its directory is broken") }
        fields.position += 4  // versions
        let disks = (try fields.next(UInt32.self), try fields.next(UInt32.self))
        let counts = (try fields.next(UInt64.self), try fields.next(UInt64.self))
        let (length, start) = (try fields.next(UInt64.self), try fields.next(UInt64.self))
        guard disks == (0, 0), counts.0 == counts.1 else { throw inPieces }
        guard start <= record, length == record - start else {
            throw damaged("its directory is not where it should be")
        }
        return (Int(start)..<Int(record), counts.1)
    }

    private func readEntry(_ fields: inout ZipFields) throws(ArchiveError) -> Entry {
        guard try fields.next(UInt32.self) == Signature.entry else {
            throw damaged("an entry of its directory is broken")
        }
        fields.position += 4  // versions
        var entry = try Entry(&fields)
        let lengths = (try fields.next(UInt16.self), try fields.next(UInt16.self), try fields.next(UInt16.self))
        var disk = UInt32(try fields.next(UInt16.self))
        fields.position += 6  // attributes
        entry.start = UInt64(try fields.next(UInt32.self))
        entry.name = Array(bytes[try fields.next(bytes: Int(lengths.0))])
        var long = try longSizes(in: try fields.next(bytes: Int(lengths.1)))
        _ = try fields.next(bytes: Int(lengths.2))  // comment
        try entry.readLongSizes(&long)
        if entry.start == UInt32.max { entry.start = try long.next(UInt64.self) }
        if disk == UInt16.max { disk = try long.next(UInt32.self) }
        guard disk == 0 else { throw inPieces }
        return entry
    }

    private func readHeader(_ fields: inout ZipFields) throws(ArchiveError) -> Entry {
        guard try fields.next(UInt32.self) == Signature.member else {
            throw damaged("the header of a member is broken")
        }
        fields.position += 2  // version
        var entry = try Entry(&fields)
        let lengths = (try fields.next(UInt16.self), try fields.next(UInt16.self))
        entry.name = Array(bytes[try fields.next(bytes: Int(lengths.0))])
        var long = try longSizes(in: try fields.next(bytes: Int(lengths.1)))
        try entry.readLongSizes(&long)
        return entry
    }

    /// The member of an entry, and the range of all its bytes in the file.
    private func member(
        _ entry: Entry, before directory: Int
    ) throws(ArchiveError) -> (ZipArchive.Member, extent: Range<Int>) {
        let isUTF8 = entry.flags & Flags.isUTF8 != 0
        guard let name = String(validating: entry.name, as: UTF8.self), isUTF8 || entry.name.allSatisfy({ $0 < 0x80 })
        else { throw ArchiveError(path, "has a member whose name is not UTF-8. Save it with another name.") }
        func fault(_ problem: String) -> ArchiveError {
            ArchiveError(path, "member \(JSONText.quoted(name)) \(problem)")
        }
        guard entry.flags & Flags.isEncrypted == 0 else { throw fault("is encrypted. Save it without a password.") }
        let isDeflated = entry.method == 8
        guard isDeflated || entry.method == 0 else {
            throw fault("has the unknown compression method \(entry.method). Save it with the method DEFLATE.")
        }
        guard entry.start < UInt64(directory), entry.compressedSize <= UInt64(directory) - entry.start else {
            throw fault("does not lie within the file. Download it again.")
        }
        let start = Int(entry.start)
        var fields = ZipFields(bytes: bytes, path: path, position: start, end: directory)
        let own = try readHeader(&fields)
        let hasDescriptor = entry.flags & Flags.hasDescriptor != 0
        // Fields that a descriptor after the contents gives may be zero in the header.
        guard own.flags == entry.flags, own.method == entry.method, own.name == entry.name,
            own.checksum == entry.checksum || (hasDescriptor && own.checksum == 0),
            own.size == entry.size || (hasDescriptor && own.size == 0),
            own.compressedSize == entry.compressedSize || (hasDescriptor && own.compressedSize == 0)
        else { throw fault("differs from its entry in the directory. Download it again.") }
        let contents = fields.position
        guard Int(entry.compressedSize) <= directory - contents else {
            throw fault("does not lie within the file. Download it again.")
        }
        // A deflated byte expands to at most 1032 bytes: 258 for every two bits.
        let (largest, overflow) = entry.compressedSize.multipliedReportingOverflow(by: isDeflated ? 1032 : 1)
        guard entry.size <= UInt64(Int.max), overflow || entry.size <= largest,
            isDeflated || entry.size == entry.compressedSize
        else {
            throw fault(
                "cannot have \(entry.size) bytes if it takes up \(entry.compressedSize). Download it again.")
        }
        let end = contents + Int(entry.compressedSize)
        fields.position = end
        if hasDescriptor { try checkDescriptor(&fields, of: entry, name: name) }
        let member = ZipArchive.Member(
            name: name, isDeflated: isDeflated, checksum: entry.checksum, size: Int(entry.size), bytes: contents..<end)
        return (member, start..<fields.position)
    }

    /// Checks the checksum and the sizes after the contents. Sizes have 32 or 64 bits; a signature is optional.
    private func checkDescriptor(_ fields: inout ZipFields, of entry: Entry, name: String) throws(ArchiveError) {
        let start = fields.position
        for (hasSignature, isLong) in [(true, false), (true, true), (false, false), (false, true)] {
            fields.position = start
            let size = (hasSignature ? 4 : 0) + (isLong ? 20 : 12)
            guard size <= fields.end - start else { continue }
            if hasSignature, try fields.next(UInt32.self) != Signature.descriptor { continue }
            guard try fields.next(UInt32.self) == entry.checksum else { continue }
            let sizes =
                isLong
                ? (try fields.next(UInt64.self), try fields.next(UInt64.self))
                : (UInt64(try fields.next(UInt32.self)), UInt64(try fields.next(UInt32.self)))
            if sizes == (entry.compressedSize, entry.size) { return }
        }
        throw damaged("what follows the member \(JSONText.quoted(name)) differs from its entry in the directory")
    }

    /// The contents of the extra field with 64-bit sizes; empty if there is none.
    private func longSizes(in extra: Range<Int>) throws(ArchiveError) -> ZipFields {
        var fields = ZipFields(bytes: bytes, path: path, position: extra.lowerBound, end: extra.upperBound)
        // A remainder too short for a field is padding.
        while extra.upperBound - fields.position >= 4 {
            let (kind, count) = (try fields.next(UInt16.self), Int(try fields.next(UInt16.self)))
            let field = try fields.next(bytes: count)
            if kind == Self.sizes64 {
                return ZipFields(bytes: bytes, path: path, position: field.lowerBound, end: field.upperBound)
            }
        }
        return ZipFields(bytes: bytes, path: path, position: extra.upperBound, end: extra.upperBound)
    }

    private func damaged(_ how: String) -> ArchiveError {
        ArchiveError(path, "is damaged: \(how). Download it again.")
    }

    private var inPieces: ArchiveError {
        ArchiveError(path, "is part of an archive in several files, which is not supported. Save it as one file.")
    }
}
