import DuctusFiles
import DuctusTestSupport
import Testing

#if canImport(Glibc)
    import Glibc

    /// Names that are not UTF-8, which only some file systems allow.
    @Suite struct OpeningTests {
        private func write(_ contents: String, to name: [UInt8], in folder: TemporaryFolder) throws {
            let path = (Array("\(folder.path)/".utf8) + name + [0]).map { CChar(bitPattern: $0) }
            let file = try #require(fopen(path, "w"))
            fputs(contents, file)
            fclose(file)
        }

        @Test func aNameInLatin1IsFound() throws {
            let folder = try TemporaryFolder()
            try write("coffee", to: Array("caf".utf8) + [0xE9], in: folder)
            #expect(try File.readBytes(folder.file("caf\u{FFFD}")) == Array("coffee".utf8))
        }

        @Test func aNameWithTwoMeaningsIsMissing() throws {
            let folder = try TemporaryFolder()
            try write("coffee", to: Array("caf".utf8) + [0xE9], in: folder)
            try write("other", to: Array("caf".utf8) + [0xE8], in: folder)
            let path = folder.file("caf\u{FFFD}")
            #expect(throws: FileError(file: path, reason: .missing)) { try File.readBytes(path) }
        }
    }
#endif
