import Dispatch
import DuctusServing
import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import NIOPosix
import Testing

/// Requests over connections.
@Suite struct ServerTests {
    @Test func pagesAreReadOverAConnection() async throws {
        let service = try service(["port": "0"])
        try await withServer(service) { client in
            let read = try await client.send(
                .post, "/v1/read?format=text", headers: [.contentType: "image/png"], body: Pictures.page)
            #expect(read.status == .ok)
            #expect(read.body == Array("La mer\nciel\n".utf8))
            let events = try await client.send(
                .post, "/v1/read", headers: [.contentType: "image/png", .accept: "text/event-stream"],
                body: Pictures.page)
            #expect(String(decoding: events.body, as: UTF8.self).hasSuffix("event: done\ndata: {\"pages\":1}\n\n"))
            let head = try await client.send(.head, "/v2/health/live")
            #expect(head.body.isEmpty)
            #expect(head.headers[.contentLength] == "15")
        }
        #expect(await service.get("/v2/health/ready").status == 503)
    }

    @Test func longBodiesAreRefusedByTheirHead() async throws {
        try await withServer(service(["port": "0", "max-bytes": "2000"])) { client in
            let answer = try await client.send(
                .post, "/v1/read", headers: [.contentType: "image/png"], body: [UInt8](repeating: 0, count: 5000))
            #expect(answer.status == .contentTooLarge)
        }
    }

