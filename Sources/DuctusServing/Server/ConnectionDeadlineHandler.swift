import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// How long a connection may take for its parts.
package struct ConnectionDeadlines: Sendable {
    /// From the opening of the connection, or the last response, to the head of a request; and from there to its end.
    package let receiving: TimeAmount
    /// From the head of a response to its end.
    package let responding: TimeAmount

    package init(receiving: TimeAmount, responding: TimeAmount) {
        (self.receiving, self.responding) = (receiving, responding)
    }
}

/// Closes connections that send or receive too slowly, however steadily they do, and those whose response says so; tells
/// when the client has gone.
///
/// A request that does not arrive in time is answered with 408 if no response has begun.
package final class ConnectionDeadlineHandler: ChannelDuplexHandler, RemovableChannelHandler {
    package typealias InboundIn = HTTPRequestPart
    package typealias InboundOut = HTTPRequestPart
    package typealias OutboundIn = HTTPResponsePart
    package typealias OutboundOut = HTTPResponsePart

    private let deadlines: ConnectionDeadlines
    /// The end of receiving: of a head while no request is open, otherwise of a body.
    private var receiving: Scheduled<Void>?
    private var responding: Scheduled<Void>?
    private var openRequests = 0
    /// The request whose body is being received.
    private var incoming: HTTPRequest?
    private var hasBegunResponse = false
    /// The responses whose last byte has been written, but not sent.
    private var unsentResponses = 0
    private var closesAfterResponse = false
    private var hasClientGone = false
    private var whenClientGoes: (() -> Void)?

    package init(_ deadlines: ConnectionDeadlines) { self.deadlines = deadlines }

    /// Does something as soon as the client has gone, unless the response has been written by then.
    ///
    /// It has gone when it has closed the connection, or its half of it: a client that still listens looks the same.
    package func whenClientGoes(_ action: @escaping () -> Void) {
        if hasClientGone { action() } else { whenClientGoes = action }
    }

    private func clientHasGone() {
        hasClientGone = true
        whenClientGoes?()
        whenClientGoes = nil
    }

    package func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { awaitHead(context) }
    }

    package func channelActive(context: ChannelHandlerContext) {
        awaitHead(context)
        context.fireChannelActive()
    }

    package func channelInactive(context: ChannelHandlerContext) {
        receiving?.cancel()
        responding?.cancel()
        clientHasGone()
        context.fireChannelInactive()
    }

    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event as? ChannelEvent == .inputClosed { clientHasGone() }
        context.fireUserInboundEventTriggered(event)
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            openRequests += 1
            incoming = head
            schedule(context) { handler, context in handler.refuse(context) }
        case .body: break
        case .end:
            incoming = nil
            receiving?.cancel()
            if openRequests == 0 { awaitHead(context) }
        }
        context.fireChannelRead(data)
    }

    package func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head) where head.status.kind == .informational: context.write(data, promise: promise)
        case .head(let head):
            hasBegunResponse = true
            if head.headerFields[.connection]?.lowercased() == "close" { closesAfterResponse = true }
            responding?.cancel()
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            responding = context.eventLoop.scheduleTask(in: deadlines.responding) {
                bound.value.close(promise: nil)
            }
            context.write(data, promise: promise)
        case .body: context.write(data, promise: promise)
        case .end:
            whenClientGoes = nil
            unsentResponses += 1
            // The last byte has been sent when this is fulfilled.
            let sent = promise ?? context.eventLoop.makePromise(of: Void.self)
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            sent.futureResult.whenComplete { _ in
                let (handler, context) = bound.value
                handler.responding?.cancel()
                handler.hasBegunResponse = false
                handler.openRequests -= 1
                handler.unsentResponses -= 1
                if handler.closesAfterResponse { return context.close(promise: nil) }
                if handler.openRequests == 0, handler.incoming == nil { handler.awaitHead(context) }
            }
            context.write(data, promise: sent)
        }
    }

    /// A server that stops closes a connection as soon as the response has been written; what the socket has not taken by
    /// then would be lost.
    package func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard mode == .all, unsentResponses > 0 else { return context.close(mode: mode, promise: promise) }
        closesAfterResponse = true
        context.channel.closeFuture.cascade(to: promise)
    }

    private func awaitHead(_ context: ChannelHandlerContext) {
        schedule(context) { _, context in context.close(promise: nil) }
    }

    private func schedule(
        _ context: ChannelHandlerContext,
        _ action: @escaping @Sendable (ConnectionDeadlineHandler, ChannelHandlerContext) -> Void
    ) {
        receiving?.cancel()
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        receiving = context.eventLoop.scheduleTask(in: deadlines.receiving) {
            action(bound.value.0, bound.value.1)
        }
    }

    /// Answers the request that did not arrive, if it is the one whose turn it is.
    private func refuse(_ context: ChannelHandlerContext) {
        guard let incoming, openRequests == 1, !hasBegunResponse else { return context.close(promise: nil) }
        let request = ServiceRequest(incoming.method, incoming.path ?? "/", headers: incoming.headerFields)
        let response = Problem(.requestTimeout, "The body did not arrive in time.").response(to: request)
        guard case .bytes(let bytes) = response.body else { return }
        var head = HTTPResponse(status: response.status, headerFields: response.headers)
        head.headerFields[.requestID] = request.id
        head.headerFields[.connection] = "close"
        head.headerFields[.contentLength] = "\(bytes.count)"
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(ByteBuffer(bytes: bytes))), promise: nil)
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.whenComplete { _ in bound.value.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: sent)
    }
}
