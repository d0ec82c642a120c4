import DuctusAutograd
import DuctusTestSupport
import Testing

/// Discrete distributions, by the χ² test.
@Suite struct RandomChoiceTests {
    /// The deviation of counts from their expectation, in standard deviations of χ² (by the cube root of Wilson and
    /// Hilferty 1931): above 3.1 once in a thousand times.
    static func deviation(_ counts: [Int], _ expected: [Double]) -> Double {
        let used = zip(counts, expected).filter { $0.1 > 0 }
        let sum = used.reduce(0.0) { $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1) / $1.1 }
        let freedom = Double(used.count - 1)
        return (power(sum / freedom, 1 / 3) - (1 - 2 / (9 * freedom))) / (2 / (9 * freedom)).squareRoot()
    }

    static func deviation(_ values: [Int], among count: Int) -> Double {
        let counts = values.reduce(into: [Int](repeating: 0, count: count)) { $0[$1] += 1 }
        return deviation(counts, [Double](repeating: Double(values.count) / Double(count), count: count))
    }

    @Test(arguments: 1...3) func integersAreEquallyLikely(seed: Int) {
        var random = RandomStream(seed: UInt64(seed))
        for count: Int32 in [2, 3, 6, 10, 1000] {
            let x = Tensor<Int32>.integers([30_000], in: -5..<count - 5, using: &random).scalars
            #expect(x.allSatisfy { (-5..<count - 5).contains($0) })
            #expect(Self.deviation(x.map { Int($0) + 5 }, among: Int(count)) < 3.5)
        }
        let bytes = Tensor<UInt8>.integers([50_000], in: 0...255, using: &random).scalars
        #expect(Self.deviation(bytes.map(Int.init), among: 256) < 3.5)
        #expect(Tensor<UInt8>.integers([10], in: 7...7, using: &random) == Tensor(repeating: 7, shape: [10]))
    }

    /// Three quarters of all 32-bit numbers: without rejection, a third of them would be twice as likely.
    @Test func largeRangesAreUnbiased() {
        var random = RandomStream(seed: 4)
        let x = Tensor<Int32>.integers([30_000], in: .min..<(1 << 30), using: &random).scalars
        let offsets = x.map { Int($0) - Int(Int32.min) }
        #expect(offsets.allSatisfy { (0..<3 << 30).contains($0) })
        #expect(Self.deviation(offsets.map { $0 % 3 }, among: 3) < 3.5)
        #expect(Self.deviation(offsets.map { $0 >> 26 }, among: 48) < 3.5)
        let all = Tensor<Int32>.integers([30_000], in: .min ... .max, using: &random).scalars
        #expect(Self.deviation(all.map { (Int($0) - Int(Int32.min)) >> 26 }, among: 64) < 3.5)
    }

    @Test func bernoulliMatchesItsProbability() {
        var random = RandomStream(seed: 6)
        for probability in [0, 0.001, 0.3, 0.5, 0.999, 1] {
            let x = Tensor<Bool>.bernoulli([50_000], probability: probability, using: &random).scalars
            let count = Double(x.count { $0 })
            let error = (50_000 * probability * (1 - probability)).squareRoot()
            #expect(abs(count - 50_000 * probability) <= 3.5 * error)
        }
        let probabilities: Tensor<Float> = [[0, 0.25], [0.75, 1]]
        let x = Tensor<Bool>.bernoulli(probabilities.broadcast(to: [10_000, 2, 2]), using: &random)
        let counts = x.scalars.enumerated().reduce(into: [0, 0, 0, 0]) { $0[$1.offset % 4] += $1.element ? 1 : 0 }
        #expect(counts[0] == 0)
        #expect(counts[3] == 10_000)
        #expect(abs(counts[1] - 2500) < 150)
        #expect(abs(counts[2] - 7500) < 150)
    }

    @Test(arguments: 1...3) func categoricalMatchesItsProbabilities(seed: Int) {
        var random = RandomStream(seed: UInt64(seed))
        let weights: [Double] = [0, 1, 5, 0, 2, 0.5, 0]
        let probabilities = Tensor<Double>(weights, shape: [7])
        var copy = random
        let x = Tensor<Int32>.categorical([20_000], probabilities: probabilities, using: &random)
        #expect(x.shape == [20_000])
        let counts = x.scalars.reduce(into: [Int](repeating: 0, count: 7)) { $0[Int($1)] += 1 }
        #expect(counts[0] == 0)
        #expect(counts[3] == 0)
        #expect(counts[6] == 0)
        #expect(Self.deviation(counts, weights.map { $0 / 8.5 * 20_000 }) < 3.5)
        // Logits are the logarithms of these probabilities, up to a constant.
        let logits = Tensor<Float>(weights.map { Float(logarithm($0)) + 100 }, shape: [7])
        let y = Tensor<Int32>.categorical([20_000], logits: logits, using: &copy)
        #expect(zip(x.scalars, y.scalars).count { $0 != $1 } < 5)
        #expect(random.next() == copy.next())
    }

    @Test func everyRowHasItsOwnProbabilities() {
        var random = RandomStream(seed: 1)
        let one = Tensor<Float>([1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0], shape: [2, 2, 3])
        #expect(Tensor<Int32>.categorical(probabilities: one, using: &random) == [[0, 1], [2, 0]])
        let many = Tensor<Int32>.categorical([3, 2], probabilities: one.transposed(0, 1), using: &random)
        #expect(many.shape == [3, 2, 2, 2])
        #expect(many.row(2).row(1) == [[0, 2], [1, 0]])
        #expect(Tensor<Int32>.categorical([0], probabilities: one, using: &random).shape == [0, 2, 2])
        #expect(Tensor<Int32>.categorical(probabilities: Tensor<Float>.ones([0, 3]), using: &random).shape == [0])
        let single = Tensor<Int32>.categorical(probabilities: [0, 2] as Tensor<Float>, using: &random)
        #expect(single.shape == [])
        #expect(single.item() == 1)
    }

    @Test func permutationsAreEquallyLikely() {
        var random = RandomStream(seed: 8)
        var counts: [[Int32]: Int] = [:]
        for _ in 0..<12_000 { counts[Tensor<Int32>.permutation(4, using: &random).scalars, default: 0] += 1 }
        #expect(counts.count == 24)
        #expect(counts.keys.allSatisfy { $0.sorted() == [0, 1, 2, 3] })
        #expect(Self.deviation(Array(counts.values), [Double](repeating: 500, count: 24)) < 3.5)
        for count in [0, 1, 2, 63, 64, 65, 1000] {
            let order = Tensor<Int32>.permutation(count, using: &random)
            #expect(order.shape == [count])
            #expect(order.scalars.sorted() == (0..<Int32(count)).map { $0 })
        }
    }

    @Test func shufflingKeepsRowsTogether() {
        var random = RandomStream(seed: 9)
        let x = Tensor<Float>((0..<60).map(Float.init), shape: [5, 4, 3])
        for axis in -3..<3 {
            for tensor in [x, x.transposed(0, 2)] {
                var order = random
                let y = tensor.shuffled(axis: axis, using: &random)
                let extent = tensor.shape[tensor.shape.axis(axis)]
                let places = Tensor<Int32>.permutation(extent, using: &order).scalars
                for (to, from) in places.enumerated() {
                    let row = y.sliced(to..<to + 1, axis: axis)
                    #expect(row == tensor.sliced(Int(from)..<Int(from) + 1, axis: axis))
                }
            }
        }
        #expect(Tensor<Bool>([true, true, false]).shuffled(using: &random).scalars.count { $0 } == 2)
        #expect(Tensor<Float>.zeros([0, 3]).shuffled(using: &random).shape == [0, 3])
    }

    @Test(arguments: [0, 1]) func shufflingHasAGradient(axis: Int) {
        let check = GradientCheck(at: [.sample([5, 3])]) { inputs in
            var random = RandomStream(seed: 3)
            return inputs[0].shuffled(axis: axis, using: &random).squared()
        }
        #expect(check.worst < 1e-6)
    }

    /// Draws are the same for every number of threads, and a shorter draw is a prefix of a longer one.
    @Test func drawsDoNotDependOnThreadsOrCount() {
        func draws(_ count: Int, threads: Int) -> [[Double]] {
            let logits: Tensor<Float> = [0.1, 2, -1]
            let distributions: [(inout RandomStream) -> [Double]] = [
                { Tensor<Float>.uniform([count], using: &$0).scalars.map(Double.init) },
                { Tensor<Double>.uniform([count], from: 1, to: 3, using: &$0).scalars },
                { Tensor<Float>.normal([count], using: &$0).scalars.map(Double.init) },
                { Tensor<Double>.normal([count], using: &$0).scalars },
                { Tensor<Double>.exponential([count], using: &$0).scalars },
                { Tensor<Double>.truncatedNormal([count], within: 1, using: &$0).scalars },
                { Tensor<Int32>.integers([count], in: -1 << 30...1 << 30, using: &$0).scalars.map(Double.init) },
                { Tensor<Bool>.bernoulli([count], probability: 0.3, using: &$0).scalars.map { $0 ? 1 : 0 } },
                { Tensor<Int32>.categorical([count], logits: logits, using: &$0).scalars.map(Double.init) },
            ]
            return onThreads(threads) {
                distributions.map { draw in
                    var random = RandomStream(seed: 11)
                    return draw(&random)
                }
            }
        }
        let one = draws(40_003, threads: 1)
        #expect(draws(40_003, threads: 2) == one)
        #expect(draws(40_003, threads: 3) == one)
        #expect(draws(16_391, threads: 2) == one.map { Array($0.prefix(16_391)) })
    }
}
