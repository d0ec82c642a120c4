import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle
import UnixSignals

/// Brings a ``ReadingService`` requests from a port, until it is told to stop.
///
/// `SIGTERM` and `SIGINT` end it after the requests that have begun are answered; `SIGHUP` reads the weights anew.
public struct Server: Service {
    private let service: ReadingService
    private let onStart: @Sendable (_ port: Int) -> Void

    /// - Parameters:
    ///   - service: what answers the requests.
    ///   - onStart: called with the port as soon as it is open.
    public init(_ service: ReadingService, onStart: @escaping @Sendable (_ port: Int) -> Void = { _ in }) {
        (self.service, self.onStart) = (service, onStart)
    }

    /// Serves until the signal to stop.
    /// - Throws: an error of the system, such as that the port is in use.
    public func runUntilSignal() async throws {
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [self, Reloading(service: service)], gracefulShutdownSignals: [.sigterm, .sigint],
                logger: service.logger))
        try await group.run()
    }

    /// Serves until the group of services is shut down.
    public func run() async throws {
        let settings = service.settings
        let deadlines = ConnectionDeadlines(
            receiving: .seconds(Int64(settings.receiving)),
            responding: .seconds(Int64(settings.deadline + settings.receiving)))
        let service = self.service
        let onStart = self.onStart
        let application = Application(
            responder: PortResponder(service: service, budget: BodyBudget(maximumBytes: settings.maximumBytes * 16)),
            server: .http1(
                configuration: HTTP1Channel.Configuration(
                    additionalChannelHandlers: [ConnectionDeadlineHandler(deadlines)])),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port), serverName: "ductus",
                availableConnectionsDelegate: .maximum(settings.connections, logger: service.logger)),
            onServerRunning: { channel in
                onStart(channel.localAddress?.port ?? settings.port)
                Task { await service.warmUp() }
            },
            logger: service.logger)
        try await withGracefulShutdownHandler {
            try await application.run()
        } onGracefulShutdown: {
            service.drain()
        }
    }
}

/// Reads the weights anew at `SIGHUP`.
private struct Reloading: Service {
    let service: ReadingService

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            await service.reload()
        }
    }
}

/// Receives bodies, and sends responses.
private struct PortResponder: HTTPResponder {
    let service: ReadingService
    let budget: BodyBudget

    func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
        let received = ServiceRequest(
            request.head.method, request.head.path ?? "/", headers: request.headers)
        let response = await service.respond(to: received) {
            try await budget.collect(
                request.body, length: request.headers[.contentLength].flatMap { Int($0) },
                maximumBytes: service.settings.maximumBytes)
        }
        var headers = response.headers
        switch response.body {
        case .bytes(let bytes):
            guard request.head.method != .head else {
                headers[.contentLength] = "\(bytes.count)"
                return Response(status: response.status, headers: headers)
            }
            return Response(
                status: response.status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        case .stream(let pieces):
            return Response(
                status: response.status, headers: headers,
                body: ResponseBody { writer in
                    for await piece in pieces { try await writer.write(ByteBuffer(bytes: piece)) }
                    try await writer.finish(nil)
                })
        }
    }
}
