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

/// Closes connections that send or receive too slowly, however steadily they do, and those whose response says so.
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
    private var receivesBody = false
    private var hasBegunResponse = false
    private var closesAfterResponse = false

    package init(_ deadlines: ConnectionDeadlines) { self.deadlines = deadlines }

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
        context.fireChannelInactive()
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            openRequests += 1
            receivesBody = true
            schedule(context) { handler, context in handler.refuse(context) }
        case .body: break
        case .end:
            receivesBody = false
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
            closesAfterResponse = head.headerFields[.connection]?.lowercased() == "close"
            responding?.cancel()
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            responding = context.eventLoop.scheduleTask(in: deadlines.responding) {
                bound.value.close(promise: nil)
            }
            context.write(data, promise: promise)
        case .body: context.write(data, promise: promise)
        case .end:
            // The last byte has been sent when this is fulfilled.
            let sent = promise ?? context.eventLoop.makePromise(of: Void.self)
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            sent.futureResult.whenComplete { _ in
                let (handler, context) = bound.value
                handler.responding?.cancel()
                handler.hasBegunResponse = false
                handler.openRequests -= 1
                if handler.closesAfterResponse { return context.close(promise: nil) }
                if handler.openRequests == 0, !handler.receivesBody { handler.awaitHead(context) }
            }
            context.write(data, promise: sent)
        }
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

    /// Answers a request that did not arrive.
    private func refuse(_ context: ChannelHandlerContext) {
        guard !hasBegunResponse else { return context.close(promise: nil) }
        let head = HTTPResponse(status: .requestTimeout, headerFields: [.connection: "close", .contentLength: "0"])
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.whenComplete { _ in bound.value.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: sent)
    }
}
