/// The metrics of a service that has read what is expected, such as the images that its networks were validated on.
///
/// The file is what `/metrics` answered then.
struct MetricsReference: Sendable {
    /// The name of the file beside weights.
    static let fileName = "reference.prom"

    /// The weights that were read with.
    let model: String?
    /// The counts of bins by the name of the histogram.
    private let counts: [String: [Int]]

    /// - Parameters:
    ///   - path: the file.
    ///   - histograms: those that are compared, by their names.
    /// - Throws: `FileError` if one of them is not in the file.
    init(contentsOf path: String, comparing histograms: [String: MetricHistogram]) throws(FileError) {
        let text = String(decoding: try File.readBytes(path, maximumBytes: 1 << 20), as: UTF8.self)
        var samples: [Substring: Substring] = [:]
        for line in text.split(whereSeparator: \.isNewline) where !line.hasPrefix("#") {
            guard let space = line.lastIndex(of: " ") else { continue }
            samples[line[..<space]] = line[line.index(after: space)...]
        }
        var counts: [String: [Int]] = [:]
        for (name, histogram) in histograms {
            guard let found = histogram.counts(name, in: samples) else {
                throw FileError(
                    file: path,
                    reason: .malformed(
                        line: 1, "the observations of \(name) are missing; save what /metrics has after some pages"))
            }
            counts[name] = found
        }
        self.counts = counts
        // ductus_build_info{version="…",model="…"}
        let build = samples.keys.first { $0.hasPrefix("ductus_build_info{") }?.split(separator: "\"") ?? []
        model = build.count > 3 ? String(build[3]) : nil
    }

    subscript(_ histogram: String) -> [Int]? { counts[histogram] }
}
