/// Counts of observations up to each of some bounds, as Prometheus has them.
struct MetricHistogram {
    let bounds: [Double]
    private var counts: [Int]
    private var sum = 0.0

    init(_ bounds: [Double]) {
        self.bounds = bounds
        counts = [Int](repeating: 0, count: bounds.count + 1)
    }

    /// The bin that a value is counted in; the last one is above all bounds.
    func bin(of value: Double) -> Int { bounds.firstIndex { value <= $0 } ?? bounds.count }

    mutating func observe(_ value: Double) {
        counts[bin(of: value)] += 1
        sum += value
    }

    private var names: [String] { bounds.map { "\($0)" } + ["+Inf"] }

    /// The samples in the text format, version 0.0.4.
    func samples(_ name: String, labels: String = "") -> String {
        var total = 0
        var text = ""
        for (bound, count) in zip(names, counts) {
            total += count
            text += "\(name)_bucket{\(labels.isEmpty ? "" : labels + ",")le=\"\(bound)\"} \(total)\n"
        }
        let braces = labels.isEmpty ? "" : "{\(labels)}"
        return text + "\(name)_sum\(braces) \(sum)\n\(name)_count\(braces) \(total)\n"
    }

    /// The counts of the bins in samples without labels, as ``samples(_:labels:)`` writes them; nil if there are none with
    /// these bounds.
    func counts(_ name: String, in samples: [Substring: Substring]) -> [Int]? {
        let totals = names.compactMap { samples["\(name)_bucket{le=\"\($0)\"}"].flatMap { Int($0) } }
        guard totals.count == names.count, totals == totals.sorted(), totals.last ?? 0 > 0 else { return nil }
        return zip(totals, [0] + totals).map { $0 - $1 }
    }
}
