import DuctusLayers
import DuctusTestSupport
import Testing

@Suite struct InitializerTests {
    static func values(_ initializer: Initializer, _ shape: Shape, seed: UInt64 = 1) -> Tensor<Float> {
        Initialization.seeded(seed) { initializer.values(shape) }
    }

    struct Rule: Sendable {
        let initializer: Initializer
        let variance: Double
        /// The largest magnitude of a value.
        var largest = Double.infinity
    }

    /// The rules for a fan-in of 3 × 3 × 20 and a fan-out of 3 × 3 × 40.
    static let rules = [
        Rule(initializer: .glorotUniform, variance: 1 / 270, largest: (1 / 90.0).squareRoot()),
        Rule(initializer: .glorotNormal, variance: 1 / 270),
        Rule(initializer: .heUniform, variance: 1 / 90, largest: (1 / 30.0).squareRoot()),
        Rule(initializer: .heNormal, variance: 1 / 90),
        Rule(initializer: .uniform(bound: 0.5), variance: 1 / 12, largest: 0.5),
        Rule(initializer: .normal(standardDeviation: 0.1), variance: 0.01),
        // The variance of the truncated distribution: 1 − 4 φ(2) / (2 Φ(2) − 1).
        Rule(initializer: .truncatedNormal(standardDeviation: 0.1), variance: 0.00773741, largest: 0.2),
    ]

    @Test(arguments: rules)
    func variancesAreThoseOfTheRule(rule: Rule) {
        let (variance, largest) = (rule.variance, rule.largest)
        let x = Self.values(rule.initializer, [3, 3, 20, 40]).scalars.map(Double.init)
        let (sum, squares) = x.reduce((0, 0)) { ($0.0 + $1, $0.1 + $1 * $1) }
        let count = Double(x.count)
        #expect(abs(sum / count) < 4 * (variance / count).squareRoot())
        #expect(abs(squares / count / variance - 1) < 4 * (2 / count).squareRoot())
        #expect(x.allSatisfy { abs($0) <= largest * 1.000001 })
    }

    @Test(arguments: [[1, 1], [5, 5], [7, 3], [3, 7], [2, 3, 4, 11], [3, 3, 4, 5], [130, 130]] as [Shape])
    func orthogonalMatricesAreOrthogonal(shape: Shape) {
        let x = Self.values(.orthogonal(gain: 2), shape).reshaped(to: [-1, shape[shape.rank - 1]])
        let rows = x.shape[0] <= x.shape[1] ? x : x.transposed()
        let product = rows.matmul(rows.transposed())
        for index in indices(of: product.shape) {
            #expect(abs(product[index[0], index[1]] - (index[0] == index[1] ? 4 : 0)) < 2e-5)
        }
    }

    /// Of 2 × 2 matrices, half are rotations and half reflections, by uniform angles.
    @Test func orthogonalMatricesAreUniformlyDistributed() {
        var (rotations, quadrants) = (0, [0, 0, 0, 0])
        for seed in 0..<2000 {
            let x = Self.values(.orthogonal(), [2, 2], seed: UInt64(seed))
            rotations += x[0, 0] * x[1, 1] - x[0, 1] * x[1, 0] > 0 ? 1 : 0
            quadrants[(x[0, 0] > 0 ? 1 : 0) + (x[0, 1] > 0 ? 2 : 0)] += 1
        }
        #expect(abs(rotations - 1000) < 90)
        #expect(quadrants.allSatisfy { abs($0 - 500) < 80 })
    }

    @Test func seedsDetermineValues() {
        for initializer in [Initializer.orthogonal(), .heNormal, .truncatedNormal(standardDeviation: 1)] {
            #expect(Self.values(initializer, [4, 6]) == Self.values(initializer, [4, 6]))
            #expect(Self.values(initializer, [4, 6]) != Self.values(initializer, [4, 6], seed: 2))
        }
    }

    @Test func fanInCanBeOverridden() {
        let values = Initialization.seeded(1) { Initializer.heUniform.values([10, 10], inputs: 40) }
        #expect(disagreement(of: values * 2, with: Self.values(.heUniform, [10, 10]), tolerance: 1e-6) == nil)
    }
}
