#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// Names that are not UTF-8, as old ones in Latin-1 are.
///
/// The text of a path has a character of U+EF80…U+EFFF, for private use, in place of each byte that is not UTF-8, so
/// that no two names have the same text. Characters of that range in a name are replaced byte by byte, too.
extension File {
    private static let escapes: ClosedRange<UInt32> = 0xEF80...0xEFFF

    /// The text of a path or name with the bytes that the system knows it by.
    package static func path(decoding bytes: [UInt8]) -> String {
        if let text = String(validating: bytes, as: UTF8.self), !text.unicodeScalars.contains(where: isEscape) {
            return text
        }
        var text = String.UnicodeScalarView()
        func append(_ bytes: ArraySlice<UInt8>) {
            for byte in bytes { text.append(Unicode.Scalar(0xEF00 + UInt32(byte)) ?? "\u{FFFD}") }
        }
        var position = 0
        while position < bytes.count {
            // No character has more than four bytes.
            let ends = (1...4).map { position + $0 }.filter { $0 <= bytes.count }
            let end = ends.first { String(validating: bytes[position..<$0], as: UTF8.self) != nil } ?? position + 1
            let scalar = String(validating: bytes[position..<end], as: UTF8.self)?.unicodeScalars.first
            if let scalar, !isEscape(scalar) { text.append(scalar) } else { append(bytes[position..<end]) }
            position = end
        }
        return String(text)
    }

    /// The bytes of a path.
    private static func bytes(of path: String) -> [UInt8] {
        guard path.unicodeScalars.contains(where: isEscape) else { return Array(path.utf8) }
        return path.unicodeScalars.flatMap { isEscape($0) ? [UInt8($0.value & 0xFF)] : Array(String($0).utf8) }
    }

    private static func isEscape(_ scalar: Unicode.Scalar) -> Bool { escapes.contains(scalar.value) }

    /// The bytes of a path for functions of the system, ending in zero.
    package static func systemPath(_ path: String) -> [CChar] { (bytes(of: path) + [0]).map { CChar(bitPattern: $0) } }

    /// A path, or a text with paths, as it can be shown: with U+FFFD for what is not UTF-8.
    package static func shown(_ text: String) -> String {
        text.unicodeScalars.contains(where: isEscape) ? String(decoding: bytes(of: text), as: UTF8.self) : text
    }

    /// A number of bytes as it can be shown: `812 kB`, `3 MB`, `1.5 GB`.
    package static func shown(bytes: Int) -> String {
        switch bytes {
        case ..<1_000_000: "\((bytes + 999) / 1000) kB"
        case ..<1_000_000_000: "\((bytes + 999_999) / 1_000_000) MB"
        default: "\((Double(bytes) / 1e8).rounded() / 10) GB"
        }
    }

    /// The text of a path that ends in zero.
    static func path(decoding bytes: UnsafePointer<CChar>) -> String {
        path(decoding: Array(UnsafeRawBufferPointer(start: bytes, count: strlen(bytes))))
    }

    /// The arguments of the program, without its name.
    package static var programArguments: [String] {
        (1..<max(Int(CommandLine.argc), 1)).compactMap { index in
            CommandLine.unsafeArgv[index].map { path(decoding: UnsafePointer($0)) }
        }
    }
}
