import DuctusFiles
import DuctusTestSupport
import Testing

@Suite struct ContentHashTests {
    /// The examples of FIPS 180-4 and of NIST's test vectors for SHA-256.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (
            "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
            "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
        ),
        (
            String(repeating: "a", count: 100_000),
            "6d1cf22d7cc09b085dfc25ee1a1f3ae0265804c607bc2074ad253bcc82fd81ee"
        ),
    ])
    func isSHA256(text: String, hash: String) {
        #expect(ContentHash(text).description == hash)
    }

    /// Lengths around those where the padding takes another block.
    @Test func knowsEveryLength() {
        let hashes = (0...130).map { ContentHash([UInt8](repeating: 0, count: $0)) }
        #expect(Set(hashes).count == 131)
        #expect(hashes[55].description.hasPrefix("02779466cdec1638"))
        #expect(hashes[64].description.hasPrefix("f5a5fd42d16a2030"))
    }

    @Test func hashesFiles() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("abc", to: "some.txt")
        #expect(try ContentHash(contentsOf: file) == ContentHash("abc"))
        #expect(try ContentHash(contentsOf: folder.write("", to: "empty")) == ContentHash(""))
        #expect(throws: FileError.self) { try ContentHash(contentsOf: "\(folder.path)/none") }
        let parts = ["a", "b"].map { ContentHash($0) }
        #expect(ContentHash(combining: parts) != ContentHash(combining: parts.reversed()))
    }
}
