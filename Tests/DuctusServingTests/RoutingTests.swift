import DuctusServing
import HTTPTypes
import Testing

/// What is answered at which path.
@Suite struct RoutingTests {
    @Test func programsAreGreetedAndPeopleGetThePage() async throws {
        let service = try service()
        #expect(await service.get("/").text == "Hello, world!")
        #expect(await service.get("/", [.accept: "*/*"]).text == "Hello, world!")
        let page = await service.get("/", [.accept: "text/html,application/xhtml+xml"])
        #expect(page.headers[.contentType] == "text/html; charset=utf-8")
        #expect(page.headers[.contentSecurityPolicy]?.hasPrefix("default-src 'none'; script-src 'self'") == true)
        #expect(page.text.contains("<title>"))
    }

    @Test func unknownPathsAreNotFound() async throws {
        let answer = try await service().get("/v1/nothing")
        #expect(answer.status == 404)
        #expect(answer.headers[.contentType] == "application/problem+json")
        #expect(answer["title"] == .string("Not Found"))
        #expect(answer["status"] == .number("404"))
    }

    @Test(arguments: [
        ("GET", "/v1/read", "POST"), ("DELETE", "/v1/predict", "GET, HEAD, POST"), ("POST", "/metrics", "GET, HEAD"),
        ("PUT", "/v2/models/pages", "GET, HEAD"), ("BREW", "/", "GET, HEAD"),
    ])
    func otherMethodsAreRefusedWithThoseAllowed(method: String, path: String, allowed: String) async throws {
        let method = try #require(HTTPRequest.Method(method))
        let answer = await Answer(try service().respond(to: ServiceRequest(method, path)))
        #expect(answer.status == 405)
        #expect(answer.headers[.allow] == allowed)
    }

    @Test func errorsOfTheInferenceProtocolHaveItsForm() async throws {
        let answer = try await service().get("/v2/models/nothing")
        #expect(answer.status == 404)
        #expect(answer.headers[.contentType] == "application/json")
        #expect(answer["error"]?.string?.hasPrefix("There is no such model; there are pages") == true)
    }

    @Test func requestsHaveIdentifiers() async throws {
        let service = try service()
        let name = try #require(HTTPField.Name("X-Request-Id"))
        #expect(await service.get("/", [name: "abc-1.2_3"]).headers[name] == "abc-1.2_3")
        let own = await service.get("/", [name: "a b\"c"]).headers[name]
        #expect(own?.count == 16)
        #expect(await service.get("/").headers[name] != own)
    }

    /// Every route is described, and nothing else is.
    @Test func theDescriptionListsTheRoutes() async throws {
        let paths = try #require(try await service().get("/openapi.json")["paths"]?.object)
        let described = paths.flatMap { path, methods in
            (methods.object ?? [:]).keys.map { "\($0.uppercased()) \(path)" }
        }
        let routes = ReadingService.routes.map { "\($0.method) \($0.path)" }
        #expect(Set(described) == Set(routes))
    }

    @Test func theServiceDescribesItself() async throws {
        let answer = try await service(["formats": "png,tiff", "max-bytes": "5000"]).get("/v1/service")
        #expect(answer["formats"] == .array([.string("png"), .string("tiff")]))
        #expect(answer["maximumBytes"] == .number("5000"))
        #expect(answer["model"] == .string("0123456789ab"))
        #expect(answer["feedback"] == .boolean(false))
    }

    @Test func itIsReadyAfterWarmingUpAndUntilItDrains() async throws {
        let service = try service()
        #expect(await service.get("/v2/health/live").status == 200)
        #expect(await service.get("/v2/health/ready").status == 503)
        await service.warmUp()
        #expect(await service.get("/v2/health/ready").status == 200)
        #expect(await service.get("/v2/models/pages/ready").status == 200)
        service.drain()
        #expect(await service.get("/v2/health/ready").status == 503)
        #expect(await service.get("/v2/health/live").status == 200)
    }

    @Test func metricsCountByRouteAndStatus() async throws {
        let service = try service()
        _ = await service.get("/secret/page")
        _ = await service.post("/v1/read", "image/png", Pictures.page)
        let text = await service.get("/metrics").text
        #expect(text.contains("ductus_requests_total{route=\"none\",method=\"GET\",status=\"404\"} 1\n"))
        #expect(text.contains("ductus_requests_total{route=\"/v1/read\",method=\"POST\",status=\"200\"} 1\n"))
        #expect(text.contains("ductus_lines_total 2\n"))
        #expect(text.contains("ductus_line_confidence_bucket{le=\"0.5\"} 1\n"))
        #expect(text.contains("ductus_line_confidence_bucket{le=\"+Inf\"} 2\n"))
        #expect(!text.contains("secret"))
    }
}
