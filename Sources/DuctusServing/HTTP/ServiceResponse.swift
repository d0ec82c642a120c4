import HTTPTypes

/// The response to a ``ServiceRequest``.
public struct ServiceResponse: Sendable {
    /// What follows the header fields.
    public enum Body: Sendable {
        /// Bytes of known length.
        case bytes([UInt8])
        /// Pieces that are sent as they are made.
        case stream(AsyncStream<[UInt8]>)
    }

    /// The status.
    public var status: HTTPResponse.Status
    /// The header fields.
    public var headers: HTTPFields
    /// The body.
    public var body: Body

    /// A response with bytes of a media type.
    public init(
        _ status: HTTPResponse.Status = .ok, _ type: String, _ bytes: [UInt8], headers: HTTPFields = [:]
    ) {
        (self.status, self.headers, body) = (status, headers, .bytes(bytes))
        self.headers[.contentType] = type
    }

    /// A response with JSON.
    init(_ status: HTTPResponse.Status = .ok, json: JSONText, headers: HTTPFields = [:]) {
        self.init(status, "application/json", Array((json.text + "\n").utf8), headers: headers)
    }

    /// A response whose pieces are events of the server (`text/event-stream`).
    init(events: AsyncStream<[UInt8]>) {
        (status, body) = (.ok, .stream(events))
        headers = [.contentType: ServerEvent.mediaType, .cacheControl: "no-store"]
    }

    /// All bytes of the body, after the last piece of a stream has been made.
    public func collected() async -> [UInt8] {
        switch body {
        case .bytes(let bytes): bytes
        case .stream(let pieces): await pieces.reduce(into: []) { $0 += $1 }
        }
    }
}

/// An event of a `text/event-stream`; HTML standard, section 9.2.
struct ServerEvent {
    static let mediaType = "text/event-stream"

    let name: String
    let data: String

    /// The event as it is sent. A line of the data is a field of its own.
    var bytes: [UInt8] {
        let lines = data.split { $0 == "\n" || $0 == "\r" || $0 == "\r\n" }.map { "data: \($0)\n" }.joined()
        return Array("event: \(name)\n\(lines)\n".utf8)
    }
}
