import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import NIOSSL

/// What another program answers to a request of ours.
package struct ClientAnswer: Sendable {
    package typealias Connection = NIOAsyncChannel<HTTPResponsePart, HTTPRequestPart>

    package let status: HTTPResponse.Status
    package let headers: HTTPFields
    package let body: [UInt8]

    /// A body has more bytes than wanted.
    struct TooLong: Error {}

    /// Sends a request on a connection that serves this one only, and closes it.
    ///
    /// - Parameters:
    ///   - request: the head; the length of the body is added.
    ///   - content: the body.
    ///   - channel: a connection that is ``prepare(_:encryption:)``d.
    ///   - maximumBytes: the length of the answer's body.
    /// - Throws: ``TooLong``, or an error of the connection.
    package init(
        to request: HTTPRequest, content: [UInt8] = [], over channel: Connection, maximumBytes: Int = .max
    ) async throws {
        var request = request
        if request.method != .get, request.method != .head {
            request.headerFields[.contentLength] = "\(content.count)"
        }
        let head = request
        var answer: ClientAnswer?
        do {
            try await channel.executeThenClose { inbound, outbound in
                try await outbound.write(.head(head))
                if !content.isEmpty { try await outbound.write(.body(ByteBuffer(bytes: content))) }
                try await outbound.write(.end(nil))
                answer = try await Self.received(inbound, maximumBytes: maximumBytes)
            }
        } catch {
            // How the connection ends after the answer does not matter.
            guard answer != nil else { throw error }
        }
        guard let answer else { throw ChannelError.eof }
        self = answer
    }

    private static func received(
        _ parts: NIOAsyncChannelInboundStream<HTTPResponsePart>, maximumBytes: Int
    ) async throws -> ClientAnswer {
        var answer: HTTPResponse?
        var bytes: [UInt8] = []
        for try await part in parts {
            switch part {
            case .head(let head): answer = head
            case .body(let piece):
                guard bytes.count + piece.readableBytes <= maximumBytes else { throw TooLong() }
                bytes += piece.readableBytesView
            case .end:
                guard let answer else { break }
                return ClientAnswer(status: answer.status, headers: answer.headerFields, body: bytes)
            }
        }
        throw ChannelError.eof
    }

    private init(status: HTTPResponse.Status, headers: HTTPFields, body: [UInt8]) {
        (self.status, self.headers, self.body) = (status, headers, body)
    }

    /// Adds what speaks HTTP to a new connection, after what encrypts it.
    package static func prepare(
        _ channel: any Channel, encryption: (@Sendable () throws -> NIOSSLClientHandler)? = nil
    ) -> EventLoopFuture<Connection> {
        channel.eventLoop.makeCompletedFuture {
            if let encryption { try channel.pipeline.syncOperations.addHandler(encryption()) }
            try channel.pipeline.syncOperations.addHTTPClientHandlers()
            try channel.pipeline.syncOperations.addHandler(HTTP1ToHTTPClientCodec())
            return try Connection(wrappingChannelSynchronously: channel)
        }
    }
}
