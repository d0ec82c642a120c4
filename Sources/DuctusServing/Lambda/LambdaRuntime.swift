import HTTPTypes
import Logging

/// Brings a ``ReadingService`` the events of an AWS Lambda function, as a custom runtime does.
///
/// Source: AWS Lambda developer guide, *Using the Lambda runtime API for custom runtimes*.
public struct LambdaRuntime: Sendable {
    private let service: ReadingService
    private let client: RuntimeClient
    private static let version = "/2018-06-01/runtime"

    /// - Parameters:
    ///   - service: what answers the events.
    ///   - address: the host and port of the runtime API: `AWS_LAMBDA_RUNTIME_API`.
    /// - Throws: `ConfigurationError` for an address that is none.
    public init(_ service: ReadingService, address: String) throws {
        self.service = service
        let parts = address.split(separator: ":")
        guard let host = parts.first, let port = parts.count == 1 ? 80 : Int(parts[parts.count - 1]), parts.count <= 2
        else { throw ConfigurationError("AWS_LAMBDA_RUNTIME_API", "must be a host and a port, not \"\(address)\"") }
        client = RuntimeClient(host: String(host), port: port)
    }

    /// Answers events until the process is ended from outside.
    /// - Throws: an error of the runtime API.
    public func run() async throws {
        await service.warmUp()
        while true { try await answerNext() }
    }

    /// Waits for an event and answers it.
    package func answerNext() async throws {
        let next = try await client.send(.get, "\(Self.version)/invocation/next")
        guard next.status == .ok, let id = next.headers[.lambdaRequestID] else {
            throw RuntimeError(status: next.status.code)
        }
        let invocation = "\(Self.version)/invocation/\(id)"
        do {
            let event = try LambdaEvent(next.body)
            let response = await service.respond(to: event.request)
            let body = try event.document(for: response, bytes: await response.collected())
            _ = try await client.send(.post, "\(invocation)/response", body: Array(body.text.utf8))
        } catch let error as RuntimeError {
            throw error
        } catch {
            service.logger.error("event failed", metadata: ["error": "\(error)"])
            let problem = JSONText.object([
                "errorMessage": .string(Problem(error).detail), "errorType": .string("InvalidEvent"),
                "stackTrace": .array([]),
            ])
            _ = try await client.send(
                .post, "\(invocation)/error", headers: [.lambdaErrorType: "Runtime.InvalidEvent"],
                body: Array(problem.text.utf8))
        }
    }

    /// An answer of the runtime API that its documentation does not have.
    struct RuntimeError: Error, CustomStringConvertible {
        let status: Int
        var description: String { "The runtime API of the function answered with the status \(status)." }
    }
}

extension HTTPField.Name {
    fileprivate static let lambdaRequestID = Self(known: "Lambda-Runtime-Aws-Request-Id")
    fileprivate static let lambdaErrorType = Self(known: "Lambda-Runtime-Function-Error-Type")
}
