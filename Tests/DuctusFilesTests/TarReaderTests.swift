import DuctusFiles
import DuctusTestSupport
import Testing

@Suite struct TarReaderTests {
    private static let files: [String: [UInt8]] = [
        "data/one.txt": Array("one\n".utf8), "data/empty": [],
        "data/\(String(repeating: "long/", count: 28))name.txt": Array("deep\n".utf8),
        "data/été.txt": (0..<1280).map { UInt8(truncatingIfNeeded: $0) },
    ]

    private static func read(_ path: String) throws -> [String: [UInt8]] {
        let archive = try TarReader(path)
        var files: [String: [UInt8]] = [:]
        while let (name, contents) = try archive.next() { files[name] = contents }
        return files
    }

    @Test(arguments: ["ustar.tar", "gnu.tar.gz", "pax.tar.gz"])
    func everyFormatIsRead(name: String) throws {
        #expect(try Self.read(Goldens.path("tar/\(name)")) == Self.files)
    }

    @Test func filesThatAreNotWantedAreSkipped() throws {
        let archive = try TarReader(Goldens.path("tar/pax.tar.gz"))
        #expect(try archive.next { $0.hasSuffix("été.txt") }?.contents == Self.files["data/été.txt"])
        #expect(try archive.next()?.name == nil)
    }

    @Test func largeFilesAreRefusedBeforeTheyAreRead() throws {
        let archive = try TarReader(Goldens.path("tar/ustar.tar"))
        let error = #expect(throws: ArchiveError.self) {
            while try archive.next(maximumBytes: 1000) != nil {}
        }
        #expect(error?.problem == "has a file of 1280 bytes, more than the 1000 allowed.")
    }

    /// An archive that is cut off anywhere is an error, or lacks only its end marker.
    @Test(arguments: ["ustar.tar", "gnu.tar.gz"])
    func truncationIsNoticed(name: String) throws {
        let folder = try TemporaryFolder()
        let bytes = try File.readBytes(Goldens.path("tar/\(name)"))
        for count in stride(from: 1, to: bytes.count, by: name.hasSuffix("gz") ? 7 : 97) {
            let path = try folder.write(Array(bytes[..<count]), to: "cut.tar")
            let files = try? Self.read(path)
            for (name, contents) in files ?? [:] { #expect(Self.files[name] == contents) }
        }
        let cut = try folder.write(Array(bytes[..<(bytes.count / 3 + 100)]), to: "cut.tar")
        #expect(throws: ArchiveError.self) { try Self.read(cut) }
    }

    @Test func damageIsNoticed() throws {
        let folder = try TemporaryFolder()
        var bytes = try File.readBytes(Goldens.path("tar/ustar.tar"))
        bytes[3] ^= 1
        let path = try folder.write(bytes, to: "damaged.tar")
        let error = #expect(throws: ArchiveError.self) { try Self.read(path) }
        #expect(isOneSentence(error?.description ?? "", about: path))
    }

    @Test func linksAreRefused() throws {
        let folder = try TemporaryFolder()
        var header = [UInt8](repeating: 0, count: 512)
        header.replaceSubrange(0..<4, with: Array("link".utf8))
        header.replaceSubrange(124..<135, with: Array("00000000000".utf8))
        header[156] = UInt8(ascii: "2")
        header.replaceSubrange(157..<168, with: Array("/etc/passwd".utf8))
        header.replaceSubrange(148..<156, with: [UInt8](repeating: 32, count: 8))
        let sum = String(header.reduce(0) { $0 + Int($1) }, radix: 8)
        header.replaceSubrange(148..<(148 + sum.utf8.count), with: Array(sum.utf8))
        header[148 + sum.utf8.count] = 0
        let path = try folder.write(header, to: "link.tar")
        let error = #expect(throws: ArchiveError.self) { try Self.read(path) }
        #expect(error?.problem.contains("neither a file nor a directory") == true)
    }
}
