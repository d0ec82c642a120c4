import HTTPTypes
import Instrumentation
import Logging
import Synchronization
import Tracing

/// Reads handwriting for clients: routes requests, checks who may send them, reads images one after the other, and
/// counts.
///
/// It knows neither connections nor functions: ``Server`` brings it requests from a port, ``LambdaRuntime`` from
/// events.
///
/// ```swift
/// let service = try ReadingService(ServerSettings(), logger: Logger(label: "ductus"))
/// let response = await service.respond(to: ServiceRequest(.get, "/v2/health/live"))
/// ```
public final class ReadingService: Sendable {
    /// The settings.
    public let settings: ServerSettings
    let logger: Logger
    let metrics = Metrics()
    let queue: ReadingQueue
    let lines = WaitingLines()
    let feedback = FeedbackStore()
    let reference: MetricsReference?
    private let fetcher: ImageFetcher
    private let tokens: Mutex<Tokens?>
    private let current: Mutex<Models>
    private let phase = Atomic(Phase.starting)

    private enum Phase: UInt8, AtomicRepresentable { case starting, ready, draining }

    /// Reads the weights and tokens that the settings name.
    /// - Throws: an error that names the file.
    public convenience init(_ settings: ServerSettings, logger: Logger) throws {
        try self.init(settings, models: Models(settings.model, language: settings.language), logger: logger)
    }

    /// A service with models that exist already, and with a fetcher of its own if it is not that of the settings.
    package init(
        _ settings: ServerSettings, models: Models, fetcher: ImageFetcher? = nil, logger: Logger
    ) throws {
        (self.settings, self.logger) = (settings, logger)
        self.fetcher =
            fetcher ?? ImageFetcher(hosts: settings.imageHosts, maximumBytes: settings.maximumBytes)
        reference = try (settings.reference ?? models.reference).map { try Metrics.reference(contentsOf: $0) }
        queue = ReadingQueue(capacity: settings.queue)
        tokens = Mutex(try settings.tokens.map { try Tokens(contentsOf: $0) })
        current = Mutex(models)
        if let directory = settings.feedback { try File.createDirectory(directory) }
    }

    /// The networks of this moment.
    var models: Models { current.withLock { $0 } }

    /// Whether requests need a token.
    var tokensAreNeeded: Bool { tokens.withLock { $0 != nil } }

    /// Whether requests are answered without a wait for warming up.
    var isReady: Bool { phase.load(ordering: .acquiring) == .ready }

    /// Reads a small image, and is ready then.
    public func warmUp() async {
        let models = self.models
        if let model = reference?.model, model != models.version {
            logger.notice(
                "the reference is of other weights, so the drift of confidence is not known",
                metadata: ["model": "\(models.version)", "reference": "\(model)"])
        }
        let deadline = ContinuousClock.now + .seconds(600)
        _ = try? await queue.run(until: deadline) { (_: OneShot<Bool>) in
            models.warmUp()
            return true
        }
        becomeReady()
    }

    /// Is ready without having warmed up.
    func becomeReady() {
        _ = phase.compareExchange(expected: .starting, desired: .ready, ordering: .acquiringAndReleasing)
    }

    /// Is no longer ready, so that no new requests are sent here while the last ones are answered.
    public func drain() { phase.store(.draining, ordering: .releasing) }

    /// Reads the weights and tokens anew. If that fails, the former ones stay. Requests that are being read end with
    /// the weights with which they began.
    public func reload() async {
        do {
            let models = try Models(settings.model, language: settings.language)
            let tokens = try settings.tokens.map { try Tokens(contentsOf: $0) }
            current.withLock { $0 = models }
            self.tokens.withLock { $0 = tokens }
            metrics.countReload()
            logger.notice("weights reloaded", metadata: ["model": "\(models.version)"])
        } catch {
            logger.error("reload failed; the former weights stay", metadata: ["error": "\(error)"])
        }
    }

    /// The response to a request. Every error is a response, too.
    ///
    /// - Parameters:
    ///   - request: the head of the request.
    ///   - body: receives the body; called only for a request that may have one.
    public func respond(
        to request: ServiceRequest, body: () async throws -> [UInt8] = { [] }
    ) async -> ServiceResponse {
        let match = Match(request)
        return await withSpan(
            "\(match.method(of: request)) \(match.route)", context: request.instrumentationContext, ofKind: .server
        ) { span in
            let response = await respond(to: request, match, body)
            span.attributes["http.request.method"] = match.method(of: request)
            span.attributes["http.route"] = match.route
            span.attributes["http.response.status_code"] = response.status.code
            span.attributes["ductus.request.id"] = request.id
            if response.status.code >= 500 { span.setStatus(SpanStatus(code: .error)) }
            return response
        }
    }

    private func respond(
        to request: ServiceRequest, _ match: Match, _ body: () async throws -> [UInt8]
    ) async -> ServiceResponse {
        let start = ContinuousClock.now
        metrics.begin()
        var response: ServiceResponse
        var owner: String?
        do {
            let endpoint = try match.endpoint(for: request)
            owner = try checkToken(of: request, for: endpoint)
            response = try await answer(request, endpoint, match.parameters, body, start)
        } catch {
            response = problem(for: error).response(to: request)
        }
        finish(&response, to: request)
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let status = response.status.code
        metrics.end(route: match.route, method: match.method(of: request), status: status, seconds: seconds)
        logger.info(
            "request",
            metadata: [
                "id": "\(request.id)", "method": "\(match.method(of: request))", "route": "\(match.route)",
                "status": "\(status)", "milliseconds": "\(Int(seconds * 1000))", "owner": "\(owner ?? "-")",
            ])
        return response
    }

