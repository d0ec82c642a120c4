import DuctusTensors
import DuctusTestSupport
import Testing

/// Every malformed NumPy file is rejected with a message that names the file and the problem.
@Suite struct MalformedNumPyTests {
    /// Reads an archive and all of its arrays, and returns the error message, if any.
    static func complaint(_ bytes: [UInt8]) throws -> String? {
        do {
            let archive = try NumPyArchive(bytes, path: "some/file.npz")
            for name in archive.names {
                switch archive.elementType(of: name) {
                case .bool: _ = try archive.tensor(name, as: Bool.self).scalars
                case .int64, .float64: _ = try archive.tensor(name, as: Double.self).scalars
                default: _ = try archive.tensor(name, as: Float.self).scalars
                }
            }
            return nil
        } catch let error as ArchiveError {
            #expect(isOneSentence(error.description, about: "some/file.npz"), "\(error)")
            return error.problem
        }
    }

    static func complaint(aboutFile bytes: [UInt8], in folder: TemporaryFolder) throws -> String? {
        let path = folder.file("x.npy")
        try File.write(bytes, to: path)
        do {
            _ = try Tensor<Float>(npy: path).scalars
            return nil
        } catch let error as ArchiveError {
            #expect(isOneSentence(error.description, about: path), "\(error)")
            return error.problem
        }
    }

    /// A file with `text` as its header.
    static func file(_ text: String, data: Int = 0, version: [UInt8] = [1, 0], length: Int? = nil) -> [UInt8] {
        let length = length ?? text.utf8.count
        let size = (0..<(version[0] == 1 ? 2 : 4)).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
        return [0x93] + Array("NUMPY".utf8) + version + size + Array(text.utf8) + Array(repeating: 0, count: data)
    }

    static func header(_ type: String = "'<f4'", _ order: String = "False", _ shape: String = "(2,)") -> String {
        "{'descr': \(type), 'fortran_order': \(order), 'shape': \(shape), }"
    }

    struct Malformed: CustomStringConvertible, Sendable {
        let description: String
        let bytes: [UInt8]
        let words: [String]

        init(_ name: String, _ bytes: [UInt8], _ words: String...) {
            (description, self.bytes, self.words) = (name, bytes, words)
        }
    }

