/// The number of pixels of a gray image with each brightness.
package struct Histogram {
    /// The number of pixels of every brightness.
    package private(set) var counts = [Int](repeating: 0, count: 256)

    /// Counts pixels.
    package init(_ pixels: some Sequence<UInt8>) {
        for pixel in pixels { counts[Int(pixel)] += 1 }
    }

    /// The quantile of a fraction from 0 to 1: the pixel at that position of all pixels in order of their brightness;
    /// nil without pixels.
    package func quantile(_ fraction: Double) -> UInt8? {
        let total = counts.reduce(0, +)
        guard total > 0 else { return nil }
        var rest = min(Int(fraction * Double(total)), total - 1)
        let brightness = counts.firstIndex { count in
            rest -= count
            return rest < 0
        }
        return brightness.map { UInt8($0) }
    }

    /// The median, which is the brightness of the background: most of a page is blank.
    package var background: UInt8? { quantile(0.5) }
}
