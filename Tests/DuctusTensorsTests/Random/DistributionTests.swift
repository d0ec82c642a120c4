import CDuctusKernels
import DuctusTensors
import DuctusTestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Random numbers follow their distributions, by the Kolmogorov–Smirnov test.
@Suite struct DistributionTests {
    static let count = 40_000

    /// √n times the largest distance between the empirical distribution function and `share`: above 1.95 once in a
    /// thousand times.
    static func distance(_ numbers: [Double], _ share: (Double) -> Double) -> Double {
        let n = Double(numbers.count)
        let distances = numbers.sorted().enumerated().map { i, x in
            max(share(x) - Double(i) / n, Double(i + 1) / n - share(x))
        }
        return distances.max()! * n.squareRoot()
    }

    static func normalShare(_ x: Double) -> Double { erfc(-x / 2.0.squareRoot()) / 2 }

    /// Checks both element types, drawn from equal streams.
    static func check(
        _ name: String, seed: Int, _ share: (Double) -> Double,
        _ floats: (inout RandomStream) -> Tensor<Float>, _ doubles: (inout RandomStream) -> Tensor<Double>
    ) {
        var (one, two) = (RandomStream(seed: UInt64(seed)), RandomStream(seed: UInt64(seed)))
        let (x, y) = (floats(&one).scalars.map(Double.init), doubles(&two).scalars)
        #expect(distance(x, share) < 1.95, "\(name)")
        #expect(distance(y, share) < 1.95, "\(name)")
        // Successive numbers do not correlate.
        let (u, v) = (y.map { share($0) - 0.5 }, y.dropFirst().map { share($0) - 0.5 })
        let correlation = zip(u, v).reduce(0) { $0 + $1.0 * $1.1 } * 12 / Double(y.count)
        #expect(abs(correlation) < 4 / Double(y.count).squareRoot(), "\(name)")
    }

    @Test(arguments: 1...3) func samplesFollowTheirDistribution(seed: Int) {
        let shape: Shape = [Self.count]
        Self.check(
            "uniform", seed: seed, { ($0 + 2) / 5 }, { .uniform(shape, from: -2, to: 3, using: &$0) },
            { .uniform(shape, from: -2, to: 3, using: &$0) })
        Self.check(
            "normal", seed: seed, { Self.normalShare(($0 - 3) / 2) },
            { .normal(shape, mean: 3, standardDeviation: 2, using: &$0) },
            { .normal(shape, mean: 3, standardDeviation: 2, using: &$0) })
        Self.check(
            "exponential", seed: seed, { 1 - exponential(-4 * $0) }, { .exponential(shape, rate: 4, using: &$0) },
            { .exponential(shape, rate: 4, using: &$0) })
        for bound in [0.01, 0.5, 1.2, 1.3, 2, 5] {
            let (low, high) = (Self.normalShare(-bound), Self.normalShare(bound))
            Self.check(
                "truncated at \(bound)", seed: seed, { (Self.normalShare($0 + 1) - low) / (high - low) },
                { .truncatedNormal(shape, mean: -1, within: bound, using: &$0) },
                { .truncatedNormal(shape, mean: -1, within: bound, using: &$0) })
        }
    }

    /// The test detects a standard deviation that is off by a twentieth.
    @Test func otherDistributionsAreDetected() {
        let x = Tensor<Double>.sample([Self.count]).scalars
        #expect(Self.distance(x) { Self.normalShare($0 * 1.05) } > 1.95)
        #expect(Self.distance(x) { Self.normalShare($0 + 0.04) } > 1.95)
    }

    @Test func truncatedNormalsStayWithinTheBound() {
        var random = RandomStream(seed: 1)
        for bound in [0.1, 1, 2, 3] {
            let x = Tensor<Float>.truncatedNormal(
                [20_000], mean: 1, standardDeviation: 2, within: bound, using: &random)
            #expect(x.scalars.allSatisfy { abs(Double($0) - 1) <= 2 * bound })
        }
        // An infinite bound is none.
        let free = Tensor<Double>.truncatedNormal([1000], within: .infinity, using: &random)
        #expect(free.scalars.contains { abs($0) > 2 })
        #expect(free.scalars.allSatisfy { $0.isFinite })
    }

    @Test func rangesAreHalfOpen() {
        var random = RandomStream(seed: 2)
        let far = Tensor<Float>.uniform([10_000], from: 1000, to: 1000.001, using: &random).scalars
        #expect(far.allSatisfy { (1000..<1000.001).contains($0) })
        #expect(Tensor<Float>.uniform([3], from: 2, to: 2, using: &random).scalars == [2, 2, 2])
        // Exponential numbers may be 0, not infinite.
        #expect(Tensor<Float>.exponential([100_000], using: &random).scalars.allSatisfy { (0..<40).contains($0) })
    }

    /// Pairs of normal numbers, computed here from the words of the stream.
    @Test func normalsMatchBoxMuller() {
        var (random, words) = (RandomStream(seed: 5), [UInt32](repeating: 0, count: 4))
        let x = Tensor<Double>.normal([20], using: &random).scalars
        for block in 0..<10 {
            ductus_philox(5, UInt64(block), 0, &words)
            let units = [0, 2].map { Double((UInt64(words[$0 + 1]) << 32 | UInt64(words[$0])) >> 11) * 0x1p-53 }
            let (radius, angle) = ((-2 * logarithm(1 - units[0])).squareRoot(), 2 * Double.pi * units[1])
            #expect(abs(x[2 * block] - radius * cosine(angle)) < 5e-15)
            #expect(abs(x[2 * block + 1] - radius * sine(angle)) < 5e-15)
        }
        var single = RandomStream(seed: 5)
        #expect(single.normal() == x[0])
        #expect(single.normal() == x[2])
    }
}