    static let files: [Malformed] = [
        Malformed("empty", [], "not an .npy file"),
        Malformed("text", Array("hello, world".utf8), "not an .npy file"),
        Malformed("archive", [0x50, 0x4B, 3, 4], "NumPyArchive"),
        Malformed("magic alone", Array(file("").prefix(6)), "truncated"),
        Malformed("version 0", file(header(), data: 8, version: [0, 0]), "version 0.0"),
        Malformed("version 4", file(header(), data: 8, version: [4, 0]), "version 4.0"),
        Malformed("version 1.1", file(header(), data: 8, version: [1, 1]), "version 1.1"),
        Malformed("header beyond the file", file(header(), length: 9000), "truncated", "9000"),
        Malformed("header over the limit", file(header(), data: 8, length: 10_001), "10001", "limit"),
        Malformed("endless header", file(header(), data: 8, version: [2, 0], length: 0xFFFF_FFFF), "4294967295"),
        Malformed("no header", file(""), "malformed header"),
        Malformed("list", file("[]"), "malformed header"),
        Malformed("empty dictionary", file("{}"), "descr, fortran_order and shape"),
        Malformed("no shape", file("{'descr': '<f4', 'fortran_order': False}"), "shape"),
        Malformed("unknown key", file("{'descr': '<f4', 'fortran_order': False, 'shape': (), 'x': 1}"), "\"x\""),
        Malformed("key twice", file("{'shape': (), 'shape': ()}"), "\"shape\"", "twice"),
        Malformed("open dictionary", file("{'descr': '<f4', 'fortran_order': False, 'shape': ()"), "lacks }"),
        Malformed("text after it", file(header() + "x", data: 8), "after its end"),
        Malformed("open string", file("{'descr"), "string"),
        Malformed("escape", file(header("'<f\\x34'"), data: 8), "escapes or control"),
        Malformed("control character", file(header("'<f4\u{7}'"), data: 8), "escapes or control"),
        Malformed("number for a type", file(header("4"), data: 8), "string"),
        Malformed("number for an order", file(header("'<f4'", "0"), data: 8), "True nor False"),
        Malformed("lower case", file(header("'<f4'", "false"), data: 8), "True nor False"),
        Malformed("no tuple", file(header("'<f4'", "False", "(2)"), data: 8), "tuple"),
        Malformed("list for a shape", file(header("'<f4'", "False", "[2]"), data: 8), "lacks ("),
        Malformed("negative extent", file(header("'<f4'", "False", "(-2,)"), data: 8), "invalid size"),
        Malformed("fraction", file(header("'<f4'", "False", "(2.0,)"), data: 8), "lacks )"),
        Malformed("nine axes", file(header("'<f4'", "False", "(1,1,1,1,1,1,1,1,2)"), data: 8), "9 axes", "8"),
        Malformed("extent beyond 64 bits", file(header("'<f4'", "False", "(18446744073709551616,)")), "invalid size"),
        Malformed("overflowing shape", file(header("'<f4'", "False", "(4294967296, 4294967296)")), "too large"),
        Malformed("overflowing bytes", file(header("'<f8'", "False", "(2305843009213693952,)")), "too large"),
        Malformed("overflow though empty", file(header("'<f4'", "False", "(0, 4294967296, 4294967296)")), "large"),
        Malformed("larger than memory", file(header("'<f4'", "False", "(1000000000000,)"), data: 8), "4000000000000"),
        Malformed("too short", file(header(), data: 7), "truncated", "needs 8 bytes", "has 7"),
        Malformed("too long", file(header(), data: 9), "1 bytes after"),
        Malformed("no byte order", file(header("'f4'"), data: 8), "\"f4\""),
        Malformed("wrong byte order", file(header("'|f4'"), data: 8), "\"|f4\""),
        Malformed("own byte order", file(header("'=f4'"), data: 8), "\"=f4\""),
        Malformed("unknown type", file(header("'<f3'"), data: 8), "\"<f3\""),
        Malformed("no type", file(header("''"), data: 8), "\"\""),
        Malformed("raw bytes", file(header("'|V2'"), data: 8), "structured"),
        Malformed("structured", file(header("[('x', '<f4')]"), data: 8), "structured"),
        Malformed("objects", file(header("'|O'"), data: 8), "run code"),
        Malformed("flags of another kind", file(header("'|b1'", "False", "(9,)"), data: 8) + [2], "byte 2"),
    ]

