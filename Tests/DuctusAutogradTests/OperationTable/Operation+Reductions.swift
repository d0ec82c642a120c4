import DuctusAutograd

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The axes of a reduction: all for nil.
struct ReducedAxes: CustomStringConvertible, Sendable {
    let axes: [Int]?
    let keeping: Bool

    init(_ axes: [Int]?, keeping: Bool = false) { (self.axes, self.keeping) = (axes, keeping) }

    var description: String { "over \(axes.map { "\($0)" } ?? "all axes")\(keeping ? ", keeping dimensions" : "")" }
}

extension Operation {
    /// Rows of four: NaN, infinities of one sign and of both, zeros, subnormal numbers.
    static let rows: [Float] = [
        1, 2, .nan, 3, .infinity, 1, 2, -3, -.infinity, 1, 2, 3, .infinity, -.infinity, 1, 2, 0, 1, 0, -1,
        .leastNonzeroMagnitude, .leastNonzeroMagnitude, 1, .leastNormalMagnitude,
    ]

    /// Rows that are longer than the blocks of the kernels, with NaN or infinity in the last block.
    static let longRows: [Float] =
        (0..<34).map { $0 == 33 ? .nan : Float($0) } + (0..<34).map { $0 == 32 ? -.infinity : Float($0 % 5) }

    private static let reducedSamples: [Sample<ReducedAxes>] = [
        [[], [1], [7], [8], [9], [15], [16], [17], [31], [33], [1023], [1025]].map { Sample([$0], ReducedAxes(nil)) },
        Sample.each(
            [
                ReducedAxes(nil), ReducedAxes(nil, keeping: true), ReducedAxes([0]), ReducedAxes([-2], keeping: true),
                ReducedAxes([2]), ReducedAxes([0, -1]), ReducedAxes([1, 0], keeping: true), ReducedAxes([0, 1, 2]),
            ], [[2, 3, 4]]),
        Sample.each([ReducedAxes([0]), ReducedAxes([1])], [[17, 33]]),
        [Sample([[3, 0]], ReducedAxes([0])), Sample([[0, 3]], ReducedAxes([-1], keeping: true))],
        [Sample([[130, 5]], ReducedAxes([0])), Sample([[5, 1]], ReducedAxes([1]))],
        Sample.each([ReducedAxes([1]), ReducedAxes([1], keeping: true)], [[6, 4]], .special(rows)),
        [
            Sample([[4, 6]], ReducedAxes([0]), .special(rows)),
            Sample([[2, 34]], ReducedAxes([1]), .special(longRows)),
            Sample([[34, 2]], ReducedAxes([0]), .special(longRows)),
            Sample([[70_001]], ReducedAxes(nil), .large), Sample([[300, 301]], ReducedAxes([0]), .large),
            Sample([[300, 301]], ReducedAxes([-1]), .large), Sample([[2, 40_000]], ReducedAxes([1]), .large),
        ],
    ].flatMap { $0 }

    /// Of no elements.
    private static let emptySamples: [Sample<ReducedAxes>] = [
        Sample([[0]], ReducedAxes(nil)), Sample([[3, 0]], ReducedAxes([1])),
        Sample([[0, 2]], ReducedAxes([0], keeping: true)),
    ]

    /// - Parameters:
    ///   - allowsEmpty: whether there is a result of no elements.
    ///   - least: the least number of elements of which there is a result.
    private static func reduction(
        _ name: String, _ tolerance: Tolerance, domain: ClosedRange<Float> = -2...2, allowsEmpty: Bool = true,
        least: Int = 0, mistakes: [Mistake] = [],
        _ function: @escaping @Sendable (Tensor<Float>, [Int]?, Bool) -> Tensor<Float>,
        of definition: @escaping @Sendable ([Double]) -> Double
    ) -> Operation {
        let samples = (reducedSamples + (allowsEmpty ? emptySamples : [])).filter { sample in
            let shape = sample.shapes[0]
            let axes = sample.setting.axes ?? Array(0..<shape.rank)
            let count = axes.reduce(1) { $0 * shape[shape.axis($1)] }
            return count >= least
        }
        return Operation(name, tolerance, samples, domain: domain, mistakes: mistakes) { inputs, setting in
            function(inputs[0], setting.axes, setting.keeping)
        } definition: { inputs, setting in
            inputs[0].reduced(setting.axes, keeping: setting.keeping, definition)
        }
    }

    static let reductions: [Operation] = [sums, extremes, statistics, norms, positions].flatMap { $0 }

    private static let sums: [Operation] = [
        reduction(
            "sum", .ulpsOfLargest(64),
            mistakes: [
                Mistake("Axis 2 is out of range for shape [2, 3].") { .zeros([2, 3]).sum(axes: [2]) },
                Mistake("Axes [0, -2] name an axis of shape [2, 3] twice.") { .zeros([2, 3]).sum(axes: [0, -2]) },
            ], { $0.sum(axes: $1, keepingDimensions: $2) }, of: { $0.total }),
        reduction("mean", .ulpsOfLargest(8)) {
            $0.mean(axes: $1, keepingDimensions: $2)
        } of: {
            $0.total / Double($0.count)
        },
        reduction("product", .ulps(64), domain: 0.8...1.2) {
            $0.product(axes: $1, keepingDimensions: $2)
        } of: {
            $0.reduce(1, *)
        },
    ]

