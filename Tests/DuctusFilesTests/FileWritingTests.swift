import DuctusFiles
import DuctusTestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Readers see either the old file or the new one, never a part of it.
@Suite struct FileWritingTests {
    @Test(arguments: [0, 1, 5000]) func writingReplacesTheWholeFile(count: Int) throws {
        let folder = try TemporaryFolder()
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7) }
        try File.write([UInt8](repeating: 9, count: 10_000), to: folder.file("a"))
        try File.write(bytes, to: folder.file("a"))
        #expect(try File.readBytes(folder.file("a")) == bytes)
        #expect(try folder.contents == ["a"])
    }

    @Test(arguments: [0o600, 0o644, 0o755] as [mode_t]) func aReplacedFileKeepsItsPermissions(mode: mode_t) throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a")
        try File.write([1, 2, 3], to: path)
        #expect(chmod(path, mode) == 0)
        try File.write([4], to: path)
        var status = stat()
        #expect(stat(path, &status) == 0)
        #expect(status.st_mode & 0o7777 == mode)
    }

    @Test func writingIntoAMissingFolderLeavesNothing() throws {
        let folder = try TemporaryFolder()
        let error = #expect(throws: FileError.self) { try File.write([1], to: folder.file("none/a")) }
        #expect(error?.file == folder.file("none/a"))
        #expect(error?.reason == .system("there is no such directory"))
        #expect(try folder.contents == [])
    }

    @Test func foldersAreNotReplaced() throws {
        let folder = try TemporaryFolder()
        try File.createDirectory(folder.file("a"))
        #expect(throws: FileError(file: folder.file("a"), reason: .isDirectory)) {
            try File.write([1], to: folder.file("a"))
        }
        #expect(try folder.contents == ["a"])
        #expect(File.isDirectory(folder.file("a")))
    }

    /// A file size limit simulates a full disk: the write fails halfway.
    @Test func failedWritesKeepTheOldFile() async {
        await #expect(processExitsWith: .success) {
            let folder = try TemporaryFolder()
            try File.write([1, 2, 3], to: folder.file("a"))
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit()
            #if canImport(Glibc)
                let resource = CInt(RLIMIT_FSIZE.rawValue)
            #else
                let resource = RLIMIT_FSIZE
            #endif
            guard getrlimit(resource, &limit) == 0 else { preconditionFailure("The limit cannot be read.") }
            let before = limit
            limit.rlim_cur = 1000
            guard setrlimit(resource, &limit) == 0 else { preconditionFailure("The limit cannot be set.") }
            var failure: FileError?
            do throws(FileError) {
                try File.write([UInt8](repeating: 9, count: 5000), to: folder.file("a"))
            } catch {
                failure = error
            }
            limit = before
            setrlimit(resource, &limit)
            precondition(
                failure?.file == folder.file("a"), "The write must fail and name the file; got \(failure as Any).")
            let kept = try File.readBytes(folder.file("a"))
            precondition(kept == [1, 2, 3], "The old file now holds \(kept.count) bytes.")
            let names = try folder.contents
            precondition(names == ["a"], "The folder holds \(names).")
        }
    }

    @Test func intermediateFoldersAreCreated() throws {
        let folder = try TemporaryFolder()
        for _ in 0..<2 { try File.createDirectory(folder.file("a/b/c")) }
        #expect(File.isDirectory(folder.file("a/b/c")))
        #expect(File.exists(folder.file("a/b")))
        #expect(!File.exists(folder.file("x")))
        #expect(!File.isDirectory(folder.file("x")))
        try File.write([1], to: folder.file("file"))
        #expect(!File.isDirectory(folder.file("file")))
        for path in ["file", "file/below"] {
            #expect(throws: FileError.self) { try File.createDirectory(folder.file(path)) }
        }
    }
}
