import Foundation
import Synchronization

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Requests to a server, one after the other.
enum HTTP {
    /// A server that cannot be reached, or that refuses a request.
    struct Failure: Error, CustomStringConvertible {
        /// One sentence.
        let description: String
        init(_ description: String) { self.description = description }
    }

    struct Answer {
        let url: String
        let status: Int
        let body: [UInt8]

        var json: JSONText {
            get throws {
                guard let json = try? JSONText(parsing: body.isEmpty ? Array("{}".utf8) : body) else {
                    throw Failure("\(url): the answer is not JSON; check that the server is MLflow.")
                }
                return json
            }
        }

        /// The string at a path of the JSON.
        func text(_ path: String) throws -> String {
            guard let text = try json[path: path]?.string else {
                throw Failure("\(url): the answer has no \"\(path)\"; check that the server is MLflow.")
            }
            return text
        }

        var error: Failure {
            let words = (try? json).flatMap { $0.object?["message"]?.string }
            let reason = words.map { ": " + $0.prefix(200).replacing("\n", with: " ") } ?? ""
            return Failure("\(url): the server refuses the request with status \(status)\(reason).")
        }
    }

    /// The time after which a server that does not answer counts as down.
    private static let timeout = 10.0

    private static let session: URLSession = {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = timeout
        configuration.timeoutIntervalForResource = 6 * timeout
        configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
        return URLSession(configuration: configuration)
    }()

    /// Sends a request and waits for the answer.
    ///
    /// - Parameters:
    ///   - method: such as `POST`.
    ///   - url: the URL.
    ///   - json: the body, if it is JSON.
    ///   - body: the body otherwise.
    ///   - accepted: the statuses besides success that are no errors.
    static func send(
        _ method: String, _ url: String, json: JSONText? = nil, body: [UInt8]? = nil, accepting accepted: [Int] = []
    ) throws -> Answer {
        guard let address = URL(string: url) else { throw Failure("\(url): this is not a URL; correct it.") }
        var request = URLRequest(url: address, timeoutInterval: timeout)
        request.httpMethod = method
        if let authorization { request.setValue(authorization, forHTTPHeaderField: "Authorization") }
        let type = json == nil ? "application/octet-stream" : "application/json"
        if let bytes = json.map({ Array($0.text.utf8) }) ?? body {
            request.setValue(type, forHTTPHeaderField: "Content-Type")
            request.httpBody = Data(bytes)
        }
        let answer = try answer(to: request, url)
        guard 200..<300 ~= answer.status || accepted.contains(answer.status) else { throw answer.error }
        return answer
    }

    private static func answer(to request: URLRequest, _ url: String) throws -> Answer {
        let done = DispatchSemaphore(value: 0)
        let received = ReceivedAnswer()
        let task = session.dataTask(with: request) { data, response, error in
            if let error {
                received.set(.failure(Failure("\(url): \(error.localizedDescription.withoutPeriod).")))
            } else {
                let status = (response as? HTTPURLResponse)?.statusCode ?? 0
                received.set(.success(Answer(url: url, status: status, body: data.map { [UInt8]($0) } ?? [])))
            }
            done.signal()
        }
        task.resume()
        done.wait()
        return try received.result.get()
    }

    /// Credentials in the environment, under the names that MLflow's own client reads.
    private static var authorization: String? {
        if let token = File.environment("MLFLOW_TRACKING_TOKEN") { return "Bearer \(token)" }
        guard let name = File.environment("MLFLOW_TRACKING_USERNAME"),
            let password = File.environment("MLFLOW_TRACKING_PASSWORD")
        else { return nil }
        return "Basic " + Data("\(name):\(password)".utf8).base64EncodedString()
    }

    /// A part of a URL, in which everything but letters, digits, and `-._~` is escaped.
    static func escaped(_ part: String) -> String {
        let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~".utf8)
        return part.utf8.map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return plain.contains(byte)
                ? String(UnicodeScalar(byte)) : "%" + String(repeating: "0", count: 2 - digits.count) + digits
        }.joined()
    }
}

/// The answer to a request, which arrives on another thread.
private final class ReceivedAnswer: Sendable {
    private let answer = Mutex<Result<HTTP.Answer, HTTP.Failure>>(.failure(HTTP.Failure("There is no answer.")))

    func set(_ result: Result<HTTP.Answer, HTTP.Failure>) { answer.withLock { $0 = result } }

    var result: Result<HTTP.Answer, HTTP.Failure> { answer.withLock { $0 } }
}

extension String {
    fileprivate var withoutPeriod: String { hasSuffix(".") ? String(dropLast()) : self }
}
