// The header is a Python dictionary literal. Only the few forms that NumPy writes are accepted.
extension NumPyHeader {
    init(parsing text: UnsafeRawBufferPointer, path: String) throws(ArchiveError) {
        var parser = Parser(text: text, path: path)
        var type: (ElementType, isBigEndian: Bool)?
        var isFortranOrdered: Bool?
        var extents: [Int]?
        try parser.expect("{")
        while !parser.take("}") {
            let key = try parser.string()
            try parser.expect(":")
            switch key {
            case "descr" where type == nil:
                if parser.take("[") || parser.take("(") {
                    throw ArchiveError(
                        path, "is a structured array, which is not supported; save its fields separately.")
                }
                type = try Self.elementType(try parser.string(), path)
            case "fortran_order" where isFortranOrdered == nil: isFortranOrdered = try parser.boolean()
            case "shape" where extents == nil: extents = try parser.tuple()
            default: throw parser.failure("has the key \(JSONText.quoted(key)) twice or unexpectedly")
            }
            if !parser.take(",") {
                try parser.expect("}")
                break
            }
        }
        guard parser.isAtEnd else { throw parser.failure("has text after its end") }
        guard let type, let isFortranOrdered, let extents else {
            throw parser.failure("must have descr, fortran_order and shape")
        }
        guard extents.count <= Shape.maximumRank else {
            throw ArchiveError(
                path, "has \(extents.count) axes; at most \(Shape.maximumRank) are supported. Reshape it.")
        }
        guard type.0.byteCount(of: extents) != nil else {
            throw ArchiveError(path, "has a shape that is too large.")
        }
        self.init(
            type: type.0, isBigEndian: type.isBigEndian, isFortranOrdered: isFortranOrdered, shape: Shape(extents))
    }

    /// The element type in NumPy's notation: `<f4`, `|b1`, …
    var typeName: String { (type.size == 1 ? "|" : isBigEndian ? ">" : "<") + Self.letters(type) }

    private static func letters(_ type: ElementType) -> String {
        switch type {
        case .bool: "b1"
        case .int8, .int16, .int32, .int64: "i\(type.size)"
        case .uint8, .uint16, .uint32, .uint64: "u\(type.size)"
        case .float16, .float32, .float64: "f\(type.size)"
        // What packages that add the type to NumPy write; it is never written here.
        case .bfloat16: "V2"
        }
    }

    private static func elementType(
        _ name: String, _ path: String
    ) throws(ArchiveError) -> (ElementType, isBigEndian: Bool) {
        let letters = name.dropFirst()
        if let order = name.first, let type = ElementType.allCases.first(where: { Self.letters($0) == letters }),
            "<>".contains(order) || (order == "|" && type.size == 1)
        {
            return (type, order == ">")
        }
        let remedy =
            switch letters.first {
            case "O": "holds Python objects, which are never read because they may run code. Save numbers"
            case "S", "U", "a": "holds text, which tensors do not. Save numbers"
            case "c": "holds complex numbers, which tensors do not. Save their real and imaginary parts separately"
            case "M", "m": "holds dates or times, which tensors do not. Save them as integers"
            case "V": "is a structured array, which is not supported. Save its fields separately"
            default: "has an unsupported element type. Save it as float64 or int64"
            }
        throw ArchiveError(path, "has dtype \(JSONText.quoted(name)): it \(remedy).")
    }

    private struct Parser {
        let text: UnsafeRawBufferPointer
        let path: String
        var position = 0

        init(text: UnsafeRawBufferPointer, path: String) { (self.text, self.path) = (text, path) }

        func failure(_ problem: String) -> ArchiveError {
            ArchiveError(path, "has a malformed header: it \(problem), at byte \(position). Get the file again.")
        }

        mutating func skipSpace() {
            while position < text.count, [0x20, 0x0A].contains(text[position]) { position += 1 }
        }

        var isAtEnd: Bool {
            mutating get {
                skipSpace()
                return position == text.count
            }
        }

        mutating func take(_ word: StaticString) -> Bool {
            skipSpace()
            let word = UnsafeRawBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
            guard text[position...].starts(with: word) else { return false }
            position += word.count
            return true
        }

        mutating func expect(_ word: StaticString) throws(ArchiveError) {
            if !take(word) { throw failure("lacks \(word)") }
        }

        mutating func boolean() throws(ArchiveError) -> Bool {
            if take("True") { return true }
            if take("False") { return false }
            throw failure("has neither True nor False")
        }

        /// Printable ASCII without escapes, in single or double quotes.
        mutating func string() throws(ArchiveError) -> String {
            let quote = take("'") ? UInt8(ascii: "'") : take("\"") ? UInt8(ascii: "\"") : nil
            guard let quote, let end = text[position...].firstIndex(of: quote) else {
                throw failure("is missing a string")
            }
            let characters = text[position..<end]
            guard characters.allSatisfy({ (0x20..<0x7F).contains($0) && $0 != UInt8(ascii: "\\") }) else {
                throw failure("has a string with escapes or control characters")
            }
            position = end + 1
            return String(decoding: characters, as: UTF8.self)
        }

        /// Numbers in parentheses; a single number is followed by a comma.
        mutating func tuple() throws(ArchiveError) -> [Int] {
            try expect("(")
            var numbers: [Int] = []
            while !take(")") {
                numbers.append(try number())
                if !take(",") {
                    try expect(")")
                    if numbers.count == 1 { throw failure("has a shape that is not a tuple") }
                    break
                }
            }
            return numbers
        }

        private mutating func number() throws(ArchiveError) -> Int {
            skipSpace()
            let digits = text[position...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            guard let number = Int(String(decoding: digits, as: UTF8.self)) else {
                throw failure("has a shape with an invalid size")
            }
            position += digits.count
            // Python 2 marks long integers with an L.
            _ = take("L")
            return number
        }
    }
}
