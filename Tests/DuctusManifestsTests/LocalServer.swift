import DuctusManifests
import Foundation
import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// A server on this machine that answers as a test wants it to, wrongly if need be.
final class LocalServer: Sendable {
    /// What a client asks for.
    struct Request: Sendable {
        let path: String
        /// By their names in lower case.
        let headers: [String: String]
        /// The number of earlier requests.
        let number: Int

        /// The first byte that is asked for.
        var start: Int { headers["range"].flatMap { Int($0.dropFirst("bytes=".count).dropLast()) } ?? 0 }
    }

    /// What is sent.
    struct Answer: Sendable {
        /// The first lines, without the last line break.
        var head: String
        /// The parts of the body.
        var parts: [[UInt8]] = []
        /// The pause before every part.
        var pause: Duration = .zero
        /// The pause before the connection is closed.
        var closing: Duration = .zero
    }

    let port: UInt16
    private let listener: CInt
    private let log = Log()

    /// The requests so far.
    var requests: [Request] { log.requests.withLock { $0 } }

    private final class Log: Sendable {
        let requests = Mutex<[Request]>([])
    }

    init(_ answer: @escaping @Sendable (Request) -> Answer) throws {
        #if canImport(Darwin)
            listener = socket(AF_INET, SOCK_STREAM, 0)
        #else
            listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        #endif
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let failed = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, length) != 0 || listen(listener, 16) != 0
                    || getsockname(listener, address, &length) != 0
            }
        }
        if failed { throw File.systemError("127.0.0.1") }
        port = UInt16(bigEndian: address.sin_port)
        let log = log
        Thread.detachNewThread {
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { return }
                Thread.detachNewThread {
                    defer { close(connection) }
                    guard let request = Self.read(connection, log) else { return }
                    Self.send(answer(request), to: connection)
                }
            }
        }
    }

    deinit {
        shutdown(listener, CInt(SHUT_RDWR))
        close(listener)
    }

    func url(_ path: String = "file") -> String { "http://127.0.0.1:\(port)/\(path)" }

    private static func read(_ connection: CInt, _ log: Log) -> Request? {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while !String(decoding: bytes, as: UTF8.self).contains("\r\n\r\n") {
            let count = recv(connection, &chunk, chunk.count, 0)
            guard count > 0 else { return nil }
            bytes += chunk[..<count]
        }
        let lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 { headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces) }
        }
        let path = String(lines[0].split(separator: " ").dropFirst().first?.dropFirst() ?? "")
        return log.requests.withLock { log in
            let request = Request(path: path, headers: headers, number: log.count)
            log.append(request)
            return request
        }
    }

    private static func send(_ answer: Answer, to connection: CInt) {
        func send(_ bytes: [UInt8]) -> Bool {
            var sent = 0
            while sent < bytes.count {
                let count = bytes[sent...].withUnsafeBytes {
                    #if canImport(Darwin)
                        Darwin.send(connection, $0.baseAddress, $0.count, 0)
                    #else
                        Glibc.send(connection, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
                    #endif
                }
                guard count > 0 else { return false }
                sent += count
            }
            return true
        }
        guard send(Array("\(answer.head)\r\nConnection: close\r\n\r\n".utf8)) else { return }
        for part in answer.parts {
            usleep(UInt32(answer.pause / .microseconds(1)))
            guard send(part) else { return }
        }
        usleep(UInt32(answer.closing / .microseconds(1)))
    }
}

extension LocalServer.Answer {
    /// A file, or the rest of it that was asked for, of which `sent` bytes are sent.
    static func file(
        _ bytes: [UInt8], _ request: LocalServer.Request, tag: String? = "\"1\"", sent: Int = .max, chunk: Int = 1 << 16
    ) -> Self {
        // RFC 9110, 13.1.5: the whole file if it is not the one that the client has.
        let isSame = request.headers["if-range"].map { $0 == tag } ?? true
        let start = isSame ? min(request.start, bytes.count) : 0
        let body = Array(bytes[start...])
        let range = start > 0 ? "\r\nContent-Range: bytes \(start)-\(bytes.count - 1)/\(bytes.count)" : ""
        let head = """
            HTTP/1.1 \(start > 0 ? "206 Partial Content" : "200 OK")\r
            Content-Length: \(body.count)\(range)\(tag.map { "\r\nETag: \($0)" } ?? "")
            """
        let shown = Array(body.prefix(sent))
        return Self(
            head: head,
            parts: stride(from: 0, to: shown.count, by: chunk).map { Array(shown[$0..<min($0 + chunk, shown.count)]) })
    }

    /// An answer without a body.
    static func status(_ line: String, headers: String...) -> Self {
        Self(head: (["HTTP/1.1 \(line)", "Content-Length: 0"] + headers).joined(separator: "\r\n"))
    }
}

/// Runs a function that waits on a thread of its own, as it would keep a task from the others.
func onThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Swift.Result { try body() }) }
    }
}
