/// The members of a zip archive, stored or deflated, with 64-bit sizes where needed.
///
/// Reading is strict: the directory at the end and the headers before the members must agree, members must not
/// overlap, and no name may occur twice. Format: PKWARE's APPNOTE.TXT, version 6.3.10.
package struct ZipArchive: Sendable {
    /// One file of an archive.
    package struct Member: Sendable {
        package let name: String
        package let isDeflated: Bool
        package let checksum: UInt32
        /// The size of the contents in bytes.
        package let size: Int
        /// The bytes of the file that hold the contents, stored or deflated.
        package let bytes: Range<Int>
    }

    package let path: String
    package let members: [Member]
    private let file: SharedBytes

    /// - Throws: `ArchiveError` about `path`.
    package init(_ file: SharedBytes, path: String) throws(ArchiveError) {
        (self.file, self.path) = (file, path)
        members = try file.withUnsafeBytes { bytes throws(ArchiveError) in
            try ZipDirectory(bytes: bytes, path: path).members()
        }
    }

    /// The first `count` bytes of a member's contents, or all of them if there are fewer. The checksum is not verified.
    /// - Throws: `ArchiveError` that does not name the member; that is up to the caller, as below.
    package func prefix(of member: Member, count: Int) throws(ArchiveError) -> SharedBytes {
        let count = min(count, member.size)
        let stored = file[member.bytes]
        return member.isDeflated ? try inflated(member, from: stored, count: count) : stored[0..<count]
    }

    /// The contents of a member; without a copy if they are stored.
    /// - Throws: `ArchiveError` if they do not match their checksum.
    package func contents(of member: Member) throws(ArchiveError) -> SharedBytes {
        let stored = file[member.bytes]
        let contents = member.isDeflated ? try inflated(member, from: stored, count: member.size) : stored
        guard contents.withUnsafeBytes({ Deflate.checksum([$0]) }) == member.checksum else {
            throw damaged("it does not match its checksum")
        }
        return contents
    }

    private func inflated(
        _ member: Member, from stored: SharedBytes, count: Int
    ) throws(ArchiveError) -> SharedBytes {
        try SharedBytes(count: count) { output throws(ArchiveError) in
            try stored.withUnsafeBytes { input throws(ArchiveError) in
                let inflater = Inflater(.raw)
                var step = inflater.inflate(input, into: output)
                guard step.produced == count, !step.isDamaged else {
                    throw damaged("its compressed bytes are broken or too few")
                }
                guard count == member.size else { return }
                // The end marker may follow the last byte, but no further output may.
                var consumed = step.consumed
                var surplus: UInt8 = 0
                if !step.isAtEnd {
                    let rest = UnsafeRawBufferPointer(rebasing: input[consumed...])
                    step = withUnsafeMutableBytes(of: &surplus) { inflater.inflate(rest, into: $0) }
                    consumed += step.consumed
                    if step.produced > 0 { throw damaged("it decompresses to more than \(count) bytes") }
                }
                guard step.isAtEnd, consumed == input.count else {
                    throw damaged("its compressed bytes do not end where they should")
                }
            }
        }
    }

    private func damaged(_ how: String) -> ArchiveError {
        ArchiveError(path, "is damaged: \(how). Download it again.")
    }
}
