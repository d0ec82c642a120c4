extension [Page] {
    /// The identifiers of the lines in an XML document: their own, so that other programs find their lines again, if all
    /// have one that is allowed there; else numbers.
    var lineIdentifiers: [[String]] {
        let own = flatMap { $0.lines.map(\.id) }
        let isUsable =
            Set(own).count == own.count
            && own.allSatisfy { id in id.map { Self.isName($0) && !Self.isReserved($0) } ?? false }
        return enumerated().map { index, page in
            page.lines.enumerated().map { number, line in
                isUsable ? line.id ?? "" : "line_\(index + 1)_\(number + 1)"
            }
        }
    }

    /// Whether a text may be an identifier (XML 1.0, NCName, of ASCII characters).
    private static func isName(_ id: String) -> Bool {
        guard let first = id.utf8.first, UInt8(ascii: "0") > first || first > UInt8(ascii: "9") else { return false }
        return first != UInt8(ascii: "-") && first != UInt8(ascii: ".")
            && id.unicodeScalars.allSatisfy { scalar in
                scalar.isASCII && (scalar.properties.isAlphabetic || "0123456789_-.".unicodeScalars.contains(scalar))
            }
    }

    /// Whether the writers use such identifiers for other elements.
    private static func isReserved(_ id: String) -> Bool {
        ["page_", "block_", "string_", "region_", "word_", "processing"].contains { id.hasPrefix($0) }
    }
}
