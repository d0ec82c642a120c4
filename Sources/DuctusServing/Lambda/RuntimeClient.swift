import HTTPTypes
import NIOCore
import NIOPosix

/// Sends requests to the runtime API of a function, which is on the same machine. It waits for answers without a limit,
/// as the next event may be hours away.
package struct RuntimeClient: Sendable {
    package let host: String
    package let port: Int

    package init(host: String, port: Int) { (self.host, self.port) = (host, port) }

    /// Sends a request on a connection of its own.
    /// - Throws: an error of the connection.
    package func send(
        _ method: HTTPRequest.Method, _ path: String, headers: HTTPFields = [:], body: [UInt8] = []
    ) async throws -> ClientAnswer {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: host, port: port) { channel in ClientAnswer.prepare(channel) }
        var head = HTTPRequest(method: method, scheme: "http", authority: "\(host):\(port)", path: path)
        head.headerFields = headers
        head.headerFields[.connection] = "close"
        return try await ClientAnswer(to: head, content: body, over: channel)
    }
}
