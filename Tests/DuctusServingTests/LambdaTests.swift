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
        try await withPort(of: runtimeAPI(event, inbox)) { port in
            try await LambdaRuntime(service(), address: "127.0.0.1:\(port)").answerNext()
        }
        #expect(inbox.all.map(\.path) == ["/2018-06-01/runtime/invocation/8476a536/\(end)"])
        #expect(inbox.all.first?.body.contains(part) == true)
    }

    /// A runtime API with an event, which must be answered until some milliseconds after the beginning of 1970.
    private func runtimeAPI(
        _ event: String, until deadline: Int? = nil, _ inbox: Inbox
    ) -> Router<BasicRequestContext> {
        let router = Router()
        router.get("/2018-06-01/runtime/invocation/next") { _, _ in
            var headers = HTTPFields()
            if let id = HTTPField.Name("Lambda-Runtime-Aws-Request-Id") { headers[id] = "8476a536" }
            if let name = HTTPField.Name("Lambda-Runtime-Deadline-Ms") { headers[name] = deadline.map { "\($0)" } }
            return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(string: event)))
        }
        router.post("/2018-06-01/runtime/**") { request, _ in
            let body = try await request.body.collect(upTo: 1 << 20)
            inbox.add(request.uri.path, String(buffer: body))
            return HTTPResponse.Status.accepted
        }
        return router
    }

    /// The time that the function has left counts, if the deadline of the settings is later.
    @Test func theFunctionAnswersBeforeItIsEnded() async throws {
        let (inbox, event) = (Inbox(), "{\"image\": \"\(Pictures.url(Pictures.line))\"}")
        try await withPort(of: runtimeAPI(event, until: 1000, inbox)) { port in
            try await LambdaRuntime(service(), address: "127.0.0.1:\(port)").answerNext()
        }
        #expect(inbox.all.map(\.path) == ["/2018-06-01/runtime/invocation/8476a536/response"])
        #expect(inbox.all.first?.body.contains("deadline") == true)
    }

    @Test func theRuntimeAPIIsToldWhyTheFunctionCannotStart() async throws {
        let inbox = Inbox()
        try await withPort(of: runtimeAPI("", inbox)) { port in
            await LambdaRuntime.report(ConfigurationError("a.safetensors", "is missing"), to: "127.0.0.1:\(port)")
        }
        #expect(inbox.all.map(\.path) == ["/2018-06-01/runtime/init/error"])
        #expect(inbox.all.first?.body.contains("a.safetensors") == true)
    }

    @Test func behindTheWebAdapterConnectionsAreTaken() {
        var variables = ["AWS_LAMBDA_RUNTIME_API": "127.0.0.1:9001"]
        #expect(LambdaRuntime.address { variables[$0] } == "127.0.0.1:9001")
        variables["AWS_LWA_PORT"] = "8000"
        #expect(LambdaRuntime.address { variables[$0] } == nil)
        #expect(LambdaRuntime.address { _ in nil } == nil)
    }
}
