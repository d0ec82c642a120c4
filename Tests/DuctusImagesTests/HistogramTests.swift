import DuctusImages
import Testing

@Suite struct HistogramTests {
    /// The same as the element at that place of the sorted pixels.
    @Test(arguments: [1, 2, 3, 10, 255, 1000]) func quantilesAreElementsOfTheSortedPixels(count: Int) {
        var random = RandomStream(seed: UInt64(count))
        for range in [UInt8(0)...255, 90...110, 7...7] {
            let pixels = (0..<count).map { _ in UInt8.random(in: range, using: &random) }
            let sorted = pixels.sorted()
            let histogram = Histogram(pixels)
            for share in [0, 0.01, 0.25, 0.5, 0.7, 0.99, 1] {
                let place = min(Int(share * Double(count)), count - 1)
                #expect(histogram.quantile(share) == sorted[place], "\(share) of \(count) in \(range)")
            }
            #expect(histogram.background == sorted[count / 2])
        }
    }

    @Test func countsAddUp() {
        let histogram = Histogram([3, 0, 255, 3])
        #expect(histogram.counts.reduce(0, +) == 4)
        #expect(histogram.counts[3] == 2)
        #expect(histogram.counts[0] == 1)
        #expect(histogram.counts[255] == 1)
    }

    @Test func nothingHasNoQuantiles() {
        #expect(Histogram([]).quantile(0.5) == nil)
        #expect(Histogram([]).background == nil)
    }
}
