/// A JSON document. Unlike Foundation's decoder, the parser refuses repeated keys, which the header of a weights file
/// must not have.
package enum JSONText: Equatable, Sendable {
    case null
    case boolean(Bool)
    case number(String)
    case string(String)
    case array([JSONText])
    case object([String: JSONText])

    /// What is wrong, and the offset of the byte.
    package struct Failure: Error, Equatable {
        package let message: String
        package let offset: Int
    }

    package init(parsing bytes: some Collection<UInt8>) throws(Failure) {
        var parser = Parser(bytes: Array(bytes))
        self = try parser.value(depth: 0)
        parser.skipSpace()
        if parser.position < parser.bytes.count { throw parser.failure("text after the end") }
    }

    package var object: [String: JSONText]? { if case .object(let members) = self { members } else { nil } }
    package var array: [JSONText]? { if case .array(let elements) = self { elements } else { nil } }
    package var string: String? { if case .string(let text) = self { text } else { nil } }
    package var number: Double? { if case .number(let text) = self { Double(text) } else { nil } }
    /// A nonnegative integer.
    package var count: Int? {
        if case .number(let text) = self { UInt(text).flatMap { Int(exactly: $0) } } else { nil }
    }

    private struct Parser {
        let bytes: [UInt8]
        var position = 0

        func failure(_ message: String) -> Failure { Failure(message: message, offset: position) }

        mutating func skipSpace() {
            while position < bytes.count {
                let byte = bytes[position]
                guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
                position += 1
            }
        }

        mutating func take(_ byte: UInt8) -> Bool {
            skipSpace()
            guard position < bytes.count, bytes[position] == byte else { return false }
            position += 1
            return true
        }

        mutating func value(depth: Int) throws(Failure) -> JSONText {
            guard depth < 64 else { throw failure("nested more than 64 deep") }
            skipSpace()
            guard position < bytes.count else { throw failure("ends early") }
            switch bytes[position] {
            case UInt8(ascii: "{"): return try members(depth)
            case UInt8(ascii: "["): return try elements(depth)
            case UInt8(ascii: "\""): return .string(try text())
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
            default:
                for (word, value) in [("true", JSONText.boolean(true)), ("false", .boolean(false)), ("null", .null)]
                where bytes[position...].starts(with: word.utf8) {
                    position += word.utf8.count
                    return value
                }
                throw failure("is not JSON")
            }
        }

        private mutating func members(_ depth: Int) throws(Failure) -> JSONText {
            position += 1
            var result: [String: JSONText] = [:]
            if take(UInt8(ascii: "}")) { return .object(result) }
            repeat {
                skipSpace()
                guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
                    throw failure("a key is expected")
                }
                let key = try text()
                guard take(UInt8(ascii: ":")) else { throw failure("':' is expected after \(JSONText.quoted(key))") }
                let value = try value(depth: depth + 1)
                guard result.updateValue(value, forKey: key) == nil else {
                    throw failure("key \(JSONText.quoted(key)) occurs twice")
                }
            } while take(UInt8(ascii: ","))
            guard take(UInt8(ascii: "}")) else { throw failure("'}' is expected") }
            return .object(result)
        }

        private mutating func elements(_ depth: Int) throws(Failure) -> JSONText {
            position += 1
            var result: [JSONText] = []
            if take(UInt8(ascii: "]")) { return .array(result) }
            repeat { result.append(try value(depth: depth + 1)) } while take(UInt8(ascii: ","))
            guard take(UInt8(ascii: "]")) else { throw failure("']' is expected") }
            return .array(result)
        }

        private mutating func number() throws(Failure) -> JSONText {
            let start = position
            if isNext(UInt8(ascii: "-")) { position += 1 }
            let first = position
            let whole = digits()
            // A number of several digits does not begin with 0.
            var isNumber = whole > 0 && (whole == 1 || bytes[first] != UInt8(ascii: "0"))
            if isNext(UInt8(ascii: ".")) {
                position += 1
                isNumber = digits() > 0 && isNumber
            }
            if isNext(UInt8(ascii: "e")) || isNext(UInt8(ascii: "E")) {
                position += 1
                if isNext(UInt8(ascii: "+")) || isNext(UInt8(ascii: "-")) { position += 1 }
                isNumber = digits() > 0 && isNumber
            }
            let text = String(decoding: bytes[start..<position], as: UTF8.self)
            guard isNumber else { throw failure("\(text) is not a number") }
            return .number(text)
        }

        private func isNext(_ byte: UInt8) -> Bool { position < bytes.count && bytes[position] == byte }

        /// Skips digits, and returns their number.
        private mutating func digits() -> Int {
            let start = position
            while position < bytes.count, UInt8(ascii: "0")...UInt8(ascii: "9") ~= bytes[position] { position += 1 }
            return position - start
        }

        private mutating func text() throws(Failure) -> String {
            position += 1
            // Most strings are ASCII without escapes, and are taken as a whole.
            let start = position
            var bits: UInt8 = 0
            while position < bytes.count, bytes[position] >= 0x20, bytes[position] != UInt8(ascii: "\""),
                bytes[position] != UInt8(ascii: "\\")
            {
                bits |= bytes[position]
                position += 1
            }
            if bits < 0x80, isNext(UInt8(ascii: "\"")) {
                position += 1
                return String(decoding: bytes[start..<position - 1], as: UTF8.self)
            }
            var scalars = Array(bytes[start..<position])
            while position < bytes.count {
                let byte = bytes[position]
                position += 1
                switch byte {
                case UInt8(ascii: "\""):
                    guard let string = String(validating: scalars, as: UTF8.self) else {
                        throw failure("a string is not UTF-8")
                    }
                    return string
                case UInt8(ascii: "\\"): try escape(into: &scalars)
                case 0..<0x20: throw failure("a string holds a control character")
                default: scalars.append(byte)
                }
            }
            throw failure("a string does not end")
        }

        private mutating func escape(into scalars: inout [UInt8]) throws(Failure) {
            guard position < bytes.count else { throw failure("a string does not end") }
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return scalars.append(byte)
            case UInt8(ascii: "b"): return scalars.append(0x08)
            case UInt8(ascii: "f"): return scalars.append(0x0C)
            case UInt8(ascii: "n"): return scalars.append(0x0A)
            case UInt8(ascii: "r"): return scalars.append(0x0D)
            case UInt8(ascii: "t"): return scalars.append(0x09)
            case UInt8(ascii: "u"): break
            default: throw failure("an escape is not known")
            }
            var code = try hexadecimal()
            if code & 0xFC00 == 0xD800, bytes[position...].starts(with: "\\u".utf8) {
                position += 2
                let low = try hexadecimal()
                guard low & 0xFC00 == 0xDC00 else { throw failure("an escape is no character") }
                code = 0x10000 + ((code & 0x3FF) << 10) + (low & 0x3FF)
            }
            guard let scalar = Unicode.Scalar(code) else { throw failure("an escape is no character") }
            scalars.append(contentsOf: Array(String(Character(scalar)).utf8))
        }

        private mutating func hexadecimal() throws(Failure) -> UInt32 {
            guard position + 4 <= bytes.count, bytes[position] != UInt8(ascii: "+"),
                let code = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
            else { throw failure("an escape is not four hexadecimal digits") }
            position += 4
            return code
        }
    }
}
