import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTPTypes
import ServiceLifecycle
import Synchronization
import UnixSignals

/// Brings a ``ReadingService`` requests from a port, until it is told to stop.
///
/// `SIGTERM` and `SIGINT` end it after the requests that have begun are answered; `SIGHUP` reads weights, tokens, and
/// certificate anew.
public struct Server: Service {
    private let service: ReadingService
    private let certificate: ServerCertificate?
    private let onStart: @Sendable (_ port: Int) -> Void

    /// - Parameters:
    ///   - service: what answers the requests.
    ///   - onStart: called with the port as soon as it is open.
    /// - Throws: an error that names the file of the certificate, or of its key.
    public init(_ service: ReadingService, onStart: @escaping @Sendable (_ port: Int) -> Void = { _ in }) throws {
        (self.service, self.onStart) = (service, onStart)
        certificate = try ServerCertificate(service.settings)
    }

    /// Serves until the signal to stop.
    /// - Throws: an error of the system, such as that the port is in use.
    public func runUntilSignal() async throws {
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [self, Reloading(service: service, certificate: certificate)],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: service.logger))
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
        let certificate = self.certificate
        let configuration = HTTP1Channel.Configuration(
            additionalChannelHandlers: [ConnectionDeadlineHandler(deadlines)])
        let application = Application(
            responder: PortResponder(service: service, budget: BodyBudget(maximumBytes: settings.maximumBytes * 16)),
            server: HTTPServerBuilder { responder in
                let base = HTTP1Channel(responder: responder, configuration: configuration)
                guard let certificate else { return base }
                return EncryptedChannel(base: base, certificate: certificate)
            },
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

/// Reads the weights, the tokens, and the certificate anew at `SIGHUP`.
private struct Reloading: Service {
    let service: ReadingService
    let certificate: ServerCertificate?

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            await service.reload()
            do {
                try certificate?.reload()
            } catch {
                service.logger.error(
                    "the former certificate stays, as it cannot be read anew", metadata: ["error": "\(error)"])
            }
        }
    }
}

/// A request with the connection that it came over.
private struct PortContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}

/// Receives bodies, and sends responses.
private struct PortResponder: HTTPResponder {
    let service: ReadingService
    let budget: BodyBudget

    func respond(to request: Request, context: PortContext) async throws -> Response {
        let channel = context.channel
        let received = ServiceRequest(
            request.head.method, request.head.path ?? "/", headers: request.headers)
        let maximumBytes = service.settings.maximumBytes
        let asksFirst = request.headers[.expect]?.lowercased() == "100-continue"
        let isAsked = Atomic(false)
        let response = await Self.whileClientWaits(on: channel) {
            await service.respond(to: received) {
                let length = request.headers[.contentLength].flatMap { Int($0) }
                if let length, length > maximumBytes { throw Problem.tooLarge(maximumBytes: maximumBytes) }
                // A client that asks first, sends the body only now that nothing else is wrong; RFC 9110, section 10.1.1.
                if asksFirst {
                    try await channel.writeAndFlush(HTTPResponsePart.head(HTTPResponse(status: .continue)))
                    isAsked.store(true, ordering: .relaxed)
                }
                return try await budget.collect(request.body, maximumBytes: maximumBytes)
            }
        }
        var headers = response.headers
        // Whether the body that was not asked for will come is not known, and so neither is where the next request begins.
        if asksFirst, !isAsked.load(ordering: .relaxed) { headers[.connection] = "close" }
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

    /// The value of an operation, which is cancelled when the client goes away.
    private static func whileClientWaits<Value: Sendable>(
        on channel: any Channel, _ operation: @escaping @Sendable () async -> Value
    ) async -> Value {
        let task = Task { await operation() }
        channel.eventLoop.execute {
            // A connection that has been closed has no handlers any longer.
            let handler = try? channel.pipeline.syncOperations.handler(type: ConnectionDeadlineHandler.self)
            guard let handler else { return task.cancel() }
            handler.whenClientGoes { task.cancel() }
        }
        return await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
    }
}
