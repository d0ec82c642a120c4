import Hummingbird
import NIOCore
import NIOHTTP1
import Synchronization

/// Receives bodies, all of which together have a limit: connections that send slowly cost no more memory than they
/// sent.
final class BodyBudget: Sendable {
    private let maximumBytes: Int
    private let used = Mutex(0)

    init(maximumBytes: Int) { self.maximumBytes = maximumBytes }

    /// The bytes of a body.
    ///
    /// - Parameters:
    ///   - body: the body as it arrives.
    ///   - maximumBytes: the length that is accepted.
    /// - Throws: ``Problem`` for a body that is too long, or when there is no memory for it.
    func collect(_ body: RequestBody, maximumBytes: Int) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        var taken = 0
        defer { used.withLock { $0 -= taken } }
        do {
            for try await piece in body {
                guard bytes.count + piece.readableBytes <= maximumBytes else {
                    throw Problem.tooLarge(maximumBytes: maximumBytes)
                }
                guard take(piece.readableBytes) else {
                    throw Problem.unavailable("Too many bodies are being received; send this one later.", retryAfter: 5)
                }
                taken += piece.readableBytes
                bytes += piece.readableBytesView
            }
        } catch let problem as Problem {
            throw problem
        } catch let cancellation as CancellationError {
            throw cancellation
        } catch is HTTPParserError {
            throw Problem.malformed("The body does not have the form that its header fields say.")
        } catch {
            throw Problem(.requestTimeout, "The body did not arrive.")
        }
        return bytes
    }

    private func take(_ count: Int) -> Bool {
        used.withLock { used in
            guard used + count <= maximumBytes else { return false }
            used += count
            return true
        }
    }
}
