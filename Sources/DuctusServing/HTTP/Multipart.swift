/// The parts of a `multipart/form-data` body; RFC 7578.
package struct Multipart {
    /// A part: a field of a form, or a file.
    package struct Part: Equatable {
        package let name: String
        package let fileName: String?
        package let mediaType: String?
        package let bytes: ArraySlice<UInt8>
    }

    package let parts: [Part]

    private static let maximumParts = 100
    private static let maximumHeaderBytes = 8192

    /// - Parameters:
    ///   - body: the body.
    ///   - contentType: the field of the request with the boundary.
    /// - Throws: ``Problem`` for a body that breaks the format.
    package init(_ body: [UInt8], contentType: String) throws {
        guard let boundary = Self.parameter("boundary", in: contentType), 1...70 ~= boundary.utf8.count else {
            throw Problem.malformed("The Content-Type of a multipart body names its boundary, of 1 to 70 characters.")
        }
        let delimiter = Array("\r\n--\(boundary)".utf8)
        var rest = body[...]
        // The first delimiter may stand at the very beginning.
        if rest.starts(with: delimiter.dropFirst(2)) {
            rest = rest.dropFirst(delimiter.count - 2)
        } else if let start = rest.position(of: delimiter) {
            rest = rest[(start + delimiter.count)...]
        } else {
            throw Problem.malformed("The multipart body does not have the boundary that its Content-Type names.")
        }
        var parts: [Part] = []
        while !rest.starts(with: "--".utf8) {
            guard parts.count < Self.maximumParts else {
                throw Problem.malformed("A multipart body has at most \(Self.maximumParts) parts.")
            }
            guard rest.starts(with: "\r\n".utf8), let end = rest.dropFirst(2).position(of: delimiter),
                let blank = rest[..<end].position(of: Array("\r\n\r\n".utf8)),
                blank - rest.startIndex <= Self.maximumHeaderBytes
            else { throw Problem.malformed("A part of the multipart body does not end, or has no header.") }
            parts.append(Self.part(header: rest[..<blank], bytes: rest[(blank + 4)..<max(end, blank + 4)]))
            rest = rest[(end + delimiter.count)...]
        }
        self.parts = parts
    }

    private static func part(header: ArraySlice<UInt8>, bytes: ArraySlice<UInt8>) -> Part {
        var fields: [String: String] = [:]
        for line in String(decoding: header, as: UTF8.self).split(whereSeparator: \.isNewline) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            fields[line[..<colon].lowercased()] = String(line[line.index(after: colon)...])
        }
        let disposition = fields["content-disposition"] ?? ""
        let type = fields["content-type"].map { String($0.prefix { $0 != ";" }).lowercased() }
        return Part(
            name: parameter("name", in: disposition) ?? "", fileName: parameter("filename", in: disposition),
            mediaType: type?.filter { !$0.isWhitespace }, bytes: bytes)
    }

    /// The value of a parameter in a header field, such as `boundary` in `multipart/form-data; boundary="x"`.
    static func parameter(_ name: String, in field: String) -> String? {
        var rest = field[...]
        while let semicolon = rest.firstIndex(of: ";") {
            rest = rest[rest.index(after: semicolon)...].drop { $0 == " " || $0 == "\t" }
            guard let equals = rest.firstIndex(of: "=") else { return nil }
            let key = rest[..<equals]
            rest = rest[rest.index(after: equals)...]
            var value = ""
            if rest.first == "\"" {
                rest = rest.dropFirst()
                while let character = rest.popFirst(), character != "\"" {
                    value.append(character == "\\" ? rest.popFirst() ?? "\\" : character)
                }
            } else {
                value = String(rest.prefix { $0 != ";" && $0 != " " })
                rest = rest.dropFirst(value.count)
            }
            if key.lowercased() == name { return value }
        }
        return nil
    }
}

extension ArraySlice<UInt8> {
    /// The first position of a pattern. Only places of its first byte are compared.
    fileprivate func position(of pattern: [UInt8]) -> Int? {
        guard let first = pattern.first, count >= pattern.count else { return nil }
        var place = startIndex
        while let found = self[place...].firstIndex(of: first) {
            if self[found...].starts(with: pattern) { return found }
            place = found + 1
        }
        return nil
    }
}