    /// A client that asks whether it may send a body is told so, unless the request is refused anyway, which ends the
    /// connection.
    @Test(arguments: [
        ("/v1/read?format=text", 3, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 415"), ("/v1/read", 5000, "HTTP/1.1 413"),
        ("/nothing", 3, "HTTP/1.1 404"),
    ])
    func aBodyIsAskedFor(path: String, length: Int, begin: String) async throws {
        try await withServer(service(["port": "0", "max-bytes": "2000"])) { client in
            let head = "POST \(path) HTTP/1.1\r\nHost: a\r\nContent-Length: \(length)\r\nExpect: 100-continue\r\n\r\n"
            let answer = try await connect(to: client) { inbound, outbound in
                try await outbound.write(ByteBuffer(string: head))
                var answer = ""
                for try await piece in inbound {
                    answer += String(buffer: piece)
                    if answer.hasSuffix("100 Continue\r\n\r\n") { try await outbound.write(ByteBuffer(string: "GIF")) }
                    if begin.contains("100"), answer.count >= begin.count { break }
                }
                return answer
            }
            #expect(answer.hasPrefix(begin))
        }
    }

    private typealias Inbound = NIOAsyncChannelInboundStream<ByteBuffer>

    /// Opens a connection, and closes it afterwards.
    private func connect<Value: Sendable>(
        to client: RuntimeClient,
        _ body: (Inbound, NIOAsyncChannelOutboundWriter<ByteBuffer>) async throws -> Value
    ) async throws -> Value {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: client.host, port: client.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose(body)
    }

    @Test func aConnectionIsUsedAgain() async throws {
        try await withServer(service(["port": "0"])) { client in
            let answers = try await connect(to: client) { inbound, outbound in
                var (answers, count) = ("", 0)
                try await outbound.write(ByteBuffer(string: "GET / HTTP/1.1\r\nHost: a\r\n\r\n"))
                for try await piece in inbound {
                    answers += String(buffer: piece)
                    guard answers.hasSuffix("Hello, world!") else { continue }
                    count += 1
                    if count == 2 { break }
                    try await outbound.write(ByteBuffer(string: "GET / HTTP/1.1\r\nHost: a\r\n\r\n"))
                }
                return answers
            }
            #expect(answers.split(separator: "HTTP/1.1 200 OK").count == 2)
        }
    }

    @Test func aBrokenBodyIsMalformed() async throws {
        try await withServer(service(["port": "0"])) { client in
            let answer = try await connect(to: client) { inbound, outbound in
                let head = "POST /v1/read HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                try await outbound.write(ByteBuffer(string: "\(head)zz\r\nhello\r\n"))
                for try await piece in inbound { return String(buffer: piece) }
                return ""
            }
            #expect(answer.hasPrefix("HTTP/1.1 400"))
        }
    }

    /// A request that waits for its turn gives up its place when its client closes the connection.
    @Test(.timeLimit(.minutes(1))) func aClientThatGoesIsNotWaitedFor() async throws {
        let (door, count) = (DispatchSemaphore(value: 0), Counter())
        // What the server reads to warm up passes.
        door.signal()
        let service = try service(["port": "0"]) {
            count.add()
            door.wait()
        }
        try await withServer(service) { client in
            while await service.get("/v2/health/ready").status != 200 { try await Task.sleep(for: .milliseconds(5)) }
            let first = Task {
                try await client.send(.post, "/v1/read", headers: [.contentType: "image/png"], body: Pictures.page)
            }
            while count.value == 1 { try await Task.sleep(for: .milliseconds(5)) }
            try await connect(to: client) { _, outbound in
                let head = "POST /v1/read HTTP/1.1\r\nHost: a\r\nContent-Length: \(Pictures.page.count)\r\n\r\n"
                try await outbound.write(ByteBuffer(bytes: Array(head.utf8) + Pictures.page))
                while service.waiting == 0 { try await Task.sleep(for: .milliseconds(5)) }
            }
            while service.waiting > 0 { try await Task.sleep(for: .milliseconds(5)) }
            door.signal()
            #expect(try await first.value.status == .ok)
        }
        #expect(count.value == 2)
        #expect(await service.get("/metrics").text.contains("status=\"499\"} 1\n"))
    }

    /// A request that is being read when the server is told to stop is still answered.
    @Test func shuttingDownLosesNoRequest() async throws {
        let service = try service(["port": "0"]) { _ = DispatchSemaphore(value: 0).wait(timeout: .now() + 0.3) }
        var answer: Task<ClientAnswer, any Error>?
        try await withServer(service) { client in
            while await service.get("/v2/health/ready").status != 200 { try await Task.sleep(for: .milliseconds(5)) }
            answer = Task {
                try await client.send(.post, "/v1/read", headers: [.contentType: "image/png"], body: Pictures.page)
            }
            while service.running == 0 { try await Task.sleep(for: .milliseconds(5)) }
        }
        #expect(try await answer?.value.status == .ok)
    }
}

/// Connections that take too long for their parts.
@Suite struct ConnectionDeadlineTests {
    private let channel = EmbeddedChannel()
    private let handler = ConnectionDeadlineHandler(
        ConnectionDeadlines(receiving: .seconds(10), responding: .seconds(30)))