    private static let extremes: [Operation] = [
        reduction(
            "max", .ulps(0), allowsEmpty: false,
            mistakes: [
                Mistake("The minimum and maximum of no elements are undefined (shape [2, 0], axes [1]).") {
                    .zeros([2, 0]).max(axes: [1])
                }
            ], { $0.max(axes: $1, keepingDimensions: $2) }, of: { $0.top }),
        reduction(
            "min", .ulps(0), allowsEmpty: false, { $0.min(axes: $1, keepingDimensions: $2) }, of: { $0.bottom }),
        reduction("any", .exact) {
            Tensor<Float>(($0 .> 1).any(axes: $1, keepingDimensions: $2))
        } of: {
            $0.contains { $0 > 1 } ? 1 : 0
        },
        reduction("all", .exact) {
            Tensor<Float>(($0 .< 1).all(axes: $1, keepingDimensions: $2))
        } of: {
            $0.allSatisfy { $0 < 1 } ? 1 : 0
        },
    ]

    private static func variance(_ x: [Double], correction: Int) -> Double {
        let mean = x.total / Double(x.count)
        return x.map { ($0 - mean) * ($0 - mean) }.total / Double(max(x.count - correction, 0))
    }

    private static func quantile(_ probability: Double, _ x: [Double]) -> Double {
        guard !x.isEmpty, !x.contains(where: \.isNaN) else { return .nan }
        let (sorted, position) = (x.ordered(), probability * Double(x.count - 1))
        let weight = position - position.rounded(.down)
        let (low, high) = (sorted[Int(position)], sorted[min(Int(position) + 1, x.count - 1)])
        if weight == 0 || low == high { return low }
        // Between infinity and a number there is only that infinity.
        return low.isInfinite && high.isFinite ? low : low + (high - low) * weight
    }

    private static let statistics: [Operation] = [
        reduction("variance", .ulpsOfLargest(8)) {
            $0.variance(axes: $1, keepingDimensions: $2)
        } of: {
            variance($0, correction: 0)
        },
        reduction(
            "unbiased variance", .ulpsOfLargest(8), least: 2,
            { $0.variance(axes: $1, correction: 1, keepingDimensions: $2) }, of: { variance($0, correction: 1) }),
        reduction(
            "standardDeviation", .ulpsOfLargest(8), least: 2
        ) {
            $0.standardDeviation(axes: $1, keepingDimensions: $2)
        } of: {
            variance($0, correction: 0).squareRoot()
        },
        reduction("logSumExp", .ulpsOfLargest(8)) {
            $0.logSumExp(axes: $1, keepingDimensions: $2)
        } of: { x in
            let top = x.top
            return top.isInfinite ? top : top + log(x.map { exp($0 - top) }.total)
        },
        reduction("median", .ulpsOfLargest(2)) {
            $0.median(axes: $1, keepingDimensions: $2)
        } of: {
            quantile(0.5, $0)
        },
        reduction(
            "quantile", .ulpsOfLargest(4),
            mistakes: [
                Mistake("quantile needs a probability from 0 to 1; got 1.5.") { Tensor<Float>.zeros([2]).quantile(1.5) }
            ], { $0.quantile(0.3, axes: $1, keepingDimensions: $2) }, of: { quantile(0.3, $0) }),
    ]

    private static let norms: [Operation] = [
        reduction("norm", .ulpsOfLargest(8)) {
            $0.norm(axes: $1, keepingDimensions: $2)
        } of: {
            $0.map { $0 * $0 }.total.squareRoot()
        },
        reduction("norm 0", .exact) {
            $0.norm(0, axes: $1, keepingDimensions: $2)
        } of: {
            Double($0.count { $0 != 0 })
        },
        reduction("norm 1", .ulpsOfLargest(8)) {
            $0.norm(1, axes: $1, keepingDimensions: $2)
        } of: {
            $0.map { abs($0) }.total
        },
        reduction("norm 3", .ulpsOfLargest(16)) {
            $0.norm(3, axes: $1, keepingDimensions: $2)
        } of: {
            cbrt($0.map { abs($0 * $0 * $0) }.total)
        },
        reduction(
            "norm ∞", .ulps(0), allowsEmpty: false, { $0.norm(.infinity, axes: $1, keepingDimensions: $2) },
            of: { $0.map { abs($0) }.top }),
        reduction(
            "norm −∞", .ulps(0), allowsEmpty: false, { $0.norm(-.infinity, axes: $1, keepingDimensions: $2) },
            of: { $0.map { abs($0) }.bottom }),
    ]

    /// Positions along one axis, as numbers.
    private static let positions: [Operation] = [
        position("argmax") {
            $0.argmax(axis: $1, keepingDimensions: $2)
        } of: { x in
            x.firstIndex(where: \.isNaN) ?? x.firstIndex(of: x.top) ?? 0
        },
        position("argmin") {
            $0.argmin(axis: $1, keepingDimensions: $2)
        } of: { x in
            x.firstIndex(where: \.isNaN) ?? x.firstIndex(of: x.bottom) ?? 0
        },
    ]

    private static func position(
        _ name: String, _ function: @escaping @Sendable (Tensor<Float>, Int, Bool) -> Tensor<Int32>,
        of definition: @escaping @Sendable ([Double]) -> Int
    ) -> Operation {
        let samples = reducedSamples.filter { $0.setting.axes?.count == 1 }
        let mistakes = [
            Mistake("argmax needs a tensor with at least one axis; got a scalar.") {
                Tensor<Float>(function(Tensor(1), -1, false))
            },
            Mistake("argmax needs a nonempty axis; axis 1 of shape [2, 0] is empty.") {
                Tensor<Float>(function(.zeros([2, 0]), -1, false))
            },
        ]
        return Operation(name, .exact, samples, mistakes: name == "argmax" ? mistakes : []) { inputs, setting in
            Tensor<Float>(function(inputs[0].detached(), setting.axes?.first ?? -1, setting.keeping))
        } definition: { inputs, setting in
            inputs[0].reduced(setting.axes, keeping: setting.keeping) { Double(definition($0)) }
        }
    }
}
