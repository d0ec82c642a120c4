import HTTPTypes

/// An HTTP request, whether it came over a connection or as the event of a function.
public struct ServiceRequest: Sendable {
    /// The method.
    public let method: HTTPRequest.Method
    /// The path as it was sent, without the query.
    public let path: String
    /// The names and values of the query, decoded, in order.
    public let query: [(name: String, value: String)]
    /// The header fields.
    public internal(set) var headers: HTTPFields
    /// The body; empty until it has been received.
    public var body: [UInt8]
    /// The identifier in logs and in the response: that of the client if it is a plain token, or a random one.
    public let id: String
    /// The time within which it must be read, if that is less than the settings allow.
    var timeLimit: Duration?
    /// The values of the variable parts of the path.
    var parameters: [String: String] = [:]

    /// - Parameters:
    ///   - method: the method.
    ///   - target: the path with the query, as in the first line of a request.
    ///   - headers: the header fields.
    ///   - body: the body, if it is already here.
    public init(_ method: HTTPRequest.Method, _ target: String, headers: HTTPFields = [:], body: [UInt8] = []) {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        (self.method, self.headers, self.body) = (method, headers, body)
        path = String(parts[0])
        query = parts.count > 1 ? Self.query(parts[1]) : []
        let given = headers[.requestID] ?? ""
        let isToken = 1...128 ~= given.utf8.count && given.utf8.allSatisfy(Self.isTokenByte)
        id = isToken ? given : Self.randomID()
    }

    /// The last value of a name in the query.
    func queryValue(_ name: String) -> String? { query.last { $0.name == name }?.value }

    /// The media type of the body, in lowercase and without parameters; nil if it is not said.
    var mediaType: String? {
        headers[.contentType].map { String($0.prefix { $0 != ";" }).lowercased().filter { !$0.isWhitespace } }
    }

    private static func query(_ text: Substring) -> [(name: String, value: String)] {
        text.split(separator: "&").map { pair in
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (decoded(sides[0]), sides.count > 1 ? decoded(sides[1]) : "")
        }
    }

    /// Text with `%41` for `A` and `+` for a space; an escape that is none stays as it is.
    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(code)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    static func randomID() -> String {
        let digits = String(UInt64.random(in: .min ... .max), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

extension HTTPField.Name {
    /// A name that is not among the constants of the library.
    init(known name: String) {
        guard let field = Self(name) else { preconditionFailure("\"\(name)\" cannot be the name of a header field.") }
        self = field
    }

    /// `X-Request-Id`.
    static let requestID = Self(known: "X-Request-Id")
    /// `Ductus-Model`, the version of the weights.
    static let model = Self(known: "Ductus-Model")
    /// `Inference-Header-Content-Length`, the length of the JSON before binary tensors.
    static let inferenceHeaderLength = Self(known: "Inference-Header-Content-Length")
    /// `Referrer-Policy`.
    static let referrerPolicy = Self(known: "Referrer-Policy")
}
