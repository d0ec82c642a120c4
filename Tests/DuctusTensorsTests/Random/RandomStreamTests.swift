import CDuctusKernels
import DuctusTensors
import DuctusTestSupport
import Testing

@Suite struct RandomStreamTests {
    struct KnownAnswer: Sendable {
        let counter: [UInt32]
        let key: [UInt32]
        let answer: [UInt32]
    }

    /// Published with Random123, the reference implementation of Philox.
    @Test(arguments: [
        KnownAnswer(
            counter: [0, 0, 0, 0], key: [0, 0], answer: [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
        KnownAnswer(
            counter: [.max, .max, .max, .max], key: [.max, .max],
            answer: [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
        KnownAnswer(
            counter: [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], key: [0xa409_3822, 0x299f_31d0],
            answer: [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]),
    ])
    func philoxMatchesThePublishedNumbers(known: KnownAnswer) {
        func pair(_ words: [UInt32], _ at: Int) -> UInt64 { UInt64(words[at + 1]) << 32 | UInt64(words[at]) }
        var block = [UInt32](repeating: 0, count: 4)
        ductus_philox(pair(known.key, 0), pair(known.counter, 0), pair(known.counter, 2), &block)
        #expect(block == known.answer)
    }

    @Test func streamsStartWithTheFirstBlock() {
        var random = RandomStream(seed: 0)
        #expect(random.next() == 0xe169_c58d_6627_e8d5)
        var again = RandomStream(seed: 0)
        #expect(Tensor<Float>.uniform([1], using: &again).item() == Float(0x6627_e8d5 >> 8) / 0x1p24)
    }

    @Test func theSameSeedGivesTheSameNumbers() {
        var (a, b, c) = (RandomStream(seed: 3), RandomStream(seed: 3), RandomStream(seed: 4))
        let x = (Tensor<Float>.uniform([1000], using: &a), Tensor<Float>.normal([77], using: &a), a.next())
        let y = (Tensor<Float>.uniform([1000], using: &b), Tensor<Float>.normal([77], using: &b), b.next())
        #expect(x == y)
        #expect(Tensor<Float>.uniform([1000], using: &c) != x.0)
    }

    /// Draws advance the stream: nothing is drawn twice, in bulk or one by one.
    @Test(arguments: [1, 3, 4, 5, 1000]) func drawsDoNotOverlap(count: Int) {
        var random = RandomStream(seed: 1)
        let bulk = (0..<3).flatMap { _ in Tensor<Double>.uniform([count], using: &random).scalars }
        let single = (0..<8).map { _ in random.next() }
        #expect(Set(bulk).count >= 3 * count - 2)  // 24 bits repeat now and then
        #expect(Set(single).count == 8)
    }

    @Test(arguments: 1...5) func uniformNumbersAreUniform(seed: Int) {
        var random = RandomStream(seed: UInt64(seed))
        let x = Tensor<Double>.uniform([200_000], using: &random)
        #expect(x.scalars.allSatisfy { (0..<1).contains($0) })
        // Five standard errors.
        #expect(abs(x.mean().item() - 0.5) < 5 * (1.0 / 12 / 200_000).squareRoot())
        #expect(abs((x - 0.5).squared().mean().item() - 1.0 / 12) < 5 * (1.0 / 180 / 200_000).squareRoot())
        let bins = x.scalars.reduce(into: [Int](repeating: 0, count: 20)) { $0[Int($1 * 20)] += 1 }
        #expect(bins.reduce(0.0) { $0 + Double(($1 - 10_000) * ($1 - 10_000)) / 10_000 } < 60)
        let neighbors = zip(x.scalars, x.scalars.dropFirst()).reduce(0.0) { $0 + ($1.0 - 0.5) * ($1.1 - 0.5) }
        #expect(abs(neighbors / 200_000) < 5.0 / 12 / Double(200_000).squareRoot())
        let moved = Tensor<Float>.uniform([10_000], from: -3, to: -1, using: &random).scalars
        #expect(moved.allSatisfy { (-3 ..< -1).contains($0) })
    }

    @Test(arguments: 1...5) func normalNumbersAreNormal(seed: Int) {
        var random = RandomStream(seed: UInt64(seed))
        let count = 200_001
        let x = Tensor<Double>.normal([count], mean: 3, standardDeviation: 2, using: &random)
        let z = (x - 3) / 2
        let error = 1 / Double(count).squareRoot()
        #expect(abs(z.mean().item()) < 5 * error)
        #expect(abs(z.squared().mean().item() - 1) < 5 * error * Double(2).squareRoot())
        #expect(abs((z * z.squared()).mean().item()) < 5 * error * Double(15).squareRoot())
        #expect(abs(z.squared().squared().mean().item() - 3) < 5 * error * Double(96).squareRoot())
        #expect(z.scalars.allSatisfy { $0.isFinite && abs($0) < 9 })
    }

    /// Split streams share no numbers and do not correlate, and splitting does not advance the stream.
    @Test func splitStreamsAreIndependent() {
        let root = RandomStream(seed: 9)
        let streams = [root] + (0..<20).map(root.split) + (0..<20).map(root.split(0).split) + [root.split(-1)]
        let draws = streams.map { stream in
            var stream = stream
            return (0..<500).map { _ in stream.next() }
        }
        #expect(Set(draws.joined()).count == streams.count * 500)
        let units = draws.map { $0.map { Double($0 >> 11) * 0x1p-53 - 0.5 } }
        for (a, b) in zip(units, units.dropFirst()) {
            let correlation = zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } * 12 / 500
            #expect(abs(correlation) < 5 / Double(500).squareRoot())
        }
        var (one, two) = (root.split(7), root.split(7))
        #expect(one.next() == two.next())
    }
}
