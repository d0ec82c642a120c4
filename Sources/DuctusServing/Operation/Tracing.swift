import HTTPTypes
import Instrumentation
import Tracing

/// Reads the trace of a caller from the fields of its request, such as `traceparent`.
struct FieldExtractor: Extractor {
    func extract(key: String, from fields: HTTPFields) -> String? { HTTPField.Name(key).flatMap { fields[$0] } }
}

extension ServiceRequest {
    /// The trace that the caller is in, or a new one.
    var instrumentationContext: InstrumentationContext {
        var context = InstrumentationContext.current ?? .topLevel
        InstrumentationSystem.instrument.extract(headers, into: &context, using: FieldExtractor())
        return context
    }
}
