import HTTPTypes
import Logging

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Brings a ``ReadingService`` the events of an AWS Lambda function, as a custom runtime does.
///
/// Source: AWS Lambda developer guide, *Using the Lambda runtime API for custom runtimes*.
public struct LambdaRuntime: Sendable {
    private let service: ReadingService
    private let client: RuntimeClient
    private static let version = "/2018-06-01/runtime"

    /// The milliseconds that are left for the answer itself when reading ends.
    private static let reserve = 1000

    /// The address of the runtime API, if this is a function that takes events: behind the AWS Lambda Web Adapter, whose
    /// port is in the environment, too, it takes connections.
    public static func address(in environment: (_ variable: String) -> String?) -> String? {
        environment("AWS_LWA_PORT") == nil ? environment("AWS_LAMBDA_RUNTIME_API") : nil
    }

    /// - Parameters:
    ///   - service: what answers the events.
    ///   - address: the host and port of the runtime API: `AWS_LAMBDA_RUNTIME_API`.
    /// - Throws: `ConfigurationError` for an address that is none.
    public init(_ service: ReadingService, address: String) throws {
        (self.service, client) = (service, try Self.client(address))
    }

    /// Tells the runtime API why the function cannot start, which its log would show as a timeout otherwise.
    public static func report(_ error: any Error, to address: String) async {
        _ = try? await client(address).send(
            .post, "\(version)/init/error", headers: [.lambdaErrorType: "Runtime.InitError"],
            body: document("\(error)", type: "InitError"))
    }

    private static func client(_ address: String) throws -> RuntimeClient {
        let parts = address.split(separator: ":")
        guard let host = parts.first, let port = parts.count == 1 ? 80 : Int(parts[parts.count - 1]), parts.count <= 2
        else { throw ConfigurationError("AWS_LAMBDA_RUNTIME_API", "must be a host and a port, not \"\(address)\"") }
        return RuntimeClient(host: String(host), port: port)
    }

    /// An error as the runtime API takes it.
    private static func document(_ message: String, type: String) -> [UInt8] {
        let members: [String: JSONText] = [
            "errorMessage": .string(message), "errorType": .string(type), "stackTrace": .array([]),
        ]
        return Array(JSONText.object(members).text.utf8)
    }

    /// Answers events until the process is ended from outside. The first one is there already, and so does not wait until the
    /// service is warm.
    /// - Throws: an error of the runtime API.
    public func run() async throws {
        service.becomeReady()
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
            var request = event.request
            request.timeLimit = next.headers[.lambdaDeadline].flatMap { Int($0) }.map {
                .milliseconds($0 - Int(Date.now.timeIntervalSince1970 * 1000) - Self.reserve)
            }
            let response = await service.respond(to: request)
            let body = try event.document(for: response, bytes: await response.collected())
            _ = try await client.send(.post, "\(invocation)/response", body: Array(body.text.utf8))
        } catch let error as RuntimeError {
            throw error
        } catch {
            service.logger.error("event failed", metadata: ["error": "\(error)"])
            _ = try await client.send(
                .post, "\(invocation)/error", headers: [.lambdaErrorType: "Runtime.InvalidEvent"],
                body: Self.document(Problem(error).detail, type: "InvalidEvent"))
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
    /// When the function is ended, in milliseconds since 1970.
    fileprivate static let lambdaDeadline = Self(known: "Lambda-Runtime-Deadline-Ms")
    fileprivate static let lambdaErrorType = Self(known: "Lambda-Runtime-Function-Error-Type")
}
