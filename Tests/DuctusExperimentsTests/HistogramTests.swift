import DuctusExperiments
import Testing

private typealias Distribution = DuctusExperiments.Histogram

/// The distributions of parameters that trackers show.
@Suite struct HistogramTests {
    @Test func partsAreOfEqualWidth() throws {
        let histogram = try #require(Distribution((0...60).map { Float($0) }))
        #expect(histogram.counts == [Int](repeating: 2, count: 29) + [3])
        #expect(histogram.sum == 1830)
    }

    /// Neither the range nor its reciprocal need be a number of single precision.
    @Test(arguments: [[0, 1e-39], [-3e38, 3e38], [0, .leastNonzeroMagnitude]] as [[Float]])
    func rangesMayBeExtreme(numbers: [Float]) throws {
        let counts = try #require(Distribution(numbers)).counts
        #expect(counts == [1] + [Int](repeating: 0, count: 28) + [1])
    }

    @Test(arguments: [[], [1, .nan], [.infinity, 0]] as [[Float]]) func othersHaveNone(numbers: [Float]) {
        #expect(Distribution(numbers) == nil)
    }
}
