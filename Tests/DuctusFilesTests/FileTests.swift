import DuctusFiles
import DuctusTestSupport
import Testing

@Suite struct FileTests {
    @Test func writesAndReads() throws {
        let folder = try TemporaryFolder()
        for bytes in [[], [7], (0..<100_000).map { UInt8($0 % 251) }] as [[UInt8]] {
            let path = try folder.write(bytes, to: "file")
            #expect(try File.readBytes(path) == bytes)
        }
        #expect(File.names(in: folder.path) == ["file"])
    }

    @Test func refusals() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write([1, 2, 3], to: "file")
        #expect(throws: FileError(file: path, reason: .tooLarge(maximumBytes: 2))) {
            try File.readBytes(path, maximumBytes: 2)
        }
        #expect(throws: FileError(file: folder.path, reason: .isDirectory)) { try File.readBytes(folder.path) }
        #expect(throws: FileError(file: folder.path, reason: .isDirectory)) { try File.write([], to: folder.path) }
        #expect(throws: FileError(file: path + "/x", reason: .missing)) { try File.readBytes(path + "/x") }
        // A device has no size, so only the bound stops it.
        #expect(throws: FileError(file: "/dev/zero", reason: .tooLarge(maximumBytes: 1000))) {
            try File.readBytes("/dev/zero", maximumBytes: 1000)
        }
    }

    @Test func devicesAreWrittenToNotReplaced() throws {
        try File.write([1, 2, 3], to: "/dev/null")
        #expect(try File.readBytes("/dev/null").isEmpty)
    }

    @Test func inflates() throws {
        let contents = (0..<600_000).map { UInt8($0 % 7) }
        let packed = gzipped(contents)
        #expect(try File.inflate(packed, name: "a.gz") == contents)
        #expect(try File.inflate(packed, name: "a.gz", maximumBytes: contents.count) == contents)
        #expect(try File.inflate(gzipped([1]) + gzipped([2, 3]) + [0, 0], name: "members.gz") == [1, 2, 3])
        #expect(try File.inflate(gzipped([]), name: "empty.gz").isEmpty)
        #expect(throws: FileError(file: "a.gz", reason: .tooLarge(maximumBytes: 599_999))) {
            try File.inflate(packed, name: "a.gz", maximumBytes: 599_999)
        }
    }

    @Test func damagedGzipIsAnError() {
        let packed = gzipped((0..<2000).map { UInt8($0 % 13) })
        for count in 0..<packed.count {
            #expect(throws: FileError.self) { try File.inflate(Array(packed.prefix(count)), name: "cut.gz") }
        }
        var damaged = packed
        damaged[packed.count - 5] ^= 1
        #expect(throws: FileError(file: "a.gz", reason: .corrupt)) { try File.inflate(damaged, name: "a.gz") }
        #expect(throws: FileError.self) { try File.inflate(packed + [1], name: "a.gz") }
    }
}
