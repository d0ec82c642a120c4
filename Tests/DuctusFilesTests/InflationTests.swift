import DuctusFiles
import DuctusTestSupport
import Testing

@Suite struct InflationTests {
    @Test func gzipFilesAreInflated() throws {
        let contents = (0..<600_000).map { UInt8($0 % 7) }
        let packed = gzipped(contents)
        #expect(try File.inflate(packed, name: "a.gz") == contents)
        #expect(try File.inflatePrefix(packed, name: "a.gz", count: 300_001) == Array(contents.prefix(300_001)))
        #expect(try File.inflate(gzipped([]), name: "empty.gz").isEmpty)
    }

    @Test func membersAreJoinedAndPaddingIsIgnored() throws {
        #expect(try File.inflate(gzipped([1]) + gzipped([2, 3]) + [0, 0], name: "members.gz") == [1, 2, 3])
    }

    @Test func outputIsBounded() throws {
        let contents = (0..<600_000).map { UInt8($0 % 7) }
        let packed = gzipped(contents)
        #expect(try File.inflate(packed, name: "a.gz", maximumBytes: contents.count) == contents)
        #expect(throws: FileError(file: "a.gz", reason: .tooLarge(maximumBytes: 599_999))) {
            try File.inflate(packed, name: "a.gz", maximumBytes: 599_999)
        }
    }

    @Test func damagedFilesAreRefused() {
        let packed = gzipped((0..<2000).map { UInt8($0 % 13) })
        for count in 0..<packed.count {
            #expect(throws: FileError.self) { try File.inflate(Array(packed.prefix(count)), name: "cut.gz") }
        }
        var damaged = packed
        damaged[packed.count - 5] ^= 1
        #expect(throws: FileError(file: "a.gz", reason: .corrupt)) { try File.inflate(damaged, name: "a.gz") }
        #expect(throws: FileError(file: "a.gz", reason: .truncated)) { try File.inflate(packed + [1], name: "a.gz") }
    }
}
