import DuctusFiles
import DuctusTestSupport
import Testing

@Suite struct ZipArchiveTests {
    private static let members: [(name: String, contents: [UInt8])] = [
        ("one", [1, 2, 3]), ("two", [UInt8](repeating: 7, count: 5000)), ("none", []),
    ]

    private static func bytes(
        of members: [(name: String, contents: [UInt8])], isCompressed: Bool = false, shortLimit: Int = Int(UInt32.max)
    ) -> [UInt8] {
        var writer = ZipWriter(shortLimit: shortLimit)
        for member in members {
            member.contents.withUnsafeBytes { writer.add(member.name, [$0], isCompressed: isCompressed) }
        }
        return writer.finished()
    }

    /// Reads an archive with all its members.
    private static func read(_ bytes: [UInt8]) throws(ArchiveError) -> [(name: String, contents: [UInt8])] {
        let archive = try ZipArchive(SharedBytes(bytes), path: "some/file.zip")
        return try archive.members.map { (member) throws(ArchiveError) in
            (member.name, try archive.contents(of: member).withUnsafeBytes { Array($0) })
        }
    }

    private static func expectRefusal(
        _ words: String, _ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let error = #expect(throws: ArchiveError.self, sourceLocation: sourceLocation) { try read(bytes) }
        #expect(error?.problem.contains(words) == true, sourceLocation: sourceLocation)
        #expect(isOneSentence(error?.description ?? "", about: "some/file.zip"), sourceLocation: sourceLocation)
    }

    /// Zip64, with a lowered limit: no test can write files that need it.
    @Test(arguments: [0, 1, 100, 4000, 6000, Int(UInt32.max)], [false, true])
    func whatIsWrittenIsReadBack(shortLimit: Int, isCompressed: Bool) throws {
        let bytes = Self.bytes(of: Self.members, isCompressed: isCompressed, shortLimit: shortLimit)
        let members = try Self.read(bytes)
        #expect(members.map(\.name) == ["one", "two", "none"])
        #expect(members.map(\.contents) == Self.members.map(\.contents))
        for length in stride(from: 0, to: bytes.count, by: 7) {
            #expect(throws: ArchiveError.self) { try Self.read(Array(bytes.prefix(length))) }
        }
    }

    @Test(arguments: [false, true]) func prefixesOfMembersAreRead(isCompressed: Bool) throws {
        let bytes = Self.bytes(of: Self.members, isCompressed: isCompressed)
        let archive = try ZipArchive(SharedBytes(bytes), path: "some/file.zip")
        for (count, expected) in [(0, 0), (1, 1), (4999, 4999), (5000, 5000), (9000, 5000)] {
            #expect(try archive.prefix(of: archive.members[1], count: count).count == expected)
        }
    }

