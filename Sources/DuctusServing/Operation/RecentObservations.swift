#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Observations in a histogram, and the latest of them in another, which is compared with a reference.
struct RecentObservations {
    /// All observations.
    private(set) var histogram: MetricHistogram
    /// The bins of the latest observations; the oldest is at `next` when there are as many as are kept.
    private var bins: [UInt8] = []
    private var next = 0

    /// The latest observations are so many.
    static let maximumCount = 1000
    /// Fewer observations tell too little: by chance alone, the index of *k* bins and *n* observations is about
    /// (*k* − 1)/*n*.
    static let minimumCount = 200

    init(_ bounds: [Double]) { histogram = MetricHistogram(bounds) }

    mutating func observe(_ value: Double) {
        histogram.observe(value)
        let bin = UInt8(histogram.bin(of: value))
        if bins.count < Self.maximumCount {
            bins.append(bin)
        } else {
            bins[next] = bin
            next = (next + 1) % Self.maximumCount
        }
    }

    /// The population stability index of the latest observations: Σ (pᵢ − qᵢ) ln(pᵢ/qᵢ) over the bins, where pᵢ is the
    /// share of the observations, and qᵢ that of the reference, both with a thousandth more, since an empty bin is not
    /// infinitely far from one that is not. Nil if there are too few.
    ///
    /// Source: Siddiqi, *Credit Risk Scorecards*, 2006: below 0.1 nothing has changed, above 0.25 much has.
    func stabilityIndex(against reference: [Int]) -> Double? {
        let count = histogram.bounds.count + 1
        guard bins.count >= Self.minimumCount, reference.count == count else { return nil }
        var counts = [Int](repeating: 0, count: count)
        for bin in bins { counts[Int(bin)] += 1 }
        func shares(_ counts: [Int]) -> [Double] {
            let total = Double(counts.reduce(0, +))
            return counts.map { Double($0) / total + 0.001 }
        }
        return zip(shares(counts), shares(reference)).reduce(0) { $0 + ($1.0 - $1.1) * log($1.0 / $1.1) }
    }
}
