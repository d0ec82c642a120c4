/// The SHA-256 of some bytes. Contents with the same hash are the same.
///
/// ```swift
/// try ContentHash(contentsOf: "lines/a01-000u-00.png").description     // "9f86d081884c7d65…", 64 hexadecimal digits
/// ```
/// Names, dates and locations of files do not matter, so the hash of a file is the same on every machine.
///
/// Source: FIPS 180-4, *Secure Hash Standard*, 2015.
public struct ContentHash: Hashable, Sendable, CustomStringConvertible {
    /// The 32 bytes.
    public let bytes: [UInt8]

    /// The hash of bytes in memory.
    public init(_ bytes: UnsafeRawBufferPointer) { self.bytes = SHA256.hash(bytes) }

    /// The hash of bytes in memory.
    public init(_ bytes: [UInt8]) { self = bytes.withUnsafeBytes { ContentHash($0) } }

    /// The hash of a text in UTF-8.
    public init(_ text: String) { self.init(Array(text.utf8)) }

    /// The hash of several contents in their order.
    public init(combining parts: some Sequence<ContentHash>) { self.init(parts.flatMap(\.bytes)) }

    /// The hash of a file.
    /// - Throws: `FileError`.
    public init(contentsOf path: String) throws(FileError) {
        self = try SharedBytes(contentsOf: path).withUnsafeBytes { ContentHash($0) }
    }

    /// 64 hexadecimal digits.
    public var description: String { Self.hexadecimal(bytes) }

    /// Two hexadecimal digits for each byte.
    package static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// The hash that a text of 64 hexadecimal digits writes; nil for any other text.
    package init?(hexadecimal text: String) {
        let digits = text.utf8.map { Character(UnicodeScalar($0)).hexDigitValue }
        guard digits.count == 64, !digits.contains(nil) else { return nil }
        let values = digits.compactMap(\.self)
        bytes = stride(from: 0, to: 64, by: 2).map { UInt8(values[$0] << 4 | values[$0 + 1]) }
    }

    private static let digits = Array("0123456789abcdef".utf8)
}
