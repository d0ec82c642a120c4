import Foundation
import Synchronization

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// A request for the rest of a file, which is appended to the part as it arrives.
final class Transfer: NSObject, URLSessionDataDelegate, @unchecked Sendable {
    // All properties that change are used by the queue of the session only, until `finished` is signaled; those of
    // `activity` are locked.
    private let url: String
    private let part: PartialFile
    private let size: Int?
    private let policy: DownloadPolicy
    private let progress: @Sendable (Int, Int?) -> Void
    private let finished = DispatchSemaphore(value: 0)
    private let lastActivity = Mutex(ContinuousClock.now)

    private var redirections = 0
    /// The size of the whole file, by the server.
    private var announced: Int?
    /// Whether the body arrives in another encoding than it has on disk, so that its length says nothing.
    private var isEncoded = false
    private var result: Result<Void, any Error>?

    /// - Parameters:
    ///   - url: the address.
    ///   - part: the part that is there.
    ///   - size: the size of the file, if it is known; what goes beyond is refused.
    init(
        _ url: String, part: PartialFile, size: Int?, policy: DownloadPolicy,
        progress: @escaping @Sendable (Int, Int?) -> Void
    ) {
        (self.url, self.part, self.size, self.policy, self.progress) = (url, part, size, policy, progress)
    }

    /// Waits for the end of the body.
    /// - Throws: ``TransferProblem``, or `FileError` if the part cannot be written.
    func run() throws {
        guard let address = URL(string: url) else { throw TransferProblem("is not an address", .none) }
        let configuration = URLSessionConfiguration.ephemeral
        // The clock below is the one that matters, as it knows fractions of a second on every system.
        configuration.timeoutIntervalForRequest = 3600
        configuration.timeoutIntervalForResource = 30 * 24 * 3600
        configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
        configuration.urlCache = nil
        let session = URLSession(configuration: configuration, delegate: self, delegateQueue: nil)
        defer { session.finishTasksAndInvalidate() }
        let task = session.dataTask(with: request(for: address))
        task.resume()
        while finished.wait(timeout: .now() + .milliseconds(50)) == .timedOut {
            let idle = ContinuousClock.now - lastActivity.withLock { $0 }
            guard idle > policy.idleTimeout else { continue }
            // The task is not canceled, but ignored: FoundationNetworking traps if one is canceled while it is redirected.
            let end = BlockOperation { [self] in
                guard result == nil else { return }
                result = .failure(
                    TransferProblem("sent nothing for \(Int(idle / .seconds(1))) s", .retry(after: nil)))
            }
            session.delegateQueue.addOperations([end], waitUntilFinished: true)
            break
        }
        try result?.get()
    }

    /// The request for the rest of the file, if the server still has the same (RFC 9110, section 14).
    private func request(for address: URL) -> URLRequest {
        var request = URLRequest(url: address)
        request.setValue("ductus/\(Release.version)", forHTTPHeaderField: "User-Agent")
        // An encoded body could not be continued.
        request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
        guard part.count > 0 else { return request }
        request.setValue("bytes=\(part.count)-", forHTTPHeaderField: "Range")
        if part.origin?.url == url, let validator = part.origin?.validator {
            request.setValue(validator, forHTTPHeaderField: "If-Range")
        }
        return request
    }

    // MARK: - Delegate

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        touch()
        redirections += 1
        if redirections > policy.maximumRedirections {
            result = .failure(TransferProblem("redirects more than \(policy.maximumRedirections) times", .none))
        } else if url.hasPrefix("https:"), request.url?.scheme != "https" {
            result = .failure(TransferProblem("redirects to an address without encryption", .none))
        }
        completionHandler(result == nil ? request.url.map(self.request(for:)) : nil)
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
    ) {
        touch()
        guard result == nil else { return completionHandler(.cancel) }
        do {
            guard let response = response as? HTTPURLResponse else {
                throw TransferProblem("did not answer in HTTP", .none)
            }
            try accept(response)
            completionHandler(.allow)
        } catch {
            result = .failure(error)
            completionHandler(.cancel)
        }
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        touch()
        guard result == nil else { return dataTask.cancel() }
        if let problem = append([UInt8](data)) {
            result = .failure(problem)
            dataTask.cancel()
        } else {
            progress(part.count, size ?? announced)
        }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        if result == nil {
            if let error {
                result = .failure(TransferProblem(Self.clause(error), .retry(after: nil)))
            } else if let announced, !isEncoded, part.count != announced {
                result = .failure(
                    TransferProblem("ended after \(part.count) of \(announced) bytes", .retry(after: nil)))
            } else {
                result = .success(())
            }
        }
        finished.signal()
    }

    /// Adds bytes to the part.
    /// - Returns: why that is not possible, if so.
    private func append(_ bytes: [UInt8]) -> (any Error)? {
        if let size, part.count + bytes.count > size {
            return TransferProblem("has a file of more than \(size) bytes", .restart)
        }
        do {
            try part.append(bytes)
            return nil
        } catch {
            return error
        }
    }

    private func touch() { lastActivity.withLock { $0 = .now } }

    // MARK: - Answers

    private func accept(_ response: HTTPURLResponse) throws {
        func header(_ name: String) -> String? { response.value(forHTTPHeaderField: name) }
        isEncoded = header("Content-Encoding").map { $0.lowercased() != "identity" } ?? false
        let validator = isEncoded ? nil : Self.validator(header("ETag"), header("Last-Modified"))
        switch response.statusCode {
        case 200:
            // The whole file, whatever was asked for.
            try part.restart(from: PartialFile.Origin(url: url, validator: validator))
            announced = header("Content-Length").flatMap { Int($0) }
        case 206:
            guard !isEncoded, let range = Self.range(header("Content-Range")), range.start == part.count,
                part.count > 0,
                part.origin?.url != url || part.origin?.validator == nil || validator == nil
                    || part.origin?.validator == validator
            else { throw TransferProblem("sent another range than it was asked for", .restart) }
            announced = range.total
        case 416:
            throw TransferProblem("does not have the rest of the file", .restart)
        case 408, 425, 429, 500...599:
            let seconds = header("Retry-After").flatMap { Double($0) }
            throw TransferProblem("answered \(response.statusCode)", .retry(after: seconds.map { .seconds($0) }))
        default:
            throw TransferProblem("answered \(response.statusCode)", .none)
        }
        if let size, let announced, !isEncoded, announced != size {
            throw TransferProblem("has a file of \(announced) bytes in place of \(size)", .none)
        }
    }

    /// What a server can compare: a strong tag, else the date of the last change.
    private static func validator(_ tag: String?, _ date: String?) -> String? {
        tag.flatMap { $0.hasPrefix("W/") ? nil : $0 } ?? date
    }

    /// The start and the total of `bytes 100-199/200`.
    private static func range(_ header: String?) -> (start: Int, total: Int?)? {
        guard let header, let match = header.wholeMatch(of: /bytes (\d+)-\d+\/(\d+|\*)/), let start = Int(match.1)
        else {
            return nil
        }
        return (start, Int(match.2))
    }

    private static func clause(_ error: any Error) -> String {
        switch (error as? URLError)?.code {
        case .cannotFindHost?, .dnsLookupFailed?: "is at a host that cannot be found"
        case .cannotConnectToHost?: "cannot be reached"
        case .timedOut?: "did not answer in time"
        case .secureConnectionFailed?, .serverCertificateUntrusted?, .serverCertificateHasBadDate?:
            "has no valid certificate"
        case .unsupportedURL?, .badURL?: "is not an address"
        default: "broke off the connection"
        }
    }
}
