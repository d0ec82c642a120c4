import DuctusTensors
import DuctusTestSupport
import Testing

/// A reduction and the equivalent loop.
struct Reduction<Scalar: TensorScalar, Result: TensorScalar>: CustomStringConvertible, Sendable {
    let description: String
    let reduce: @Sendable (Tensor<Scalar>, [Int]?, Bool) -> Tensor<Result>
    let loop: @Sendable ([Scalar]) -> Result

    init(
        _ name: String, _ reduce: @escaping @Sendable (Tensor<Scalar>, [Int]?, Bool) -> Tensor<Result>,
        loop: @escaping @Sendable ([Scalar]) -> Result
    ) { (description, self.reduce, self.loop) = (name, reduce, loop) }

    /// The result over every view of `x`, and that of the loop.
    func results(_ x: Tensor<Scalar>, _ axes: [Int]?) -> [(Tensor<Result>, Tensor<Result>)] {
        x.views.filter { $0.rank == x.rank || axes == nil || axes!.allSatisfy { $0 >= 0 } }.flatMap { view in
            [false, true].map { keeping in
                let expected = Tensor(view.groups(axes).map(loop), shape: view.reducedShape(axes, keeping: keeping))
                return (reduce(view, axes, keeping), expected)
            }
        }
    }
}

@Suite struct ReductionTests {
    static func quantile(_ part: Double, _ x: [Double]) -> Double {
        let (sorted, at) = (x.sorted(), part * Double(x.count - 1))
        let (low, high) = (sorted[Int(at)], sorted[min(Int(at) + 1, x.count - 1)])
        return low + (high - low) * (at - at.rounded(.down))
    }