    init() throws {
        try channel.pipeline.syncOperations.addHandler(handler)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    private let head = HTTPRequestPart.head(.init(method: .post, scheme: "http", authority: "a", path: "/"))

    private func pass(_ seconds: Int64) { channel.embeddedEventLoop.advanceTime(by: .seconds(seconds)) }

    private func status() throws -> Int? {
        guard case .head(let head)? = try channel.readOutbound(as: HTTPResponsePart.self) else { return nil }
        return head.status.code
    }

    @Test func aConnectionWithoutARequestIsClosed() throws {
        pass(9)
        #expect(channel.isActive)
        pass(1)
        #expect(!channel.isActive)
    }

    @Test func aBodyThatDripsIsCut() throws {
        try channel.writeInbound(head)
        for _ in 0..<9 {
            pass(1)
            try channel.writeInbound(HTTPRequestPart.body(ByteBuffer(bytes: [0])))
        }
        #expect(channel.isActive)
        pass(1)
        #expect(try status() == 408)
        #expect(!channel.isActive)
    }

    @Test func aBodyThatIsCutIsAProblem() throws {
        try channel.writeInbound(
            HTTPRequestPart.head(
                .init(
                    method: .post, scheme: "http", authority: "a", path: "/v1/read",
                    headerFields: [try #require(HTTPField.Name("X-Request-Id")): "abc"])))
        pass(10)
        guard case .head(let head)? = try channel.readOutbound(as: HTTPResponsePart.self),
            case .body(let body)? = try channel.readOutbound(as: HTTPResponsePart.self)
        else {
            Issue.record("There is no answer.")
            return
        }
        #expect(head.headerFields[.contentType] == "application/problem+json")
        #expect(head.headerFields[try #require(HTTPField.Name("X-Request-Id"))] == "abc")
        #expect(head.headerFields[.contentLength] == "\(body.readableBytes)")
        #expect(String(buffer: body).contains("did not arrive"))
    }

    /// The answer to a later request would be taken for that to the one before it.
    @Test func aLaterBodyIsCutWithoutAnAnswer() throws {
        try channel.writeInbound(head)
        try channel.writeInbound(HTTPRequestPart.end(nil))
        try channel.writeInbound(head)
        pass(10)
        #expect(try status() == nil)
        #expect(!channel.isActive)
    }

    /// A response that has been written, but not sent, is not lost when the server closes the connection.
    @Test func aConnectionIsClosedWhenTheResponseHasBeenSent() throws {
        try channel.writeInbound(head)
        try channel.writeInbound(HTTPRequestPart.end(nil))
        channel.write(HTTPResponsePart.head(.init(status: .ok)), promise: nil)
        channel.write(HTTPResponsePart.end(nil), promise: nil)
        channel.close(promise: nil)
        #expect(channel.isActive)
        channel.flush()
        #expect(!channel.isActive)
        #expect(try status() == 200)
    }

    @Test func aClientThatGoesIsNoticedUntilTheResponse() throws {
        let count = Counter()
        try channel.writeInbound(head)
        try channel.writeInbound(HTTPRequestPart.end(nil))
        handler.whenClientGoes(count.add)
        channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        #expect(count.value == 1)
        // One that had gone before is noticed at once.
        handler.whenClientGoes(count.add)
        #expect(count.value == 2)
    }

    @Test func aClientThatGoesAfterTheResponseIsNotNoticed() throws {
        let count = Counter()
        try channel.writeInbound(head)
        try channel.writeInbound(HTTPRequestPart.end(nil))
        handler.whenClientGoes(count.add)
        try channel.writeOutbound(HTTPResponsePart.head(.init(status: .ok)))
        try channel.writeOutbound(HTTPResponsePart.end(nil))
        channel.close(promise: nil)
        #expect(count.value == 0)
    }

    /// That a body is asked for is not yet the response.
    @Test func aBodyThatWasAskedForIsCutLikewise() throws {
        try channel.writeInbound(head)
        try channel.writeOutbound(HTTPResponsePart.head(.init(status: .continue)))
        #expect(try status() == 100)
        pass(10)
        #expect(try status() == 408)
        #expect(!channel.isActive)
    }

    @Test func readingTakesItsTime() throws {
        try channel.writeInbound(head)
        try channel.writeInbound(HTTPRequestPart.end(nil))
        pass(1000)
        #expect(channel.isActive)
        try channel.writeOutbound(HTTPResponsePart.head(.init(status: .ok)))
        pass(29)
        #expect(channel.isActive)
        pass(1)
        #expect(!channel.isActive)
    }

    @Test func aConnectionIsUsedAgain() throws {
        for _ in 0..<3 {
            try channel.writeInbound(head)
            try channel.writeInbound(HTTPRequestPart.end(nil))
            try channel.writeOutbound(HTTPResponsePart.head(.init(status: .ok)))
            try channel.writeOutbound(HTTPResponsePart.end(nil))
            pass(9)
            #expect(channel.isActive)
        }
        pass(1)
        #expect(!channel.isActive)
    }
}