    @Test func storedMembersAreAligned() throws {
        let archive = try ZipArchive(SharedBytes(Self.bytes(of: Self.members)), path: "some/file.zip")
        for member in archive.members { #expect(member.bytes.lowerBound.isMultiple(of: 64)) }
    }

    /// Writes `value` at `offset` from the start of every record that begins with `signature`.
    private static func patch(_ bytes: inout [UInt8], _ signature: [UInt8], _ offset: Int, _ value: [UInt8]) {
        for i in 0..<bytes.count - 3 where Array(bytes[i..<i + 4]) == [0x50, 0x4B] + signature {
            bytes.replaceSubrange(i + offset..<i + offset + value.count, with: value)
        }
    }

    /// With a field replaced in the header of every member, and in every directory entry, two bytes later.
    private static func patched(_ bytes: [UInt8], _ offset: Int, _ value: [UInt8]) -> [UInt8] {
        var bytes = bytes
        patch(&bytes, [3, 4], offset, value)
        patch(&bytes, [1, 2], offset + 2, value)
        return bytes
    }

    private static func patchedEnd(_ bytes: [UInt8], _ offset: Int, _ value: [UInt8]) -> [UInt8] {
        var bytes = bytes
        patch(&bytes, [5, 6], offset, value)
        return bytes
    }

    @Test(arguments: [false, true]) func malformedMembersAreRefusedWithAReason(isCompressed: Bool) throws {
        let contents = [UInt8](repeating: 1, count: 300)
        let bytes = Self.bytes(of: [("a.npy", contents)], isCompressed: isCompressed)
        #expect(throws: Never.self) { try Self.read(bytes) }
        let twice = Self.bytes(of: [("a.npy", contents), ("a.npy", contents)], isCompressed: isCompressed)
        Self.expectRefusal("\"a.npy\" twice", twice)
        for bit in [0, 6, 13] {
            let flags = [UInt8(truncatingIfNeeded: 1 << bit), UInt8(truncatingIfNeeded: (1 << bit) >> 8)]
            Self.expectRefusal("is encrypted", Self.patched(bytes, 6, flags))
        }
        Self.expectRefusal("compression method 12", Self.patched(bytes, 8, [12, 0]))
        Self.expectRefusal("does not match its checksum", Self.patched(bytes, 14, [1, 2, 3, 4]))
        Self.expectRefusal("cannot have", Self.patched(bytes, 22, [0, 0, 0, 0x40]))
        Self.expectRefusal("cannot have", Self.patched(bytes, 22, [0xFF, 0xFF, 0xFF, 0x7F]))
        var name = bytes
        Self.patch(&name, [3, 4], 30, [0xE4])
        Self.patch(&name, [1, 2], 46, [0xE4])
        Self.expectRefusal("not UTF-8", name)
        var header = bytes
        Self.patch(&header, [3, 4], 14, [9])
        Self.expectRefusal("differs from its entry", header)
    }

    @Test(arguments: [false, true]) func malformedDirectoriesAreRefusedWithAReason(isCompressed: Bool) throws {
        let bytes = Self.bytes(of: [("a.npy", [UInt8](repeating: 1, count: 300))], isCompressed: isCompressed)
        Self.expectRefusal("several files", Self.patchedEnd(bytes, 4, [1, 0]))
        Self.expectRefusal("2 entries", Self.patchedEnd(Self.patchedEnd(bytes, 8, [2, 0]), 10, [2, 0]))
        Self.expectRefusal("not where it should be", Self.patchedEnd(bytes, 12, [1]))
        Self.expectRefusal("not where it should be", Self.patchedEnd(bytes, 16, [1]))
        Self.expectRefusal("not where it should be", [0x50, 0x4B] + bytes)
        Self.expectRefusal("not a zip archive", [0] + bytes)
        Self.expectRefusal("directory is missing", bytes + [0])
    }

    @Test func aTrailingCommentIsAllowed() throws {
        let bytes = Self.patchedEnd(Self.bytes(of: Self.members), 20, [5, 0]) + Array("hello".utf8)
        #expect(try Self.read(bytes).map(\.name) == ["one", "two", "none"])
    }

    /// A plausible but wrong size is noticed.
    @Test func decompressionIsBounded() {
        let contents = (0..<100_000).map { UInt8($0 % 251) }
        let bytes = Self.bytes(of: [("a", contents)], isCompressed: true)
        #expect(throws: Never.self) { try Self.read(bytes) }
        for (size, words) in [(100_001, "too few"), (99_999, "more than")] {
            let field = (0..<4).map { UInt8(truncatingIfNeeded: size >> (8 * $0)) }
            Self.expectRefusal(words, Self.patched(bytes, 22, field))
        }
    }

    /// Nested members, as in zip bombs.
    @Test func overlappingMembersAreRefused() throws {
        let inner = Self.bytes(of: [("b.npy", [1, 2, 3, 4])], isCompressed: true)
        let size = inner.count - 22 - 46 - 5
        var nested = Self.bytes(of: [("a.npy", Array(inner[..<size]))])
        // An additional entry for the nested member.
        let end = nested.count - 22
        nested.insert(contentsOf: inner[size..<size + 51], at: end)
        nested.replaceSubrange(end + 42..<end + 46, with: [64, 0, 0, 0])
        nested = Self.patchedEnd(nested, 8, [2, 0, 2, 0])
        nested = Self.patchedEnd(nested, 12, [102])
        Self.expectRefusal("overlap", nested)
    }
}
