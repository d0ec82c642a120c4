import DuctusAutograd
import DuctusTestSupport
import Testing

/// Gradients against central differences in double precision.
@Suite struct FunctionGradientTests {
    /// Functions, and maps from any number to where they are smooth.
    static let functions: [(String, @Sendable (Tensor<Double>) -> Tensor<Double>)] = [
        ("exp2", { $0.exp2() }), ("expm1", { $0.expm1() }), ("log2", { ($0.squared() + 0.5).log2() }),
        ("log10", { ($0.squared() + 0.5).log10() }), ("log1p", { $0.squared().log1p() }), ("sin", { $0.sin() }),
        ("cos", { $0.cos() }), ("tan", { ($0 / 4).tan() }), ("asin", { ($0 / 4).asin() }),
        ("acos", { ($0 / 4).acos() }),
        ("atan", { $0.atan() }), ("sinh", { $0.sinh() }), ("cosh", { $0.cosh() }), ("asinh", { $0.asinh() }),
        ("acosh", { ($0.squared() + 1.5).acosh() }), ("atanh", { ($0 / 4).atanh() }), ("erf", { $0.erf() }),
        ("cube root", { ($0 + 3).cubeRoot() }), ("reciprocal", { ($0 + 3).reciprocal() }),
        (
            "rounding",
            {
                ($0 * 3).rounded() + ($0 * 3).floor() + ($0 * 3).ceil() + ($0 * 3).truncated() + $0.sign() + $0
            }
        ), ("clipped", { $0.clipped(to: -0.52...0.31) * $0 }), ("power 3", { $0.power(3) }),
        ("power −1", { ($0 + 3).power(-1) }), ("power 2.5", { ($0 + 3).power(2.5) }), ("power 0", { $0.power(0) + $0 }),
        ("modulo", { ($0 * 3.3).modulo(2) }), ("floor division", { $0 * ($0 * 3.3).floorDivided(by: 2) }),
        ("replacing", { $0.replacing(with: $0.exp(), where: $0 .> 0.2) }),
        (
            "in place",
            {
                var x = $0
                x += 1
                x *= $0
                x -= $0.exp()
                x /= 3
                return x
            }
        ),
    ]

    static let samples: [Tensor<Double>] =
        ([[], [7], [3, 4], [1, 2, 3]] as [Shape]).map { .distinct($0) } + [Tensor.distinct([3, 4]).strided]

    @Test(arguments: functions.map(\.0)) func unaryGradientsMatchDifferences(name: String) throws {
        let function = try #require(Self.functions.first { $0.0 == name }).1
        for x in Self.samples {
            let check = GradientCheck(at: [x]) { function($0[0]) }
            #expect(check.worst < 1e-7, "\(x.shape), element \(check.element)")
        }
    }

    static let pairs: [(String, @Sendable (Tensor<Double>, Tensor<Double>) -> Tensor<Double>)] = [
        ("power", { ($0.squared() + 0.5).power($1) }), ("modulo", { ($0 * 7).modulo($1 + 9) }),
        ("maximum", { .maximum($0, $1) }), ("minimum", { .minimum($0, $1) }), ("atan2", { atan2($0, $1) }),
        ("hypot", { hypot($0, $1) }), ("log add exp", { logAddExp($0, $1) }),
        ("replacing", { $0.replacing(with: $1, where: $0 .< $1) }),
    ]

    @Test(arguments: pairs.map(\.0)) func binaryGradientsMatchDifferences(name: String) throws {
        let function = try #require(Self.pairs.first { $0.0 == name }).1
        for (a, b) in [([2, 3], [2, 3]), ([3, 1], [1, 4]), ([], [2, 3]), ([2, 1, 3], [5, 1])] as [(Shape, Shape)] {
            let check = GradientCheck(at: [.distinct(a), Tensor.distinct(b, seed: 2) + 0.03]) { function($0[0], $0[1]) }
            #expect(check.worst < 1e-7, "\(a) \(b), input \(check.input), element \(check.element)")
        }
    }

