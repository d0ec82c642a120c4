import DuctusServing
import HTTPTypes
import InMemoryTracing
import Instrumentation
import Testing

/// Spans of requests, for a tracer that the program has chosen.
@Suite struct TracingTests {
    /// There is one for the whole process.
    private static let tracer: InMemoryTracer = {
        let tracer = InMemoryTracer()
        InstrumentationSystem.bootstrap(tracer)
        return tracer
    }()

    @Test func aRequestHasASpanWithItsStages() async throws {
        let tracer = Self.tracer
        let answer = try await service().post("/v1/read", "image/png", Pictures.page)
        #expect(answer.status == 200)
        let name = try #require(HTTPField.Name("X-Request-Id"))
        let id = try #require(answer.headers[name])
        let spans = tracer.finishedSpans
        let request = try #require(spans.first { $0.attributes.get("ductus.request.id") == .string(id) })
        #expect(request.operationName == "POST /v1/read")
        #expect(request.attributes.get("http.response.status_code") == .int64(200))
        let children = spans.filter { $0.spanContext.parentSpanID == request.spanContext.spanID }
        #expect(children.map(\.operationName).sorted() == ["wait", "work"])
        let work = try #require(children.first { $0.operationName == "work" })
        let stages = spans.filter { $0.spanContext.parentSpanID == work.spanContext.spanID }
        #expect(stages.map(\.operationName).sorted() == ["decode", "read page"])
    }
}
