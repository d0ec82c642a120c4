import DuctusTensors
import DuctusTestSupport
import Testing

/// Every malformed safetensors file is rejected with a message that names the file and the problem.
@Suite struct MalformedArchiveTests {
    static func file(_ header: String, data: Int = 0, length: UInt64? = nil) -> [UInt8] {
        let length = length ?? UInt64(header.utf8.count)
        return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array(header.utf8)
            + Array(repeating: 1, count: data)
    }

    static func entry(_ from: String, _ to: String) -> String { entry("F32", "[2]", from, to) }

    static func entry(_ type: String, _ shape: String, _ from: String, _ to: String) -> String {
        "{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":[\(from),\(to)]}"
    }

    /// Reads an archive and all of its tensors, and returns the error message, if any.
    static func complaint(_ bytes: [UInt8]) throws -> String? {
        do {
            let archive = try TensorArchive(bytes, path: "some/file.safetensors")
            for name in archive.names where archive.elementType(of: name) == .float32 {
                _ = try archive.tensor(name, as: Float.self)
            }
            return nil
        } catch let error as ArchiveError {
            #expect(error.path == "some/file.safetensors")
            #expect(error.description.hasPrefix("some/file.safetensors: "))
            #expect(!error.description.contains("\n"))
            #expect(error.description.hasSuffix("."))
            return error.problem
        }
    }

    struct Malformed: CustomStringConvertible, Sendable {
        let description: String
        let bytes: [UInt8]
        let words: [String]

        init(_ name: String, _ bytes: [UInt8], _ words: String...) {
            (description, self.bytes, self.words) = (name, bytes, words)
        }
    }

    static let layouts: [Malformed] = [
        Malformed(
            "overlap", file("{\"a\":\(entry("0", "8")),\"b\":\(entry("4", "12"))}", data: 12), "\"b\"", "overlaps"),
        Malformed(
            "same place", file("{\"a\":\(entry("0", "8")),\"b\":\(entry("0", "8"))}", data: 8), "\"b\"", "overlaps"),
        Malformed("gap", file("{\"a\":\(entry("0", "8")),\"b\":\(entry("9", "17"))}", data: 17), "\"b\"", "gap"),
        Malformed("gap at the start", file("{\"a\":\(entry("1", "9"))}", data: 9), "\"a\"", "gap"),
        Malformed("out of range", file("{\"a\":\(entry("0", "8"))}", data: 7), "\"a\"", "truncated"),
        Malformed(
            "far out of range", file("{\"a\":\(entry("9223372036854775799", "9223372036854775807"))}", data: 8), "\"a\""
        ),
        Malformed("trailing bytes", file("{\"a\":\(entry("0", "8"))}", data: 11), "3 bytes after the last tensor"),
        Malformed("data without tensors", file("{}", data: 1), "1 bytes after the last tensor"),
        Malformed("backwards", file("{\"a\":\(entry("8", "0"))}", data: 8), "\"a\"", "range"),
        Malformed("too few bytes", file("{\"a\":\(entry("0", "4"))}", data: 4), "\"a\"", "4 bytes", "need 8"),
        Malformed("too many bytes", file("{\"a\":\(entry("F32", "[]", "0", "8"))}", data: 8), "\"a\"", "need 4"),
        Malformed("negative offset", file("{\"a\":\(entry("-8", "0"))}", data: 0), "\"a\"", "range"),
        Malformed("fraction", file("{\"a\":\(entry("0", "8.0"))}", data: 8), "\"a\"", "range"),
        Malformed("offset beyond 64 bits", file("{\"a\":\(entry("0", "99999999999999999999"))}"), "\"a\"", "range"),
        Malformed("three offsets", file("{\"a\":\(entry("0", "8,8"))}", data: 8), "\"a\"", "range"),
    ]

    static let shapes: [Malformed] = [
        Malformed("negative extent", file("{\"a\":\(entry("F32", "[-2]", "0", "8"))}", data: 8), "\"a\"", "shape"),
        Malformed(
            "two negative extents", file("{\"a\":\(entry("F32", "[-1,-2]", "0", "8"))}", data: 8), "\"a\"", "shape"),
        Malformed(
            "text for an extent", file("{\"a\":\(entry("F32", "[\"2\"]", "0", "8"))}", data: 8), "\"a\"", "shape"),
        Malformed("number for a shape", file("{\"a\":\(entry("F32", "2", "0", "8"))}", data: 8), "\"a\"", "shape"),
        Malformed(
            "overflowing shape", file("{\"a\":\(entry("F32", "[4294967296,4294967296]", "0", "0"))}"), "\"a\"", "large"),
        Malformed(
            "overflowing bytes", file("{\"a\":\(entry("F64", "[2305843009213693952]", "0", "0"))}"), "\"a\"", "large"),
        Malformed(
            "shape that overflows though it is empty",
            file("{\"a\":\(entry("F32", "[0,4294967296,4294967296]", "0", "0"))}"), "\"a\"", "large"),
        Malformed(
            "shape that overflows before it is empty",
            file("{\"a\":\(entry("F32", "[4294967296,4294967296,0]", "0", "0"))}"), "\"a\"", "large"),
        Malformed(
            "extent beyond 64 bits", file("{\"a\":\(entry("F32", "[18446744073709551616]", "0", "0"))}"), "\"a\""),
    ]

    static let headers: [Malformed] = [
        Malformed("empty file", [], "0 bytes"),
        Malformed("seven bytes", Array(repeating: 0, count: 7), "7 bytes"),
        Malformed("no header", file(""), "malformed header"),
        Malformed("endless header", file("{}", length: .max), "\(UInt64.max)", "limit"),
        Malformed("header over the limit", file("{}", length: 100_000_001), "100000001", "100000000"),
        Malformed("header over the file", file("{}", length: 100_000_000), "truncated", "100000000"),
        Malformed("list", file("[]"), "not an object"),
        Malformed("number", file("12"), "not an object"),
        Malformed("nothing", file("null"), "not an object"),
        Malformed("not JSON", file("{a:1}"), "malformed header at byte 9"),
        Malformed("open object", file("{\"a\":"), "malformed header"),
        Malformed("text after it", file("{}x"), "malformed header at byte 10"),
        Malformed("control characters", file("{\"a\n\":1}"), "malformed header"),
        Malformed("bytes that are no text", file("{\"", length: 4) + [0xFF, 0x22], "malformed header", "UTF-8"),
        Malformed("deep nesting", file(String(repeating: "[", count: 100_000)), "deep"),
        Malformed("key twice", file("{\"a\":\(entry("0", "8")),\"a\":\(entry("0", "8"))}", data: 8), "\"a\"", "twice"),
        Malformed(
            "key twice, once escaped", file("{\"a\":\(entry("0", "8")),\"\\u0061\":\(entry("0", "8"))}", data: 8),
            "\"a\"",
            "twice"),
        Malformed(
            "field twice",
            file("{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F64\",\"shape\":[2],\"data_offsets\":[0,8]}}", data: 8),
            "\"dtype\"", "twice"),
        Malformed("notes twice", file("{\"__metadata__\":{},\"__metadata__\":{}}"), "\"__metadata__\"", "twice"),
        Malformed("note that is no text", file("{\"__metadata__\":{\"a\":1}}"), "\"__metadata__\"", "strings"),
        Malformed("notes that are no object", file("{\"__metadata__\":[]}"), "\"__metadata__\"", "strings"),
        Malformed("tensor that is no object", file("{\"a\":[]}"), "\"a\"", "dtype, shape and data_offsets"),
        Malformed("missing field", file("{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}"), "\"a\"", "data_offsets"),
        Malformed(
            "unknown field",
            file("{\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0],\"more\":1}}"), "\"a\"", "nothing else"
        ),
        Malformed(
            "type that is no text", file("{\"a\":{\"dtype\":1,\"shape\":[],\"data_offsets\":[0,0]}}"), "\"a\"", "dtype"),
    ]

    @Test(arguments: layouts + shapes + headers) func malformedFilesAreRejectedWithAReason(malformed: Malformed) throws
    {
        let complaint = try #require(try Self.complaint(malformed.bytes))
        for word in malformed.words { #expect(complaint.contains(word)) }
    }

    @Test func truncatedFilesAreRejected() throws {
        let whole = TensorArchiveTests.sample().encoded()
        #expect(try Self.complaint(whole) == nil)
        for length in 0..<whole.count {
            #expect(try Self.complaint(Array(whole.prefix(length))) != nil, "cut to \(length) of \(whole.count) bytes")
        }
    }

    /// No single changed byte crashes the reader; most are noticed, and the others change a value or a name.
    @Test func changedBytesNeverCrash() throws {
        let whole = TensorArchiveTests.sample().encoded()
        for position in 0..<min(whole.count, 900) {
            for value: UInt8 in [0, UInt8(ascii: "9"), UInt8(ascii: "\""), 0x7F, 0xFF] {
                var changed = whole
                changed[position] = value
                _ = try Self.complaint(changed)
            }
        }
    }

    @Test func boolsMustBeZeroOrOne() throws {
        let bytes = Self.file("{\"a\":\(Self.entry("BOOL", "[2]", "0", "2"))}") + [1, 2]
        let archive = try TensorArchive(bytes, path: "f")
        let error = #expect(throws: ArchiveError.self) { try archive.tensor("a", as: Bool.self) }
        #expect(error?.problem.contains("\"a\"") == true)
    }

    /// Tensors of an unknown type, with too many axes, and with an unknown type of a size that no tensor has.
    static let unreadable = [
        entry("F8_E4M3", "[2,4]", "8", "16"), entry("F32", "[1,1,1,1,1,1,1,1,2]", "8", "16"),
        entry("C64", "[4294967296,4294967296]", "8", "16"),
    ]

    /// They do not keep anybody from reading the others.
    @Test(arguments: unreadable) func tensorsThatCannotBeReadAreKept(last: String) throws {
        let bytes = Self.file("{\"a\":\(Self.entry("0", "8")),\"b\":\(last)}", data: 16)
        let archive = try TensorArchive(bytes, path: "f")
        #expect(archive.names == ["a", "b"])
        #expect(try archive.tensor("a", as: Float.self).shape == [2])
        #expect(archive.shape(of: "b") == nil)
        #expect(archive.elementType(of: "b") == nil)
        let error = #expect(throws: ArchiveError.self) { try archive.tensor("b", as: Float.self) }
        #expect(error?.problem.hasPrefix("tensor \"b\" has dtype ") == true)
        let copy = try TensorArchive(archive.encoded(), path: "memory")
        #expect(copy.names == ["a", "b"])
        #expect(copy.encoded() == archive.encoded())
    }

    /// They must lie where the others leave room for them.
    @Test func tensorsThatCannotBeReadHaveTheirPlace() throws {
        let header = "{\"a\":\(Self.entry("0", "8")),\"b\":\(Self.entry("C64", "[1]", "4", "12"))}"
        #expect(try Self.complaint(Self.file(header, data: 12))?.contains("overlaps") == true)
    }

    /// Unusual but valid: spaces around the header, keys in any order, empty tensors anywhere.
    @Test func unusualButValidFilesAreRead() throws {
        let header =
            "  { \"b\" : \(Self.entry("F32", "[0, 5]", "8", "8")) , \"a\":\(Self.entry("0", "8"))\n,"
            + "\"c\":\(Self.entry("F32", "[0]", "0", "0"))}   "
        let archive = try TensorArchive(Self.file(header, data: 8), path: "f")
        #expect(archive.names == ["a", "b", "c"])
        #expect(try archive.tensor("b", as: Float.self).shape == [0, 5])
    }
}