    static func variance(_ x: [Double], _ correction: Int) -> Double {
        let mean = x.reduce(0, +) / Double(x.count)
        return x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(x.count - correction, 0))
    }

    static let floating: [Reduction<Double, Double>] = [
        Reduction("sum", { $0.sum(axes: $1, keepingDimensions: $2) }, loop: { $0.reduce(0, +) }),
        Reduction("mean", { $0.mean(axes: $1, keepingDimensions: $2) }, loop: { $0.reduce(0, +) / Double($0.count) }),
        Reduction("product", { $0.product(axes: $1, keepingDimensions: $2) }, loop: { $0.reduce(1, *) }),
        Reduction("max", { $0.max(axes: $1, keepingDimensions: $2) }, loop: { $0.max() ?? .nan }),
        Reduction("min", { $0.min(axes: $1, keepingDimensions: $2) }, loop: { $0.min() ?? .nan }),
        Reduction("variance", { $0.variance(axes: $1, keepingDimensions: $2) }, loop: { variance($0, 0) }),
        Reduction(
            "corrected", { $0.standardDeviation(axes: $1, correction: 1, keepingDimensions: $2) },
            loop: {
                variance($0, 1).squareRoot()
            }),
        Reduction(
            "norm", { $0.norm(axes: $1, keepingDimensions: $2) },
            loop: {
                $0.reduce(0) { $0 + $1 * $1 }.squareRoot()
            }),
        Reduction("norm 0", { $0.norm(0, axes: $1, keepingDimensions: $2) }, loop: { Double($0.count { $0 != 0 }) }),
        Reduction("norm 1", { $0.norm(1, axes: $1, keepingDimensions: $2) }, loop: { $0.reduce(0) { $0 + abs($1) } }),
        Reduction(
            "norm 3", { $0.norm(3, axes: $1, keepingDimensions: $2) },
            loop: {
                power($0.reduce(0) { $0 + abs($1 * $1 * $1) }, 1 / 3)
            }),
        Reduction(
            "norm ∞", { $0.norm(.infinity, axes: $1, keepingDimensions: $2) }, loop: { $0.map(abs).max() ?? .nan }),
        Reduction(
            "norm −∞", { $0.norm(-.infinity, axes: $1, keepingDimensions: $2) }, loop: { $0.map(abs).min() ?? .nan }),
        Reduction(
            "log sum exp", { $0.logSumExp(axes: $1, keepingDimensions: $2) },
            loop: {
                logarithm($0.reduce(0) { $0 + exponential($1) })
            }),
        Reduction("median", { $0.median(axes: $1, keepingDimensions: $2) }, loop: { quantile(0.5, $0) }),
        Reduction("quantile", { $0.quantile(0.3, axes: $1, keepingDimensions: $2) }, loop: { quantile(0.3, $0) }),
        Reduction("last quantile", { $0.quantile(1, axes: $1, keepingDimensions: $2) }, loop: { $0.max() ?? .nan }),
    ]

    static let axes: [[Int]?] = [nil, [], [0], [1], [-1], [0, 2], [1, 2], [0, 1, 2], [-1, 0]]

    @Test(arguments: floating, axes) func reductionsMatchTheLoop(reduction: Reduction<Double, Double>, axes: [Int]?) {
        for x in [Tensor<Double>.sample([2, 3, 4]), .small([3, 1, 5]), .sample([1, 1, 1]), .sample([2, 1, 35])] {
            for (actual, expected) in reduction.results(x, axes) {
                // The corrected variance of one element is undefined.
                let isNaN = expected.isNaN()
                #expect(actual.isNaN() == isNaN)
                let (a, b) = (actual.replacing(with: 0, where: isNaN), expected.replacing(with: 0, where: isNaN))
                #expect(disagreement(of: a, with: b, tolerance: 1e-13) == nil)
            }
        }
    }

    static let whole: [Reduction<Int32, Int32>] = [
        Reduction("sum", { $0.sum(axes: $1, keepingDimensions: $2) }, loop: { $0.reduce(0, +) }),
        Reduction("product", { $0.product(axes: $1, keepingDimensions: $2) }, loop: { $0.reduce(1, *) }),
        Reduction("max", { $0.max(axes: $1, keepingDimensions: $2) }, loop: { $0.max() ?? 0 }),
        Reduction("min", { $0.min(axes: $1, keepingDimensions: $2) }, loop: { $0.min() ?? 0 }),
    ]

    @Test(arguments: whole, axes) func integerReductionsMatchTheLoop(reduction: Reduction<Int32, Int32>, axes: [Int]?) {
        for (actual, expected) in reduction.results(.small([2, 3, 2]), axes) { #expect(actual == expected) }
    }

    @Test(arguments: axes) func booleanReductionsMatchTheLoop(axes: [Int]?) {
        let any = Reduction<Bool, Bool>("any", { $0.any(axes: $1, keepingDimensions: $2) }, loop: { $0.contains(true) })
        let all = Reduction<Bool, Bool>(
            "all", { $0.all(axes: $1, keepingDimensions: $2) }, loop: { !$0.contains(false) })
        let sum = Reduction<Bool, Int32>(
            "sum", { $0.sum(axes: $1, keepingDimensions: $2) }, loop: { Int32($0.count { $0 }) })
        for x in [-1, 0, 2] as [Float] {
            let mask = Tensor<Float>.small([2, 3, 4]) .<= x
            for (actual, expected) in any.results(mask, axes) + all.results(mask, axes) { #expect(actual == expected) }
            for (actual, expected) in sum.results(mask, axes) { #expect(actual == expected) }
        }
    }

    @Test(arguments: [0, 1, 2, -1]) func argmaxAndArgminTakeTheFirstOfTies(axis: Int) {
        func first<Scalar: NumericScalar>(_ row: [Scalar], _ best: Scalar?) -> Int32 {
            Int32(row.firstIndex { $0 == best } ?? -1)
        }
        for shape in [[3, 4, 5], [1, 2, 20], [17, 1, 3]] as [Shape] {
            for x in Tensor<Float>.small(shape).views where x.rank == 3 {
                let (top, bottom) = (x.argmax(axis: axis), x.argmin(axis: axis, keepingDimensions: true))
                #expect(top.scalars == x.groups([axis]).map { first($0, $0.max()) })
                #expect(top.shape == x.reducedShape([axis], keeping: false))
                #expect(bottom.scalars == x.groups([axis]).map { first($0, $0.min()) })
                #expect(bottom.shape == x.reducedShape([axis], keeping: true))
            }
            for x in Tensor<Int32>.small(shape).views where x.rank == 3 {
                #expect(x.argmax(axis: axis).scalars == x.groups([axis]).map { first($0, $0.max()) })
                #expect(x.argmin(axis: axis).scalars == x.groups([axis]).map { first($0, $0.min()) })
            }
        }
    }

    @Test func nanPropagates() {
        let x = Tensor<Float>([1, .nan, 3, 4, 5, 6], shape: [2, 3])
        for reduced in [
            x.sum(axes: [1]), x.mean(axes: [1]), x.product(axes: [1]), x.max(axes: [1]), x.min(axes: [1]),
            x.variance(axes: [1]), x.norm(axes: [1]), x.norm(.infinity, axes: [1]), x.logSumExp(axes: [1]),
            x.median(axes: [1]), x.quantile(0, axes: [1]),
        ] {
            #expect(reduced.isNaN().scalars == [true, false])
        }
        #expect(x.argmax(axis: 1) == [1, 2])
        #expect(x.argmin(axis: 1) == [1, 0])
        #expect(x.argmax(axis: 0) == [1, 0, 1])
        let many = Tensor((0..<40).map { $0 == 7 || $0 == 30 ? Float.nan : Float($0) })
        #expect(many.argmax().item() == 7)
        #expect(many.argmin().item() == 7)
    }

    @Test func emptyReductions() {
        let x = Tensor<Double>.zeros([2, 0, 3])
        #expect(x.sum(axes: [1]) == .zeros([2, 3]))
        #expect(x.product(axes: [1]) == .ones([2, 3]))
        #expect(x.product(axes: [0]).shape == [0, 3])
        #expect(x.mean().item().isNaN)
        #expect(x.variance().item().isNaN)
        #expect(x.median().item().isNaN)
        #expect(x.norm().item() == 0)
        #expect(x.max(axes: [0]).shape == [0, 3])
        #expect(Tensor<Int32>.zeros([0]).sum().item() == 0)
        #expect(Tensor<Int32>.zeros([0]).product().item() == 1)
        let none = Tensor<Bool>([])
        #expect(!none.any().item())
        #expect(none.all().item())
        #expect(none.sum().item() == 0)
    }

    @Test func infinitiesPropagate() {
        let x: Tensor<Double> = Tensor([-.infinity, -.infinity, 1, .infinity], shape: [2, 2])
        #expect(x.logSumExp(axes: [1]).scalars == [-.infinity, .infinity])
        #expect(Tensor<Double>([1000, 1000]).logSumExp().item() == 1000 + logarithm(2))
        #expect(x.median(axes: [1]).scalars == [-.infinity, .infinity])
    }

    /// From 2²⁴ on, adding 1 to a Float changes nothing.
    @Test func runningSumsOfManyElementsAreExact() {
        let ones = Tensor<Float>.ones([(1 << 24) + 3])
        #expect(ones.cumulativeSum(axis: 0)[(1 << 24) + 1] == 16_777_218)
        let columns: Tensor<Float> = [[16_777_216, 16_777_216], [1, 1], [1, 1]]
        #expect(columns.cumulativeSum(axis: 0)[2, ...] == [16_777_218, 16_777_218])
    }

    /// More columns than are scanned at a time.
    @Test func runningSumsOfWideRowsMatchThoseOfColumns() {
        let x = Tensor<Float>.sample([3, 2050])
        #expect(x.cumulativeSum(axis: 0) == x.transposed().cumulativeSum(axis: 1).transposed())
    }

    /// A sum of small numbers that would overflow the narrow type.
    @Test func sumsOfBytesDoNotOverflow() {
        let x = Tensor<UInt8>(repeating: 255, shape: [1000])
        #expect(x.sum().item() == 255_000)
        #expect(x.cumulativeSum(axis: 0)[999] == 255_000)
        #expect(Tensor<UInt8>([3, 250]).product().item() == 750)
    }
}