    @Test(arguments: files) func malformedFilesAreRejectedWithAReason(malformed: Malformed) throws {
        let complaint = try #require(try Self.complaint(aboutFile: malformed.bytes, in: TemporaryFolder()))
        for word in malformed.words { #expect(complaint.contains(word), "\(complaint)") }
    }

    /// Unusual but valid headers.
    @Test(arguments: [
        file("{\"shape\":(2,),\"fortran_order\":True,\"descr\":\"<f4\"}", data: 8),
        file("  { 'descr' : '>f4' ,\n'fortran_order':False , 'shape' : ( 1 , 2 ) }  \n\n", data: 8),
        file(header("'<f8'"), data: 16), file(header("'<V2'"), data: 4),
        file(header("'<f4'", "False", "(2L,)"), data: 8), file(header("'<f4'", "True", "(1,2,)"), data: 8),
    ])
    func unusualButValidFilesAreRead(bytes: [UInt8]) throws {
        #expect(try Self.complaint(aboutFile: bytes, in: TemporaryFolder()) == nil)
    }

    static func sample(compressed: Bool) throws -> [UInt8] {
        var archive = NumPyArchive()
        archive.set("weight", to: Tensor<Float>.sample([3, 5]))
        archive.set("labels", to: [3, -1, 4] as Tensor<Int32>)
        archive.set("flag", to: Tensor(true))
        return try archive.encoded(compressed: compressed)
    }

    @Test func truncatedFilesAreRejected() throws {
        let folder = try TemporaryFolder()
        let whole = Self.file(Self.header(), data: 8)
        #expect(try Self.complaint(aboutFile: whole, in: folder) == nil)
        for length in 0..<whole.count {
            #expect(try Self.complaint(aboutFile: Array(whole.prefix(length)), in: folder) != nil, "cut to \(length)")
        }
    }

    @Test(arguments: [false, true]) func truncatedArchivesAreRejected(compressed: Bool) throws {
        let streamed = try File.readBytes(NumPyFixtures.path("streamed.npz"))
        for whole in [try Self.sample(compressed: compressed), streamed] {
            #expect(try Self.complaint(whole) == nil)
            for length in 0..<whole.count {
                #expect(try Self.complaint(Array(whole.prefix(length))) != nil, "cut to \(length) of \(whole.count)")
                #expect(try Self.complaint(Array(whole.suffix(length))) != nil, "the last \(length) of \(whole.count)")
            }
        }
    }

    /// No changed byte crashes the reader, and the checksum always reveals changed elements.
    @Test(arguments: [false, true]) func changedBytesNeverCrash(compressed: Bool) throws {
        let whole = try Self.sample(compressed: compressed)
        let names = try NumPyArchive(whole, path: "memory").names
        var unnoticed = 0
        for position in whole.indices {
            for change: UInt8 in [1, 0x80, 0xFF] {
                var changed = whole
                changed[position] ^= change
                if try Self.complaint(changed) == nil {
                    unnoticed += 1
                    // Only times, versions, attributes and padding go unchecked.
                    let archive = try NumPyArchive(changed, path: "memory")
                    #expect(archive.names == names)
                    #expect(try archive.encoded(compressed: compressed) == whole, "byte \(position)")
                }
            }
        }
        #expect(unnoticed < whole.count * 3 / 4)
    }

    /// Random damage of several bytes at a time: changed, removed or inserted.
    @Test(arguments: 0..<4) func damagedArchivesNeverCrash(seed: Int) throws {
        var random = RandomStream(seed: UInt64(seed))
        let originals = [
            try Self.sample(compressed: false), try Self.sample(compressed: true),
            try File.readBytes(NumPyFixtures.path("streamed.npz")),
        ]
        for round in 0..<1000 {
            var bytes = originals[round % originals.count]
            for _ in 0...Int.random(in: 0..<4, using: &random) {
                let position = Int.random(in: bytes.indices, using: &random)
                switch Int.random(in: 0..<6, using: &random) {
                case 0: bytes.remove(at: position)
                case 1: bytes.insert(UInt8.random(in: 0...255, using: &random), at: position)
                case 2: bytes[position] = 0xFF
                default: bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                }
            }
            _ = try Self.complaint(bytes)
        }
    }

    @Test func membersThatAreNoArraysAreLeftOut() throws {
        var writer = ZipWriter()
        Array("hello".utf8).withUnsafeBytes { writer.add("read.me", [$0], isCompressed: false) }
        let array = Self.file(Self.header("'|u1'", "False", "(3,)")) + [1, 2, 3]
        array.withUnsafeBytes { writer.add("a.npy", [$0], isCompressed: false) }
        let archive = try NumPyArchive(writer.finished(), path: "some/file.npz")
        #expect(archive.names == ["a"])
        #expect(try archive.tensor("a", as: UInt8.self) == [1, 2, 3])
    }

    @Test func damagedArraysAreNamed() throws {
        var bytes = Self.file(Self.header("'|u1'", "False", "(3,)")) + [1, 2, 3]
        var writer = ZipWriter()
        bytes.withUnsafeBytes { writer.add("a.npy", [$0], isCompressed: false) }
        bytes = writer.finished()
        let last = try #require(bytes.indices.first { bytes[$0...].starts(with: [1, 2, 3]) }) + 2
        bytes[last] = 4
        let complaint = try Self.complaint(bytes)
        #expect(complaint?.hasPrefix("array \"a\" ") == true)
        #expect(complaint?.contains("checksum") == true)
    }

    @Test func damagedFilesNeverCrash() throws {
        var random = RandomStream(seed: 7)
        let folder = try TemporaryFolder()
        let whole = try File.readBytes(NumPyFixtures.path("fortran.npy"))
        for _ in 0..<300 {
            var bytes = whole
            for _ in 0...Int.random(in: 0..<3, using: &random) {
                let position = Int.random(in: 0..<bytes.count, using: &random)
                bytes[position] = UInt8.random(in: 0...255, using: &random)
            }
            _ = try Self.complaint(aboutFile: bytes, in: folder)
        }
    }
}
