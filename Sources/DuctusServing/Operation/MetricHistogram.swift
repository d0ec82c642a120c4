/// Counts of observations up to each of some bounds, as Prometheus has them.
struct MetricHistogram {
    let bounds: [Double]
    private var counts: [Int]
    private var sum = 0.0

    init(_ bounds: [Double]) {
        self.bounds = bounds
        counts = [Int](repeating: 0, count: bounds.count + 1)
    }

    mutating func observe(_ value: Double) {
        counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
        sum += value
    }

    /// The samples in the text format, version 0.0.4.
    func samples(_ name: String, labels: String = "") -> String {
        var total = 0
        var text = ""
        for (bound, count) in zip(bounds.map { "\($0)" } + ["+Inf"], counts) {
            total += count
            text += "\(name)_bucket{\(labels.isEmpty ? "" : labels + ",")le=\"\(bound)\"} \(total)\n"
        }
        let braces = labels.isEmpty ? "" : "{\(labels)}"
        return text + "\(name)_sum\(braces) \(sum)\n\(name)_count\(braces) \(total)\n"
    }
}
