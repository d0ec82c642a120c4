import HTTPTypes

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// An event of a function: an HTTP request from API Gateway (REST or HTTP API), a function URL, or a load balancer; or
/// `{"image": "data:…"}` from another program, which is a request to `/v1/predict`.
package struct LambdaEvent {
    /// The form of the event, which decides about that of the response.
    private enum Form { case rest, http, loadBalancer, direct }

    package let request: ServiceRequest
    private let form: Form
    private let hasMultiValues: Bool

    /// - Throws: ``Problem`` for an event of another kind.
    package init(_ bytes: [UInt8]) throws {
        guard let members = try JSONText(parsing: bytes).object else { throw Self.unknown }
        let context = members["requestContext"]?.object
        hasMultiValues = members["multiValueHeaders"]?.object != nil && members["headers"]?.object == nil
        if let http = context?["http"]?.object, let method = http["method"]?.string {
            form = .http
            let stage = context?["stage"]?.string ?? "$default"
            var path = members["rawPath"]?.string ?? "/"
            if stage != "$default", path == "/\(stage)" || path.hasPrefix("/\(stage)/") {
                path = String(path.dropFirst(stage.count + 1))
            }
            let query = members["rawQueryString"]?.string ?? ""
            request = try Self.request(method, path.isEmpty ? "/" : path, query, members)
        } else if let method = members["httpMethod"]?.string {
            form = context?["elb"] != nil ? .loadBalancer : .rest
            // A load balancer sends the query as it came, API Gateway decoded.
            let isEncoded = context?["elb"] != nil
            let values = Self.values(members["multiValueQueryStringParameters"] ?? members["queryStringParameters"])
            let query = values.map { isEncoded ? "\($0)=\($1)" : "\(Self.encoded($0))=\(Self.encoded($1))" }
            request = try Self.request(method, members["path"]?.string ?? "/", query.joined(separator: "&"), members)
        } else if members["image"] != nil {
            form = .direct
            request = ServiceRequest(
                .post, "/v1/predict", headers: [.contentType: "application/json"], body: bytes)
        } else {
            throw Self.unknown
        }
    }

    private static let unknown = Problem.malformed(
        "The event is not an HTTP request of API Gateway, a function URL, or a load balancer, and has no \"image\".")

    /// The response as the sender of the event expects it.
    package func document(for response: ServiceResponse, bytes: [UInt8]) throws -> JSONText {
        if form == .direct { return try JSONText(parsing: bytes) }
        let type = response.headers[.contentType] ?? ""
        let isText = type.hasPrefix("text/") || type.contains("json") || type.contains("xml")
        let text = isText ? String(validating: bytes, as: UTF8.self) : nil
        var members: [String: JSONText] = [
            "statusCode": .number("\(response.status.code)"), "isBase64Encoded": .boolean(text == nil),
            "body": .string(text ?? Data(bytes).base64EncodedString()),
        ]
        let fields = Dictionary(response.headers.map { ($0.name.rawName, $0.value) }) { "\($0), \($1)" }
        if hasMultiValues {
            members["multiValueHeaders"] = .object(fields.mapValues { .array([.string($0)]) })
        } else {
            members["headers"] = .object(fields.mapValues { .string($0) })
        }
        if form == .loadBalancer {
            members["statusDescription"] = .string("\(response.status.code) \(response.status.reasonPhrase)")
        }
        return .object(members)
    }

    private static func request(
        _ method: String, _ path: String, _ query: String, _ members: [String: JSONText]
    ) throws -> ServiceRequest {
        guard let method = HTTPRequest.Method(method) else { throw unknown }
        var headers = HTTPFields()
        for (name, value) in values(members["headers"] ?? members["multiValueHeaders"]) {
            if let name = HTTPField.Name(name) { headers.append(HTTPField(name: name, value: value)) }
        }
        let text = members["body"]?.string ?? ""
        guard members["isBase64Encoded"] == .boolean(true) else {
            return ServiceRequest(
                method, query.isEmpty ? path : "\(path)?\(query)", headers: headers, body: Array(text.utf8))
        }
        guard let body = DataURL.decoded(text.utf8) else { throw unknown }
        return ServiceRequest(method, query.isEmpty ? path : "\(path)?\(query)", headers: headers, body: body)
    }

    /// The pairs of an object with texts, or with arrays of them.
    private static func values(_ json: JSONText?) -> [(String, String)] {
        (json?.object ?? [:]).sorted { $0.key < $1.key }.flatMap { name, value in
            (value.array ?? [value]).compactMap { $0.string }.map { (name, $0) }
        }
    }

    private static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF")
        return text.utf8.map { byte in
            let scalar = Unicode.Scalar(byte)
            let isPlain = byte < 0x80 && (scalar.properties.isAlphabetic || 0x30...0x39 ~= byte)
            return isPlain ? String(Character(scalar)) : "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
        }.joined()
    }
}
