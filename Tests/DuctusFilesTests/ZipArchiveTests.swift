import DuctusTensors
import DuctusTestSupport
import Testing

/// The zip container of arrays: the Zip64 format, and what is rejected.
@Suite struct ZipTests {
    /// An `.npy` file of four bytes.
    static func array(_ bytes: [UInt8]) -> [UInt8] {
        MalformedNumPyTests.file(MalformedNumPyTests.header("'|u1'", "False", "(\(bytes.count),)")) + bytes
    }

    static func archive(
        _ members: [(name: String, contents: [UInt8])], isCompressed: Bool = false, shortLimit: Int = Int(UInt32.max)
    ) -> [UInt8] {
        var writer = ZipWriter(shortLimit: shortLimit)
        for member in members {
            member.contents.withUnsafeBytes { writer.add(member.name, [$0], isCompressed: isCompressed) }
        }
        return writer.finished()
    }

    static let members = [("a.npy", array([1, 2, 3])), ("b.npy", array(Array(repeating: 7, count: 5000)))]

    /// Zip64, with a lowered limit: no test can write files that need it.
    @Test(arguments: [0, 1, 100, 4000, 6000], [false, true]) func zip64SizesAreRead(shortLimit: Int, isCompressed: Bool)
        throws
    {
        let bytes = Self.archive(Self.members, isCompressed: isCompressed, shortLimit: shortLimit)
        let archive = try NumPyArchive(bytes, path: "memory")
        #expect(archive.names == ["a", "b"])
        #expect(try archive.tensor("a", as: UInt8.self) == [1, 2, 3])
        #expect(try archive.tensor("b", as: UInt8.self) == Tensor(repeating: 7, shape: [5000]))
        for length in stride(from: 0, to: bytes.count, by: 7) {
            #expect(throws: ArchiveError.self) { try NumPyArchive(Array(bytes.prefix(length)), path: "memory") }
        }
    }

    /// Writes `value` at `offset` from the start of every record that begins with `signature`.
    static func patch(_ bytes: inout [UInt8], _ signature: [UInt8], _ offset: Int, _ value: [UInt8]) {
        for i in 0..<bytes.count - 3 where Array(bytes[i..<i + 4]) == [0x50, 0x4B] + signature {
            bytes.replaceSubrange(i + offset..<i + offset + value.count, with: value)
        }
    }

    /// Patches a field in the header of every member and in every directory entry, two bytes later.
    static func patched(_ bytes: [UInt8], _ offset: Int, _ value: [UInt8]) -> [UInt8] {
        var bytes = bytes
        patch(&bytes, [3, 4], offset, value)
        patch(&bytes, [1, 2], offset + 2, value)
        return bytes
    }

    static func expect(_ word: String, _ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) throws {
        let complaint = try MalformedNumPyTests.complaint(bytes) ?? "nothing"
        #expect(complaint.contains(word), "\(complaint)", sourceLocation: sourceLocation)
    }

    @Test(arguments: [false, true]) func malformedArchivesAreRejectedWithAReason(isCompressed: Bool) throws {
        let contents = Self.array(Array(repeating: 1, count: 300))
        let bytes = Self.archive([("a.npy", contents)], isCompressed: isCompressed)
        #expect(try MalformedNumPyTests.complaint(bytes) == nil)
        let twice = Self.archive([("a.npy", contents), ("a.npy", contents)], isCompressed: isCompressed)
        try Self.expect("\"a.npy\" twice", twice)
        try Self.expect("\"read.me\" is not an .npy file", Self.archive([("read.me", contents)]))
        for bit in [0, 6, 13] {
            let flags = [UInt8(truncatingIfNeeded: 1 << bit), UInt8(truncatingIfNeeded: (1 << bit) >> 8)]
            try Self.expect("is encrypted", Self.patched(bytes, 6, flags))
        }
        try Self.expect("compression method 12", Self.patched(bytes, 8, [12, 0]))
        try Self.expect("does not match its checksum", Self.patched(bytes, 14, [1, 2, 3, 4]))
        try Self.expect("cannot have", Self.patched(bytes, 22, [0, 0, 0, 0x40]))
        try Self.expect("cannot have", Self.patched(bytes, 22, [0xFF, 0xFF, 0xFF, 0x7F]))
        var name = bytes
        Self.patch(&name, [3, 4], 30, [0xE4])
        Self.patch(&name, [1, 2], 46, [0xE4])
        try Self.expect("not UTF-8", name)
        try Self.expect("several files", Self.patchedEnd(bytes, 4, [1, 0]))
        try Self.expect("2 entries", Self.patchedEnd(Self.patchedEnd(bytes, 8, [2, 0]), 10, [2, 0]))
        try Self.expect("not where it should be", Self.patchedEnd(bytes, 12, [1]))
        try Self.expect("not where it should be", Self.patchedEnd(bytes, 16, [1]))
        try Self.expect("not an .npz archive", [0] + bytes)
        try Self.expect("not where it should be", [0x50, 0x4B] + bytes)
        try Self.expect("directory is missing", bytes + [0])
        var alone = bytes
        Self.patch(&alone, [3, 4], 14, [9])
        try Self.expect("differs from its entry", alone)
        // A trailing comment is allowed.
        #expect(try MalformedNumPyTests.complaint(Self.patchedEnd(bytes, 20, [5, 0]) + Array("hello".utf8)) == nil)
    }

    private static func patchedEnd(_ bytes: [UInt8], _ offset: Int, _ value: [UInt8]) -> [UInt8] {
        var bytes = bytes
        patch(&bytes, [5, 6], offset, value)
        return bytes
    }

    /// A plausible but wrong uncompressed size is noticed.
    @Test func decompressionIsBounded() throws {
        let shape = { (count: Int) in MalformedNumPyTests.header("'|u1'", "False", "(\(count),)") }
        let contents = MalformedNumPyTests.file(shape(100_000), data: 100_000)
        let bytes = Self.archive([("a.npy", contents)], isCompressed: true)
        #expect(try MalformedNumPyTests.complaint(bytes) == nil)
        for (difference, word) in [(1, "too few"), (-1, "more than")] {
            let other = MalformedNumPyTests.file(shape(100_000 + difference), data: 100_000)
            let wrong = Self.archive([("a.npy", other)], isCompressed: true)
            let size = other.count + difference
            try Self.expect(word, Self.patched(wrong, 22, (0..<4).map { UInt8(truncatingIfNeeded: size >> (8 * $0)) }))
        }
    }

    /// Nested members, as in zip bombs.
    @Test func overlappingMembersAreRejected() throws {
        let inner = Self.archive([("b.npy", Self.array([1, 2, 3, 4]))], isCompressed: true)
        let size = inner.count - 22 - 46 - 5
        let bytes = Self.archive([("a.npy", Array(inner[..<size])), ("b.npy", Self.array([1, 2, 3, 4]))])
        var nested = Self.archive([("a.npy", Array(inner[..<size]))])
        // An additional entry for the nested member.
        let end = nested.count - 22
        let entry = inner[size..<size + 51]
        nested.insert(contentsOf: entry, at: end)
        nested.replaceSubrange(end + 42..<end + 46, with: [64, 0, 0, 0])
        nested = Self.patchedEnd(nested, 8, [2, 0, 2, 0])
        nested = Self.patchedEnd(nested, 12, [102])
        try Self.expect("overlap", nested)
        #expect(try NumPyArchive(bytes, path: "memory").names == ["a", "b"])
    }
}
