import CDuctusKernels
import DuctusTensors
import DuctusTestSupport
import Testing

/// The functions behind the distributions: accuracy against the C library, and reproducible bits.
@Suite struct RandomFunctionTests {
    /// The error in units in the last place of the exact value.
    static func error(_ value: Double, _ exact: Double) -> Double { abs(value - exact) / max(exact.ulp, 0x1p-1022) }

    /// Numbers as drawn from streams: uniform, near 0 and near 1.
    static let units: [Double] = {
        var random = RandomStream(seed: 3)
        let uniform = (0..<20_000).map { _ in random.uniform() }
        let small = (0..<53).map { 1 / Double(sign: .plus, exponent: $0, significand: 1) }
        return uniform + small.flatMap { [$0, $0 * 0.75, 1 - $0 * 0x1p-1] } + [0x1p-53, 1 - 0x1p-53]
    }()

    @Test func logarithmsAreAccurate() {
        let errors = Self.units.filter { $0 > 0 }.map { Self.error(ductus_log($0), logarithm($0)) }
        #expect(errors.max()! <= 1.01)
        #expect(ductus_log(1) == 0)
        #expect(Self.error(ductus_log(.greatestFiniteMagnitude), logarithm(.greatestFiniteMagnitude)) <= 1)
    }

    @Test func exponentialsAreAccurate() {
        let errors = Self.units.map { Self.error(ductus_exp_of_negative(-700 * $0), exponential(-700 * $0)) }
        #expect(errors.max()! <= 2.01)
        #expect(ductus_exp_of_negative(0) == 1)
        #expect(ductus_exp_of_negative(-.infinity) == 0)
        #expect(ductus_exp_of_negative(.nan).isNaN)
        #expect(ductus_exp_of_negative(-708) == 0)
        #expect(Self.error(ductus_exp_of_negative(-707.9), exponential(-707.9)) <= 2)
    }

    @Test func sinesAndCosinesAreAccurate() {
        var (sine, cosine) = (0.0, 0.0)
        for t in Self.units where t < 1 {
            ductus_sine_cosine_of_turn(t, &sine, &cosine)
            #expect(abs(sine - DuctusTensors.sine(2 * .pi * t)) < 1e-15)
            #expect(abs(cosine - DuctusTensors.cosine(2 * .pi * t)) < 1e-15)
            // Also relative to small results, where the multiple of π is exact to the last place.
            if t < 0.125 { #expect(Self.error(sine, DuctusTensors.sine(2 * .pi * t)) <= 2) }
        }
        for (t, expected) in [(0, (0, 1)), (0.25, (1, 0)), (0.5, (0, -1)), (0.75, (-1, 0))]
            as [(Double, (Double, Double))]
        {
            ductus_sine_cosine_of_turn(t, &sine, &cosine)
            #expect((sine, cosine) == expected)
        }
    }

    /// The same bits on every machine; others mean that the compiler contracts or reorders operations.
    @Test func bitsAreReproducible() {
        var random = RandomStream(seed: 2024)
        func checksum(_ words: [UInt64]) -> UInt64 {
            words.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ $1) &* 0x100_0000_01B3 }
        }
        func checksum(_ x: Tensor<Double>) -> UInt64 { checksum(x.scalars.map(\.bitPattern)) }
        func checksum(_ x: Tensor<Float>) -> UInt64 { checksum(x.scalars.map { UInt64($0.bitPattern) }) }
        func checksum(_ x: Tensor<Int32>) -> UInt64 { checksum(x.scalars.map { UInt64(bitPattern: Int64($0)) }) }
        let shape: Shape = [1001]
        let weights = Tensor<Float>.uniform([5, 7], from: -3, using: &random)
        let found = [
            checksum(Tensor<Float>.uniform(shape, using: &random)),
            checksum(Tensor<Double>.uniform(shape, using: &random)),
            checksum(Tensor<Float>.normal(shape, using: &random)),
            checksum(Tensor<Double>.normal(shape, using: &random)),
            checksum(Tensor<Double>.truncatedNormal(shape, using: &random)),
            checksum(Tensor<Double>.truncatedNormal(shape, within: 1, using: &random)),
            checksum(Tensor<Double>.exponential(shape, using: &random)),
            checksum(Tensor<Int32>.integers(shape, in: -1_500_000_000...1_500_000_000, using: &random)),
            checksum(Tensor<Int32>.permutation(1001, using: &random)),
            checksum(Tensor<Int32>.categorical([201], logits: weights, using: &random)), random.next(),
        ]
        #expect(
            found == [
                15_736_153_005_141_876_127, 11_585_438_993_181_403_088, 12_508_613_020_343_145_113,
                6_834_878_261_697_899_719, 13_785_362_504_577_006_457, 8_962_567_235_127_274_013,
                7_037_432_155_375_495_065, 15_402_388_420_934_023_807, 7_504_780_194_423_186_671,
                17_669_412_349_008_842_400, 18_045_271_340_999_451_470,
            ])
    }

    @Test func instructionSetsAgree() {
        var blocks = [[UInt32]]()
        var units = [[Double]]()
        for set in 0..<ductus_instruction_sets() {
            var (words, numbers) = ([UInt32](repeating: 0, count: 4 * 21), [Double](repeating: 0, count: 41))
            ductus_kernels_double_of(set).pointee.random_blocks(3, 4, 5, 21, &words)
            ductus_kernels_double_of(set).pointee.uniform(3, 4, 5, 41, &numbers)
            blocks.append(words)
            units.append(numbers)
            for block in 0..<21 {
                var expected = [UInt32](repeating: 0, count: 4)
                ductus_philox(3, 5 + UInt64(block), 4, &expected)
                #expect(Array(words[4 * block..<4 * block + 4]) == expected)
            }
        }
        #expect(blocks.allSatisfy { $0 == blocks[0] })
        #expect(units.allSatisfy { $0 == units[0] })
    }
}
