import Synchronization

/// What a service counts, in the text format of Prometheus.
///
/// Labels are routes, methods, and statuses, never paths: a client cannot make new time series.
final class Metrics: Sendable {
    private struct Key: Hashable {
        let route: String
        let method: String
        let status: Int

        var labels: String { "route=\"\(route)\",method=\"\(method)\",status=\"\(status)\"" }
    }

    private struct State {
        var requests: [Key: Int] = [:]
        var durations: [String: MetricHistogram] = [:]
        var inFlight = 0
        var pages = 0
        var lines = 0
        var reloads = 0
        var confidence = RecentObservations([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99])
        var ink = RecentObservations([0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.2, 0.3, 0.5, 0.7, 0.9])
        var pixels = MetricHistogram([1e4, 1e5, 5e5, 1e6, 2e6, 4e6, 8e6, 16e6, 32e6])
    }

    private static let confidenceName = "ductus_line_confidence"
    private static let inkName = "ductus_image_ink"
    private static let seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120]
    private let state = Mutex(State())

    /// A request has come.
    func begin() { state.withLock { $0.inFlight += 1 } }

    /// A request has been answered.
    func end(route: String, method: String, status: Int, seconds: Double) {
        state.withLock {
            $0.inFlight -= 1
            $0.requests[Key(route: route, method: method, status: status), default: 0] += 1
            $0.durations[route, default: MetricHistogram(Self.seconds)].observe(seconds)
        }
    }

    /// A page has been decoded. Ink is 1 − mean brightness, in which a wrong exposure or an empty page shows.
    func observe(_ decoded: DecodedImage) {
        let pixels = decoded.image.grayscale().pixels
        let sum = pixels.reduce(0) { $0 + Int($1) }
        let ink = 1 - Double(sum) / Double(max(pixels.count, 1)) / 255
        state.withLock {
            $0.ink.observe(ink)
            $0.pixels.observe(Double(pixels.count))
        }
    }

    /// A page has been read.
    func observe(_ page: Page) { observe(confidences: page.lines.map(\.confidence)) }

    /// A page has been read, whose lines have these confidences.
    func observe(confidences: [Double?]) {
        state.withLock {
            $0.pages += 1
            $0.lines += confidences.count
            for confidence in confidences.compactMap(\.self) { $0.confidence.observe(confidence) }
        }
    }

    /// The weights have been read anew.
    func countReload() { state.withLock { $0.reloads += 1 } }

    /// The reference in a file.
    /// - Throws: `FileError`.
    static func reference(contentsOf path: String) throws(FileError) -> MetricsReference {
        let state = State()
        return try MetricsReference(
            contentsOf: path,
            comparing: [confidenceName: state.confidence.histogram, inkName: state.ink.histogram])
    }

    /// How far the latest images are from those of a reference. Confidence is compared if the same weights read both.
    private static func drift(_ state: State, _ reference: MetricsReference?, model: String) -> String {
        let indices = [
            (inkName, reference?[inkName].flatMap { state.ink.stabilityIndex(against: $0) }),
            (
                confidenceName,
                reference?.model == model
                    ? reference?[confidenceName].flatMap { state.confidence.stabilityIndex(against: $0) } : nil
            ),
        ]
        return indices.map { name, index in index.map { "ductus_drift{of=\"\(name)\"} \($0)\n" } ?? "" }.joined()
    }

    /// All metrics as text.
    func text(
        _ load: ReadingQueue.Load, isReady: Bool, model: String, reference: MetricsReference? = nil
    ) -> String {
        let state = state.withLock { $0 }
        var text = ""
        func metric(_ name: String, _ type: String, _ help: String, _ samples: String) {
            text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n\(samples)"
        }
        func number(_ name: String, _ type: String, _ help: String, _ value: Int) {
            metric(name, type, help, "\(name) \(value)\n")
        }
        let requests = state.requests.sorted { $0.key.labels < $1.key.labels }
        metric(
            "ductus_requests_total", "counter", "Requests by route, method, and status.",
            requests.map { "ductus_requests_total{\($0.key.labels)} \($0.value)\n" }.joined())
        metric(
            "ductus_request_duration_seconds", "histogram", "Time from the head of a request to its response.",
            state.durations.sorted { $0.key < $1.key }.map {
                $0.value.samples("ductus_request_duration_seconds", labels: "route=\"\($0.key)\"")
            }.joined())
        number("ductus_requests_in_flight", "gauge", "Requests that are not answered yet.", state.inFlight)
        number("ductus_queue_waiting", "gauge", "Requests that wait to be read.", load.waiting)
        number("ductus_queue_running", "gauge", "Requests that are being read.", load.running)
        number("ductus_pages_total", "counter", "Pages read.", state.pages)
        number("ductus_lines_total", "counter", "Lines read.", state.lines)
        metric(
            Self.confidenceName, "histogram", "Confidence of the lines read.",
            state.confidence.histogram.samples(Self.confidenceName))
        metric(
            Self.inkName, "histogram", "One minus the mean brightness of images.",
            state.ink.histogram.samples(Self.inkName))
        metric(
            "ductus_image_pixels", "histogram", "Pixels of images.", state.pixels.samples("ductus_image_pixels"))
        metric(
            "ductus_drift", "gauge", "Population stability index of the latest observations against the reference.",
            Self.drift(state, reference, model: model))
        number("ductus_reloads_total", "counter", "Times the weights were read anew.", state.reloads)
        number("ductus_ready", "gauge", "Whether the service is ready.", isReady ? 1 : 0)
        metric(
            "ductus_build_info", "gauge", "Versions of the program and of the weights.",
            "ductus_build_info{version=\"\(Release.version)\",model=\"\(model)\"} 1\n")
        return text
    }
}
