import DuctusFiles
import DuctusTestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

@Suite struct FileNamesTests {
    /// Latin-1, truncated and overlong UTF-8, surrogates, and the characters for private use themselves.
    static let names: [[UInt8]] = [
        Array("plain".utf8), Array("été 日本 👩‍👩‍👧".utf8), Array("caf".utf8) + [0xE9], Array("caf".utf8) + [0xE8],
        [0xE9, 0x2F, 0xFF], [0xE2, 0x82], [0xE2, 0x82, 0xAC, 0xE2], [0xC0, 0x80], [0xED, 0xA0, 0x80],
        Array("\u{EFE9}".utf8), [0xE9], Array("e\u{301}".utf8), [0xF0, 0x9F, 0x91], [0x80, 0xBF],
    ]

    @Test(arguments: names) func everyNameHasItsText(name: [UInt8]) {
        let text = File.path(decoding: name)
        #expect(File.systemPath(text).map { UInt8(bitPattern: $0) } == name + [0])
        #expect(File.shown(text) == String(decoding: name, as: UTF8.self))
    }

    @Test func differentNamesHaveDifferentTexts() {
        #expect(Set(Self.names.map { Array(File.path(decoding: $0).unicodeScalars) }).count == Self.names.count)
    }

    #if canImport(Glibc)
        /// Only some file systems have such names.
        @Test func filesInLatin1AreFound() throws {
            let folder = try TemporaryFolder()
            let names = [[UInt8(0xE8)], [0xE9]].map { File.path(decoding: Array("caf".utf8) + $0) }
            for (index, name) in names.enumerated() {
                try File.createDirectory(folder.file(name))
                try File.write([UInt8(index)], to: folder.file("\(name)/\(name)"))
            }
            #expect(Set(File.names(in: folder.path)) == Set(names))
            for (index, name) in names.enumerated() {
                let file = folder.file("\(name)/\(name)")
                #expect(try File.readBytes(file) == [UInt8(index)])
                #expect(File.exists(file))
                #expect(File.size(file) == 1)
                #expect(File.isDirectory(folder.file(name)))
                #expect(File.isSame(file, folder.file("\(name)/../\(name)/\(name)")))
                #expect(File.path(of: file, from: folder.path) == "\(name)/\(name)")
                try File.remove(file)
                #expect(File.names(in: folder.file(name)) == [])
                try File.removeDirectory(folder.file(name))
            }
        }
    #endif

    @Test(arguments: [
        ("a/b.c", "a", "b.c", "b"), ("b", ".", "b", "b"), ("/b.tar.gz", "/", "b.tar.gz", "b.tar"),
        (".b", ".", ".b", ".b"),
        ("a/b/", "a/b", "", ""),
    ])
    func pathsHaveParts(path: String, directory: String, name: String, stem: String) {
        #expect(File.directory(of: path) == directory)
        #expect(File.name(of: path) == name)
        #expect(File.stem(of: path) == stem)
    }
}
