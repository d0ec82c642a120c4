import HTTPTypes

extension ReadingService {
    private static let assets: [String: (name: String, type: String)] = [
        "/": ("page.html", "text/html; charset=utf-8"), "/page.css": ("page.css", "text/css; charset=utf-8"),
        "/page.js": ("page.js", "text/javascript; charset=utf-8"),
        "/openapi.json": ("openapi.json", "application/json"),
    ]

    /// What the page may do: load its own style and script, show images that it has, and call this service.
    private static let policy = [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' blob: data:",
        "connect-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
    ].joined(separator: "; ")

    /// The page for people; a greeting for programs that do not ask for HTML.
    func home(_ request: ServiceRequest) throws -> ServiceResponse {
        let ranges = MediaRange.all(request.headers[.accept] ?? "")
        guard ranges.contains(where: { $0.subtype == "html" && $0.quality > 0 }) else {
            return ServiceResponse(
                .ok, "text/plain; charset=utf-8", Array("Hello, world!".utf8), headers: [.vary: "Accept"])
        }
        var response = try asset(request)
        response.headers[.vary] = "Accept"
        return response
    }

    /// A file that comes with the service.
    func asset(_ request: ServiceRequest) throws -> ServiceResponse {
        guard let (name, type) = Self.assets[request.path] else { throw Problem(.notFound, "There is no such file.") }
        return ServiceResponse(
            .ok, type, try File.readBytes(Self.resource(name)),
            headers: [
                .contentSecurityPolicy: Self.policy, .referrerPolicy: "no-referrer", .cacheControl: "no-cache",
            ])
    }

    /// The path of a resource, in the directory that SwiftPM puts beside the program.
    package static func resource(_ name: String) -> String {
        let candidates = ["resources", "bundle"].map {
            "\(File.programDirectory)/Ductus_DuctusServing.\($0)/Resources/\(name)"
        }
        return candidates.first(where: File.exists) ?? candidates[0]
    }

    /// The metrics in the text format of Prometheus.
    func metricsText() -> ServiceResponse {
        let text = metrics.text(queue.load, isReady: isReady, model: models.version, reference: reference)
        return ServiceResponse(.ok, "text/plain; version=0.0.4; charset=utf-8", Array(text.utf8))
    }

    /// What a client may want to know before it sends an image.
    func description() -> ServiceResponse {
        let models = self.models
        return ServiceResponse(
            json: .object([
                "name": .string("ductus"), "version": .string(Release.version), "model": .string(models.version),
                "languages": .array(models.languages.map { .string($0) }),
                "formats": .array(settings.formats.sorted().map { .string($0) }),
                "maximumBytes": .number("\(settings.maximumBytes)"), "feedback": .boolean(settings.feedback != nil),
                "needsToken": .boolean(tokensAreNeeded),
            ]))
    }
}
