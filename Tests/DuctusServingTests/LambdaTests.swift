import DuctusServing
import HTTPTypes
import Hummingbird
import Synchronization
import Testing

/// Events of a function.
@Suite struct LambdaTests {
    /// The document for an event.
    private func answer(_ event: String) async throws -> [String: JSONText] {
        let event = try LambdaEvent(Array(event.utf8))
        let response = try await service().respond(to: event.request)
        return try #require(try event.document(for: response, bytes: await response.collected()).object)
    }

    private let body = "\"body\": \"\(Pictures.base64(Pictures.line))\", \"isBase64Encoded\": true"

    @Test func httpAPIsAndFunctionURLsAreAnswered() async throws {
        let answer = try await answer(
            "{\"version\": \"2.0\", \"rawPath\": \"/prod/v1/read\", \"rawQueryString\": \"format=text\", \"headers\": "
                + "{\"content-type\": \"image/png\"}, \"requestContext\": {\"stage\": \"prod\", \"http\": {\"method\": "
                + "\"POST\"}}, \(body)}")
        #expect(answer["statusCode"] == .number("200"))
        #expect(answer["body"] == .string("La mer\nciel\n"))
        #expect(answer["isBase64Encoded"] == .boolean(false))
        #expect(answer["headers"]?.object?["Content-Type"] == .string("text/plain; charset=utf-8"))
    }

    @Test func restAPIsAreAnswered() async throws {
        let answer = try await answer(
            "{\"httpMethod\": \"POST\", \"path\": \"/v1/read\", \"queryStringParameters\": {\"format\": \"pdf\"}, "
                + "\"headers\": {\"Content-Type\": \"image/png\"}, \"requestContext\": {\"stage\": \"prod\"}, \(body)}")
        #expect(answer["isBase64Encoded"] == .boolean(true))
        // "%PDF-" in base64.
        #expect(answer["body"]?.string?.hasPrefix("JVBERi") == true)
    }

    @Test func loadBalancersAreAnswered() async throws {
        let answer = try await answer(
            "{\"httpMethod\": \"GET\", \"path\": \"/nothing\", \"multiValueHeaders\": {\"accept\": [\"*/*\"]}, "
                + "\"requestContext\": {\"elb\": {}}, \"body\": \"\", \"isBase64Encoded\": false}")
        #expect(answer["statusCode"] == .number("404"))
        #expect(answer["statusDescription"] == .string("404 Not Found"))
        let fields = answer["multiValueHeaders"]?.object
        #expect(fields?["Content-Type"] == .array([.string("application/problem+json")]))
    }

    @Test func programsSendAnImage() async throws {
        let answer = try await answer("{\"image\": \"\(Pictures.url(Pictures.line))\"}")
        #expect(answer["pred"] == .string("La mer"))
    }

    @Test(arguments: ["", "[]", "{}", "{\"Records\": []}"])
    func otherEventsAreErrors(event: String) {
        #expect(throws: (any Error).self) { try LambdaEvent(Array(event.utf8)) }
    }

    /// What a function sends to the runtime API.
    private final class Inbox: Sendable {
        private let sent = Mutex<[(path: String, body: String)]>([])
        func add(_ path: String, _ body: String) { sent.withLock { $0.append((path, body)) } }
        var all: [(path: String, body: String)] { sent.withLock { $0 } }
    }

    /// The runtime API is asked for an event, and gets its response, or its error.
    @Test(arguments: [
        ("{\"image\": \"\(Pictures.url(Pictures.line))\"}", "response", "La mer"),
        ("{\"Records\": []}", "error", "errorMessage"),
    ])
    func theRuntimeAPIGetsTheResult(event: String, end: String, part: String) async throws {
        let inbox = Inbox()
        let router = Router()
        router.get("/2018-06-01/runtime/invocation/next") { _, _ in
            let id = HTTPField.Name("Lambda-Runtime-Aws-Request-Id")
            var headers = HTTPFields()
            if let id { headers[id] = "8476a536" }
            return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(string: event)))
        }
        router.post("/2018-06-01/runtime/invocation/8476a536/**") { request, _ in
            let body = try await request.body.collect(upTo: 1 << 20)
            inbox.add(request.uri.path, String(buffer: body))
            return HTTPResponse.Status.accepted
        }
        try await withPort(of: router) { port in
            try await LambdaRuntime(service(), address: "127.0.0.1:\(port)").answerNext()
        }
        #expect(inbox.all.map(\.path) == ["/2018-06-01/runtime/invocation/8476a536/\(end)"])
        #expect(inbox.all.first?.body.contains(part) == true)
    }
}
