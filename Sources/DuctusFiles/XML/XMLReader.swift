/// Reads XML 1.0 documents in UTF-8 (<https://www.w3.org/TR/xml/>), strictly: what is not well-formed is an error with
/// file and line. Documents cannot declare entities, so only the five predefined ones are known.
package struct XMLReader {
    private let path: String
    private let bytes: [UInt8]
    private var position = 0
    // Recursion must not exhaust the stack; no page is nested nearly as deeply.
    private static let maximumDepth = 100

    /// The root element of a file.
    package static func element(contentsOf path: String, maximumBytes: Int = 256 << 20) throws(FileError) -> XMLElement
    {
        let bytes = try File.readBytes(path, maximumBytes: maximumBytes)
        var reader = XMLReader(path: path, bytes: bytes)
        return try reader.document()
    }

    private init(path: String, bytes: [UInt8]) { (self.path, self.bytes) = (path, bytes) }

    private mutating func document() throws(FileError) -> XMLElement {
        if let line = firstLineThatIsNotUTF8 {
            throw FileError(file: path, reason: .notUTF8(line: line))
        }
        _ = take("\u{FEFF}")
        try checkEncoding()
        try skipMiscellany()
        guard take("<") else { throw malformed("an element is expected") }
        let root = try element(depth: 0)
        try skipMiscellany()
        guard position == bytes.count else { throw malformed("nothing may follow the root element") }
        return root
    }

    // MARK: Markup

    /// An element whose `<` has been read.
    private mutating func element(depth: Int) throws(FileError) -> XMLElement {
        guard depth < Self.maximumDepth else { throw malformed("elements are nested too deeply") }
        let line = line
        let name = try name()
        var attributes: [String: String] = [:]
        while true {
            let hasSpace = skipSpace()
            if take("/>") { return XMLElement(name: Self.local(name), line: line, attributes: attributes) }
            if take(">") { break }
            guard hasSpace else { throw malformed("white space, > or /> is expected in <\(name)>") }
            let key = try self.name()
            skipSpace()
            guard take("=") else { throw malformed("attribute \(key) has no value") }
            skipSpace()
            let value = try attributeValue(of: key)
            if key == "xmlns" || key.hasPrefix("xmlns:") { continue }
            guard attributes.updateValue(value, forKey: Self.local(key)) == nil else {
                throw malformed("attribute \(key) is given twice")
            }
        }
        var element = XMLElement(name: Self.local(name), line: line, attributes: attributes)
        while true {
            if position == bytes.count { throw malformed("the file ends within <\(name)> of line \(line)") }
            if take("</") {
                let closing = try self.name()
                guard closing == name else { throw malformed("</\(closing)> does not close <\(name)> of line \(line)") }
                skipSpace()
                guard take(">") else { throw malformed("</\(name) has no >") }
                return element
            }
            if take("<![CDATA[") {
                element.text += try text(upTo: "]]>")
            } else if take("<!--") {
                _ = try text(upTo: "-->")
            } else if take("<?") {
                _ = try text(upTo: "?>")
            } else if take("<") {
                element.children.append(try self.element(depth: depth + 1))
            } else {
                element.text += try characters { $0 == UInt8(ascii: "<") }
            }
        }
    }

    private mutating func attributeValue(of key: String) throws(FileError) -> String {
        guard let quote = bytes[position...].first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            throw malformed("the value of attribute \(key) must be quoted")
        }
        position += 1
        let value = try characters { $0 == quote || $0 == UInt8(ascii: "<") }
        guard bytes[position...].first == quote else { throw malformed("the value of attribute \(key) does not end") }
        position += 1
        return value
    }

    /// Text up to a byte that ends it, with references replaced.
    private mutating func characters(until ends: (UInt8) -> Bool) throws(FileError) -> String {
        var text: [UInt8] = []
        while position < bytes.count, !ends(bytes[position]) {
            switch bytes[position] {
            case UInt8(ascii: "&"): text += try reference().utf8
            case 0..<0x09, 0x0B, 0x0C, 0x0E..<0x20: throw malformed("control characters are not allowed")
            default:
                text.append(bytes[position])
                position += 1
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func reference() throws(FileError) -> String {
        let rest = bytes[position...].prefix(16)
        guard let end = rest.firstIndex(of: UInt8(ascii: ";")) else { throw malformed("& does not begin a reference") }
        let name = String(decoding: rest[(position + 1)..<end], as: UTF8.self)
        let known = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]
        var character = known[name]
        if name.hasPrefix("#") {
            let digits = name.dropFirst(name.hasPrefix("#x") ? 2 : 1)
            let code = digits.first?.isHexDigit == true ? UInt32(digits, radix: name.hasPrefix("#x") ? 16 : 10) : nil
            let isAllowed = code.map { $0 >= 0x20 ? $0 & 0xFFFE != 0xFFFE : [9, 10, 13].contains($0) } ?? false
            character = isAllowed ? code.flatMap(Unicode.Scalar.init).map { String($0) } : nil
        }
        guard let character else { throw malformed("&\(name); is not a known reference") }
        position = end + 1
        return character
    }

    /// White space, comments, processing instructions and the document type.
    private mutating func skipMiscellany() throws(FileError) {
        while true {
            skipSpace()
            if take("<!--") {
                _ = try text(upTo: "-->")
            } else if take("<?xml ") {
                throw malformed("the XML declaration must come first")
            } else if take("<?") {
                _ = try text(upTo: "?>")
            } else if take("<!DOCTYPE") {
                guard try !text(upTo: ">").contains("[") else {
                    throw malformed("internal document type declarations are not supported")
                }
            } else {
                return
            }
        }
    }

    private mutating func checkEncoding() throws(FileError) {
        guard bytes[position...].starts(with: "<?xml".utf8) else { return }
        let start = position
        let declaration = try text(upTo: "?>").split { " \t\r\n='\"".contains($0) }.map { $0.uppercased() }
        guard let key = declaration.firstIndex(of: "ENCODING"), key + 1 < declaration.count else { return }
        guard ["UTF-8", "UTF8", "US-ASCII", "ASCII"].contains(declaration[key + 1]) else {
            position = start
            throw malformed("the encoding is \(declaration[key + 1]); convert the file to UTF-8")
        }
    }

    // MARK: Bytes

    /// A name, including its prefix.
    private mutating func name() throws(FileError) -> String {
        let start = position
        while position < bytes.count, Self.isNameByte(bytes[position]) { position += 1 }
        guard position > start, !(bytes[start] == UInt8(ascii: "-") || bytes[start] == UInt8(ascii: ".")),
            !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[start])
        else {
            throw malformed("a name is expected")
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: ":"), 0x80...:
            true
        default: false
        }
    }

    private static func local(_ name: String) -> String {
        name.firstIndex(of: ":").map { String(name[name.index(after: $0)...]) } ?? name
    }

    private mutating func take(_ markup: String) -> Bool {
        guard bytes[position...].starts(with: markup.utf8) else { return false }
        position += markup.utf8.count
        return true
    }

    @discardableResult
    private mutating func skipSpace() -> Bool {
        let start = position
        while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
        return position > start
    }

    /// Everything up to some markup, which is consumed, too.
    private mutating func text(upTo end: String) throws(FileError) -> String {
        let start = position
        while position < bytes.count {
            let stop = position
            if take(end) { return String(decoding: bytes[start..<stop], as: UTF8.self) }
            position += 1
        }
        position = start
        throw malformed("\(end) is missing")
    }

    private var line: Int { bytes[..<position].count { $0 == 0x0A } + 1 }

    private var firstLineThatIsNotUTF8: Int? {
        if String(validating: bytes, as: UTF8.self) != nil { return nil }
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        return lines.firstIndex { String(validating: $0, as: UTF8.self) == nil }.map { $0 + 1 } ?? 1
    }

    private func malformed(_ reason: String) -> FileError {
        FileError(file: path, reason: .malformed(line: line, reason))
    }
}
