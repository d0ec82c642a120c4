/// How many pixels of a gray image have each brightness.
struct Histogram {
    private(set) var counts = [Int](repeating: 0, count: 256)

    /// The brightness of all pixels.
    init(_ pixels: some Sequence<UInt8>) {
        for pixel in pixels { counts[Int(pixel)] += 1 }
    }

    /// The brightness that a share of the pixels, from 0 to 1, does not exceed; nil without pixels.
    func quantile(_ share: Double) -> UInt8? {
        let total = counts.reduce(0, +)
        guard total > 0 else { return nil }
        var rest = min(Int(share * Double(total)), total - 1)
        let brightness = counts.firstIndex { count in
            rest -= count
            return rest < 0
        }
        return brightness.map { UInt8($0) }
    }

    /// The brightness of the background: most of a page is not written on.
    var background: UInt8? { quantile(0.5) }
}
