import HTTPTypes

/// Why a request has no result: the status, and one sentence with the remedy. Sent as `application/problem+json`
/// (RFC 9457), and as `{"error": …}` where the Open Inference Protocol asks for that.
package struct Problem: Error, CustomStringConvertible {
    let status: HTTPResponse.Status
    let detail: String
    let headers: HTTPFields

    init(_ status: HTTPResponse.Status, _ detail: String, headers: HTTPFields = [:]) {
        (self.status, self.detail, self.headers) = (status, detail, headers)
    }

    package var description: String { detail }

    /// A request that cannot be understood.
    static func malformed(_ detail: String) -> Problem { Problem(.badRequest, detail) }

    /// A service that has too much to do, or is not ready yet.
    static func unavailable(
        _ detail: String, status: HTTPResponse.Status = .serviceUnavailable, retryAfter seconds: Int
    ) -> Problem {
        Problem(status, detail, headers: [.retryAfter: "\(seconds)"])
    }

    /// A body that is larger than the limit.
    static func tooLarge(maximumBytes: Int) -> Problem {
        Problem(.contentTooLarge, "The body has more than the \(maximumBytes) bytes allowed; send a smaller image.")
    }

    func response(to request: ServiceRequest) -> ServiceResponse {
        if request.path.hasPrefix("/v2") {
            return ServiceResponse(status, json: .object(["error": .string(detail)]), headers: headers)
        }
        var response = ServiceResponse(status, json: json(for: request), headers: headers)
        response.headers[.contentType] = "application/problem+json"
        return response
    }

    /// What `application/problem+json` says.
    func json(for request: ServiceRequest) -> JSONText {
        .object([
            "type": .string("about:blank"), "title": .string(status.reasonPhrase), "detail": .string(detail),
            "status": .number("\(status.code)"), "requestId": .string(request.id),
        ])
    }
}

extension Problem {
    /// The problem that an error is for the client.
    init(_ error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case let error as ImageError: self.init(Self.status(of: error), error.description)
        case let error as PageFormatError: self.init(.badRequest, error.description)
        case let error as JSONText.Failure:
            self.init(.badRequest, "The body is not JSON: \(error.message) at byte \(error.offset).")
        case is CancellationError:
            // As nginx has it; it is for the log and the metrics.
            self.init(
                HTTPResponse.Status(code: 499, reasonPhrase: "Client Closed Request"),
                "The client closed the connection, or its half of it, before the answer.")
        default: self.init(.internalServerError, "The request failed on the server; its log has the reason.")
        }
    }

    private static func status(of error: ImageError) -> HTTPResponse.Status {
        switch error {
        case .tooLarge: .contentTooLarge
        case .notAnImage, .unsupported: .unsupportedMediaType
        case .missing, .empty, .corrupt: .unprocessableContent
        case .missingProgram: .notImplemented
        case .inaccessible: .serviceUnavailable
        }
    }
}
