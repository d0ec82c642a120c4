import DuctusFiles
import DuctusTestSupport
import Testing

@Suite struct FileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test(arguments: [[], [7], (0..<100_000).map { UInt8($0 % 251) }] as [[UInt8]])
    func whatIsWrittenIsReadBack(bytes: [UInt8]) throws {
        let path = try folder.write(bytes, to: "file")
        #expect(try File.readBytes(path) == bytes)
        #expect(File.size(path) == bytes.count)
        #expect(File.names(in: folder.path) == ["file"])
    }

    @Test func largeFilesAreRefused() throws {
        let path = try folder.write([1, 2, 3], to: "file")
        #expect(try File.readBytes(path, maximumBytes: 3) == [1, 2, 3])
        #expect(throws: FileError(file: path, reason: .tooLarge(maximumBytes: 2))) {
            try File.readBytes(path, maximumBytes: 2)
        }
        // A device has no size, so only the bound stops it.
        #expect(throws: FileError(file: "/dev/zero", reason: .tooLarge(maximumBytes: 1000))) {
            try File.readBytes("/dev/zero", maximumBytes: 1000)
        }
    }

    @Test func directoriesAndMissingFilesAreRefused() throws {
        let path = try folder.write([1, 2, 3], to: "file")
        #expect(throws: FileError(file: folder.path, reason: .isDirectory)) { try File.readBytes(folder.path) }
        #expect(throws: FileError(file: folder.path, reason: .isDirectory)) { try File.write([], to: folder.path) }
        #expect(throws: FileError(file: path + "/x", reason: .missing)) { try File.readBytes(path + "/x") }
    }

    @Test func devicesAreWrittenToNotReplaced() throws {
        try File.write([1, 2, 3], to: "/dev/null")
        #expect(try File.readBytes("/dev/null").isEmpty)
    }

    @Test func leadingEnvironmentVariablesAreExpanded() throws {
        let value = try #require(File.environment("PATH"))
        #expect(try File.expanded("$PATH", file: "x.json") == value)
        #expect(try File.expanded("$PATH/iam/lines", file: "x.json") == value + "/iam/lines")
        for path in ["", "/data/iam", "data/$PATH", "./$PATH"] {
            #expect(try File.expanded(path, file: "x.json") == path)
        }
    }

    @Test(arguments: ["$DUCTUS_IS_NOT_SET/iam", "$DUCTUS_IS_NOT_SET"])
    func unsetVariablesAreNamed(path: String) {
        let error = #expect(throws: ConfigurationError.self) { try File.expanded(path, file: "x.json") }
        #expect(
            error?.description
                == "x.json: the path \(path) needs the environment variable DUCTUS_IS_NOT_SET, which is not set.")
    }
}
