import HTTPTypes
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// Fetches images from the addresses in requests, if a service allows that: from hosts that are listed, at public
/// addresses, within a time and a length.
///
/// The address that a name stands for is looked up once, checked, and connected to, so that it cannot be another one the
/// second time. Redirections are not followed.
package final class ImageFetcher: Sendable {
    /// The hosts, with a port if only that may be asked, or if it is not that of the scheme; `*` stands for all.
    private let hosts: Set<String>
    private let maximumBytes: Int
    private let isAllowed: @Sendable (SocketAddress) -> Bool
    private let count = Mutex(0)

    private static let timeLimit = Duration.seconds(5)
    /// Fetches at a time, each of which may hold a body.
    private static let maximumCount = 8

    /// - Parameters:
    ///   - hosts: the hosts that may be asked, each with a port if it is not that of the scheme; `*` stands for all.
    ///   - maximumBytes: the length of an image.
    ///   - isAllowed: whether an address may be connected to.
    package init(
        hosts: Set<String>, maximumBytes: Int,
        isAllowed: @escaping @Sendable (SocketAddress) -> Bool = { $0.isPublic }
    ) {
        (self.hosts, self.maximumBytes, self.isAllowed) = (hosts, maximumBytes, isAllowed)
    }

    /// The bytes at an address.
    /// - Throws: ``Problem`` if the address is not allowed, or sends no image in time.
    func image(at text: String?) async throws -> [UInt8] {
        guard !hosts.isEmpty else {
            throw Problem(
                .forbidden, "The server was started without --image-hosts; send the image in the body of a request.")
        }
        guard let text else { throw Problem.malformed("The query must have the address of an image as image_url.") }
        let address = try ImageAddress(text)
        let names = [address.authority, address.hostAndPort] + (address.hasDefaultPort ? ["*"] : [])
        guard names.contains(where: hosts.contains) else {
            throw Problem(
                .forbidden, "Images are not fetched from this host; --image-hosts of the server lists the others.")
        }
        try begin()
        defer { count.withLock { $0 -= 1 } }
        let deadline = ContinuousClock.now + Self.timeLimit
        let place = try await Self.resolve(address, until: deadline)
        guard isAllowed(place) else {
            throw Problem(.forbidden, "The host of image_url has an address that is not public.")
        }
        return try await fetch(address, from: place, until: deadline)
    }

    private func begin() throws {
        let isFree = count.withLock { count in
            guard count < Self.maximumCount else { return false }
            count += 1
            return true
        }
        guard isFree else {
            throw Problem.unavailable(
                "Too many images are being fetched; send this request again later.", status: .tooManyRequests,
                retryAfter: 5)
        }
    }

    /// Looks up a name, on another thread, since the library waits as long as it likes.
    private static func resolve(
        _ address: ImageAddress, until deadline: ContinuousClock.Instant
    ) async throws -> SocketAddress {
        let result = OneShot<SocketAddress>()
        let unknown = Problem(.unprocessableContent, "The host of image_url is not known.")
        NIOThreadPool.singleton.submit { _ in
            let found = try? SocketAddress.makeAddressResolvingHost(address.host, port: address.port)
            result.give(found.map { .success($0) } ?? .failure(unknown))
        }
        let timer = Task {
            try await Task.sleep(until: deadline, clock: .continuous)
            result.give(.failure(Self.isLate))
        }
        defer { timer.cancel() }
        return try await result.value
    }

    private static let isLate = Problem(
        .unprocessableContent, "The host of image_url sent no image within \(timeLimit.components.seconds) seconds.")

    private func fetch(
        _ address: ImageAddress, from place: SocketAddress, until deadline: ContinuousClock.Instant
    ) async throws -> [UInt8] {
        var head = HTTPRequest(
            method: .get, scheme: address.isSecure ? "https" : "http", authority: address.authority,
            path: address.target)
        head.headerFields = [
            .accept: "image/*", .acceptEncoding: "identity", .connection: "close", .userAgent: "ductus",
        ]
        let answer: ClientAnswer
        do {
            let encryption = address.isSecure ? try Self.encryption(for: address.host) : nil
            let remaining = deadline - .now
            guard remaining > .zero else { throw Self.isLate }
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connectTimeout(TimeAmount(remaining))
                .connect(to: place) { channel in ClientAnswer.prepare(channel, encryption: encryption) }
            channel.channel.eventLoop.scheduleTask(in: TimeAmount(remaining)) { [raw = channel.channel] in
                raw.close(promise: nil)
            }
            answer = try await ClientAnswer(to: head, over: channel, maximumBytes: maximumBytes)
        } catch let problem as Problem {
            throw problem
        } catch is ClientAnswer.TooLong {
            throw Problem.tooLarge(maximumBytes: maximumBytes)
        } catch {
            guard ContinuousClock.now < deadline else { throw Self.isLate }
            throw Problem(
                .unprocessableContent, "The host of image_url cannot be reached, or does not answer with HTTP.")
        }
        guard answer.status == .ok else {
            throw Problem(
                .unprocessableContent,
                "The host of image_url answered with the status \(answer.status.code); only 200 will do, as "
                    + "redirections are not followed.")
        }
        return answer.body
    }

    /// What encrypts a connection to a host, and checks its certificate.
    private static func encryption(for host: String) throws -> @Sendable () throws -> NIOSSLClientHandler {
        let context = try NIOSSLContext(configuration: .makeClientConfiguration())
        let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
        return { try NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : host) }
    }
}
