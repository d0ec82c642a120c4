import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import NIOPosix

/// Sends requests to the runtime API of a function, which is on the same machine. It waits for answers without a limit,
/// as the next event may be hours away.
package struct RuntimeClient: Sendable {
    package let host: String
    package let port: Int

    package struct Answer: Sendable {
        package let status: HTTPResponse.Status
        package let headers: HTTPFields
        package let body: [UInt8]
    }

    package init(host: String, port: Int) { (self.host, self.port) = (host, port) }

    /// Sends a request on a connection of its own.
    /// - Throws: an error of the connection.
    package func send(
        _ method: HTTPRequest.Method, _ path: String, headers: HTTPFields = [:], body: [UInt8] = []
    ) async throws -> Answer {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: host, port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(HTTP1ToHTTPClientCodec())
                    return try NIOAsyncChannel<HTTPResponsePart, HTTPRequestPart>(
                        wrappingChannelSynchronously: channel)
                }
            }
        var head = HTTPRequest(method: method, scheme: "http", authority: "\(host):\(port)", path: path)
        head.headerFields = headers
        head.headerFields[.connection] = "close"
        head.headerFields[.contentLength] = "\(body.count)"
        let request = head
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(.head(request))
            if !body.isEmpty { try await outbound.write(.body(ByteBuffer(bytes: body))) }
            try await outbound.write(.end(nil))
            var answer: HTTPResponse?
            var bytes: [UInt8] = []
            for try await part in inbound {
                switch part {
                case .head(let head): answer = head
                case .body(let piece): bytes += piece.readableBytesView
                case .end:
                    guard let answer else { break }
                    return Answer(status: answer.status, headers: answer.headerFields, body: bytes)
                }
            }
            throw ChannelError.eof
        }
    }
}
