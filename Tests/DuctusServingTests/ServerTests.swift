import Dispatch
import DuctusServing
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
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: client.host, port: client.port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                    }
                }
            let answer = try await channel.executeThenClose { inbound, outbound in
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

    init() throws {
        let deadlines = ConnectionDeadlines(receiving: .seconds(10), responding: .seconds(30))
        try channel.pipeline.syncOperations.addHandler(ConnectionDeadlineHandler(deadlines))
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
