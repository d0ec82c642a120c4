import HTTPTypes

/// What a service does with a method and a path.
struct Endpoint: Sendable {
    /// How a request is answered.
    enum Action: Sendable {
        /// At once.
        case answer(@Sendable (ReadingService, ServiceRequest) throws -> ServiceResponse)
        /// When its turn to be read has come.
        case read(@Sendable (ReadingJob) throws -> ServiceResponse)
        /// Likewise, with the image at the address `image_url` of the query as the body.
        case fetch(@Sendable (ReadingJob) throws -> ServiceResponse)

        /// Whether it needs a place in the queue.
        var waits: Bool { if case .answer = self { false } else { true } }
    }

    let method: HTTPRequest.Method
    /// The path; a part in braces stands for any text without a slash.
    let path: String
    /// Whether it needs a token if the service has any.
    var isOpen = false
    let action: Action

    private var parts: [Substring] { path.split(separator: "/", omittingEmptySubsequences: false) }

    /// The values of the variable parts if a path matches.
    func parameters(of target: String) -> [String: String]? {
        let given = target.split(separator: "/", omittingEmptySubsequences: false)
        guard given.count == parts.count else { return nil }
        var values: [String: String] = [:]
        for (part, value) in zip(parts, given) {
            if part.hasPrefix("{") {
                values[String(part.dropFirst().dropLast())] = String(value)
            } else if part != value {
                return nil
            }
        }
        return values
    }
}

extension ReadingService {
    /// Everything that the service answers.
    static let endpoints: [Endpoint] =
        [
            Endpoint(method: .get, path: "/", isOpen: true, action: .answer { try $0.home($1) }),
            Endpoint(method: .get, path: "/page.css", isOpen: true, action: .answer { try $0.asset($1) }),
            Endpoint(method: .get, path: "/page.js", isOpen: true, action: .answer { try $0.asset($1) }),
            Endpoint(method: .get, path: "/openapi.json", isOpen: true, action: .answer { try $0.asset($1) }),
            Endpoint(method: .get, path: "/metrics", action: .answer { service, _ in service.metricsText() }),
            Endpoint(
                method: .get, path: "/v1/service", isOpen: true, action: .answer { service, _ in service.description() }
            ),
            Endpoint(method: .get, path: "/v1/ocr", action: .fetch { try $0.predict() }),
            Endpoint(method: .post, path: "/v1/ocr", action: .read { try $0.predict() }),
            Endpoint(method: .get, path: "/v1/predict", action: .fetch { try $0.predict() }),
            Endpoint(method: .post, path: "/v1/predict", action: .read { try $0.predict() }),
            Endpoint(method: .post, path: "/v1/read", action: .read { try $0.readPages() }),
            Endpoint(method: .post, path: "/v1/convert", action: .read { try $0.convert() }),
            Endpoint(method: .post, path: "/v1/feedback", action: .read { try $0.keepFeedback() }),
            Endpoint(
                method: .get, path: "/v2", isOpen: true, action: .answer { service, _ in service.inferenceServer() }),
            Endpoint(
                method: .get, path: "/v2/health/live", isOpen: true,
                action: .answer { _, _ in ServiceResponse(json: .object(["live": .boolean(true)])) }),
            Endpoint(
                method: .get, path: "/v2/health/ready", isOpen: true,
                action: .answer { service, _ in service.readiness() }),
        ]
        + ["/v2/models/{model}", "/v2/models/{model}/versions/{version}"].flatMap { path in
            [
                Endpoint(method: .get, path: path, action: .answer { try $0.inferenceModel($1) }),
                Endpoint(method: .get, path: "\(path)/ready", action: .answer { try $0.inferenceModelIsReady($1) }),
                Endpoint(method: .post, path: "\(path)/infer", action: .read { try $0.infer() }),
            ]
        }
}

extension ReadingService {
    /// The methods and paths of all endpoints.
    package static var routes: [(method: String, path: String)] { endpoints.map { ($0.method.rawValue, $0.path) } }
}