    /// The problem that an error is for the client; a defect of the service is logged.
    func problem(for error: any Error) -> Problem {
        let problem = Problem(error)
        if problem.status.code == 500 { logger.error("request failed", metadata: ["error": "\(error)"]) }
        return problem
    }

    private func answer(
        _ request: ServiceRequest, _ endpoint: Endpoint, _ parameters: [String: String],
        _ body: () async throws -> [UInt8], _ start: ContinuousClock.Instant
    ) async throws -> ServiceResponse {
        var request = request
        request.parameters = parameters
        if let encoding = request.headers[.contentEncoding], encoding.lowercased() != "identity" {
            throw Problem(
                .unsupportedMediaType, "Bodies must not be compressed, as images are already.",
                headers: [.acceptEncoding: "identity"])
        }
        if endpoint.action.waits { try queue.checkRoom() }
        if endpoint.method == .post, request.body.isEmpty {
            request.body = try await withSpan("receive") { _ in try await body() }
        }
        guard request.body.count <= settings.maximumBytes else {
            throw Problem.tooLarge(maximumBytes: settings.maximumBytes)
        }
        switch endpoint.action {
        case .answer(let answer): return try answer(self, request)
        case .read(let read): return try await run(read, on: request, start)
        case .fetch(let read):
            let address = request.queryValue("image_url")
            request.body = try await withSpan("fetch") { _ in try await fetcher.image(at: address) }
            // It says what the body of the request is, which there is none of.
            request.headers[.contentType] = nil
            return try await run(read, on: request, start)
        }
    }

    private func run(
        _ read: @escaping @Sendable (ReadingJob) throws -> ServiceResponse, on request: ServiceRequest,
        _ start: ContinuousClock.Instant
    ) async throws -> ServiceResponse {
        let context = InstrumentationContext.current ?? .topLevel
        let queued = DefaultTracerClock.now
        let limit = Duration.seconds(settings.deadline)
        let deadline = start + min(limit, request.timeLimit ?? limit)
        let entry = lines.add(request)
        defer { entry.map(lines.remove) }
        return try await queue.run(until: deadline) { [self] result in
            startSpan("wait", context: context, at: queued).end()
            let job = ReadingJob(
                service: self, request: request, models: models, deadline: deadline, entry: entry, response: result)
            return try withSpan("work", context: context) { _ in try job.labeled(read(job)) }
        }
    }

    /// The owner of the token, if tokens are asked for.
    private func checkToken(of request: ServiceRequest, for endpoint: Endpoint) throws -> String? {
        guard let tokens = tokens.withLock({ $0 }), !endpoint.isOpen else { return nil }
        if let owner = tokens.owner(ofAuthorization: request.headers[.authorization]) { return owner }
        throw Problem(
            .unauthorized, "A token is needed: send it in the field Authorization, as \"Bearer\" and the token.",
            headers: [.wwwAuthenticate: "Bearer"])
    }

    /// What every response has.
    private func finish(_ response: inout ServiceResponse, to request: ServiceRequest) {
        response.headers[.requestID] = request.id
        if response.headers[.model] == nil { response.headers[.model] = models.version }
        response.headers[.xContentTypeOptions] = "nosniff"
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
    }
}

/// The endpoints at the path of a request.
private struct Match {
    private let candidates: [Endpoint]
    let parameters: [String: String]

    init(_ request: ServiceRequest) {
        candidates = ReadingService.endpoints.filter { $0.parameters(of: request.path) != nil }
        parameters = candidates.first?.parameters(of: request.path) ?? [:]
    }

    /// The name of the path in metrics and logs.
    var route: String { candidates.first?.path ?? "none" }

    /// The name of the method in metrics and logs.
    func method(of request: ServiceRequest) -> String {
        let known: [HTTPRequest.Method] = [.get, .head, .post, .put, .delete, .patch, .options]
        return known.contains(request.method) ? request.method.rawValue : "other"
    }

    /// The endpoint for the method; `HEAD` is `GET` without the body.
    func endpoint(for request: ServiceRequest) throws -> Endpoint {
        let method = request.method == .head ? .get : request.method
        if let endpoint = candidates.first(where: { $0.method == method }) { return endpoint }
        guard !candidates.isEmpty else {
            throw Problem(.notFound, "There is nothing at this path; /openapi.json lists what there is.")
        }
        let allowed = candidates.flatMap { $0.method == .get ? ["GET", "HEAD"] : [$0.method.rawValue] }
        throw Problem(
            .methodNotAllowed, "This path takes \(allowed.joined(separator: " and ")) only.",
            headers: [.allow: allowed.joined(separator: ", ")])
    }
}

extension ReadingService {
    /// The requests that wait to be read.
    package var waiting: Int { queue.load.waiting }
    /// The requests that are being read, 0 or 1.
    package var running: Int { queue.load.running }
}
