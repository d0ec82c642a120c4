extension ServiceRequest {
    /// The values that JSON may have, so that a body of the allowed length cannot fill the memory.
    package static let maximumValues = 1 << 20

    /// The body as JSON.
    /// - Throws: ``Problem`` for more than ``maximumValues`` values, `JSONText.Failure` for what is not JSON.
    func json() throws -> JSONText { try Self.json(body[...]) }

    /// Bytes as JSON.
    /// - Throws: ``Problem`` for more than ``maximumValues`` values, `JSONText.Failure` for what is not JSON.
    static func json(_ bytes: ArraySlice<UInt8>) throws -> JSONText {
        guard values(in: bytes) <= maximumValues else {
            throw Problem(
                .contentTooLarge,
                "The JSON has more than \(maximumValues) values; send an image as a file, or a tensor as bytes.")
        }
        return try JSONText(parsing: bytes)
    }

    /// At least as many as the values in some JSON: one, and another after every comma and opening bracket.
    private static func values(in bytes: ArraySlice<UInt8>) -> Int {
        var (count, isInString, isEscaped) = (1, false, false)
        for byte in bytes {
            if isEscaped {
                isEscaped = false
            } else if isInString {
                isEscaped = byte == UInt8(ascii: "\\")
                if byte == UInt8(ascii: "\"") { isInString = false }
            } else {
                switch byte {
                case UInt8(ascii: "\""): isInString = true
                case UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "{"): count += 1
                default: break
                }
            }
        }
        return count
    }
}