    static let reductions: [(String, @Sendable (Tensor<Double>, [Int]) -> Tensor<Double>)] = [
        ("product", { $0.product(axes: $1) }), ("max", { $0.max(axes: $1, keepingDimensions: true) }),
        ("min", { $0.min(axes: $1) }), ("variance", { $0.variance(axes: $1, correction: 1) }),
        ("deviation", { ($0.variance(axes: $1, keepingDimensions: true) + 1).squareRoot() }),
        ("norm", { $0.norm(axes: $1) }), ("norm 1", { $0.norm(1, axes: $1) }), ("norm 3", { $0.norm(3, axes: $1) }),
        ("norm ∞", { ($0 + 0.02).norm(.infinity, axes: $1) }), ("norm −∞", { ($0 + 0.02).norm(-.infinity, axes: $1) }),
        ("log sum exp", { $0.logSumExp(axes: $1) }), ("median", { $0.median(axes: $1) }),
        ("quantile", { $0.quantile(0.7, axes: $1, keepingDimensions: true) }),
        ("cumulative sum", { $0.cumulativeSum(axis: $1.first ?? 0) }),
        ("cumulative product", { $0.cumulativeProduct(axis: $1.first ?? 0) }),
        ("difference", { $0.difference(axis: $1.first ?? 0) }), ("sorted", { $0.sorted(axis: $1.first ?? 0) }),
        ("descending", { $0.sorted(axis: $1.first ?? 0, descending: true) }),
        ("top", { $0.topK(1, axis: $1.first ?? 0).values }),
    ]

    @Test(arguments: reductions.map(\.0), [[0], [1], [-1], [0, 2], [0, 1, 2]])
    func reductionGradientsMatchDifferences(name: String, axes: [Int]) throws {
        let function = try #require(Self.reductions.first { $0.0 == name }).1
        for x in [Tensor<Double>.distinct([2, 3, 4]), Tensor.distinct([3, 2, 3]).strided] {
            let check = GradientCheck(at: [x]) { function($0[0], axes) }
            #expect(check.worst < 1e-6, "\(x.shape), element \(check.element)")
        }
    }

    /// One zero, two zeros, none: dividing by the elements would fail.
    @Test func productGradientsHandleZeros() {
        let x: Tensor<Double> = [[2, 0, 3, 4], [0, 5, 0, 1], [1, 2, 3, 4]]
        #expect(GradientCheck(at: [x]) { $0[0].product(axes: [1]) }.worst < 1e-7)
        #expect(GradientCheck(at: [x]) { $0[0].product() }.worst < 1e-7)
        #expect(GradientCheck(at: [x]) { $0[0].cumulativeProduct(axis: 1) }.worst < 1e-7)
        #expect(GradientCheck(at: [x]) { $0[0].cumulativeProduct(axis: 0) }.worst < 1e-7)
    }

    @Test func gradientsAtKinks() {
        func gradient(_ x: Tensor<Double>, _ function: (Tensor<Double>) -> Tensor<Double>) -> [Double] {
            valueAndGradient(at: [x]) { function($0[0]).sum() }.gradients[0].scalars
        }
        #expect(gradient([1, 2, 2, 5]) { .maximum($0, 2) } == [0, 0.5, 0.5, 1])
        #expect(gradient([1, 2, 2, 5]) { .minimum($0, 2) } == [1, 0.5, 0.5, 0])
        #expect(gradient([-1, 0, 0.5, 1, 2]) { $0.clipped(to: 0...1) } == [0, 1, 1, 1, 0])
        #expect(gradient([1, 1, 3, 4]) { $0.min() } == [0.5, 0.5, 0, 0])
        #expect(gradient([0, 0]) { $0.norm() } == [0, 0])
        #expect(gradient([3, 3, 3]) { $0.standardDeviation() } == [0, 0, 0])
        #expect(gradient([0, 4]) { $0.power(0) } == [0, 0])
        #expect(gradient([0, 1]) { $0.power(Tensor([0, 2])) } == [0, 2])
    }
}
