import DuctusAutograd

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension Operation {
    private static let scanSamples: [Sample<Int>] = [
        [[1], [7], [8], [9], [15], [16], [17], [31], [33], [64], [1023], [1025], [0]].map { Sample([$0], -1) },
        Sample.each([0, 1, -1], [[2, 3, 4]]), Sample.each([0, 1], [[17, 33]]), Sample.each([0, 1], [[3, 0]]),
        [
            Sample([[6, 4]], 1, .special(rows)), Sample([[4, 6]], 0, .special(rows)),
            Sample([[2, 34]], -1, .special(longRows)), Sample([[34, 2]], 0, .special(longRows)),
            Sample([[300, 301]], 0, .large), Sample([[300, 301]], 1, .large),
        ],
    ].flatMap { $0 }

    private static func scan(
        _ name: String, _ tolerance: Tolerance, domain: ClosedRange<Float> = -2...2, mistakes: [Mistake] = [],
        _ function: @escaping @Sendable (Tensor<Float>, Int) -> Tensor<Float>,
        of definition: @escaping @Sendable ([Double]) -> [Double]
    ) -> Operation {
        Operation(name, tolerance, scanSamples, domain: domain, mistakes: mistakes) { inputs, axis in
            function(inputs[0], axis)
        } definition: { inputs, axis in
            inputs[0].lines(along: axis, definition)
        }
    }

    static let scans: [Operation] = [softmaxes, runs, orders].flatMap { $0 }

    private static let softmaxes: [Operation] = [
        scan(
            "softmax", .ulps(8),
            mistakes: [Mistake("Axis 1 is out of range for shape [3].") { Tensor<Float>.zeros([3]).softmax(axis: 1) }]
        ) {
            $0.softmax(axis: $1)
        } of: { x in
            let top = x.top
            let exponentials = x.map { exp($0 - top) }
            let total = exponentials.total
            return exponentials.map { $0 / total }
        },
        scan("logSoftmax", .ulpsOfLargest(4)) {
            $0.logSoftmax(axis: $1)
        } of: { x in
            let top = x.top
            let total = log(x.map { exp($0 - top) }.total)
            return x.map { $0 - top - total }
        },
    ]

    private static let runs: [Operation] = [
        scan("cumulativeSum", .ulpsOfLargest(64)) {
            $0.cumulativeSum(axis: $1)
        } of: { x in
            var sum = 0.0
            return x.map { number in
                sum += number
                return sum
            }
        },
        scan("cumulativeProduct", .ulps(128), domain: 0.9...1.1) {
            $0.cumulativeProduct(axis: $1)
        } of: { x in
            var product = 1.0
            return x.map { number in
                product *= number
                return product
            }
        },
        scan("difference", .exact) {
            $0.difference(axis: $1)
        } of: { x in
            zip(x.dropFirst(), x).map { $0 - $1 }
        },
    ]

    private static let orders: [Operation] = [
        scan(
            "sorted", .ulps(0),
            mistakes: [
                Mistake("sorted needs a tensor with at least one axis; got a scalar.") { Tensor<Float>(1).sorted() }
            ], { $0.sorted(axis: $1) }, of: { $0.ordered() }),
        scan("sorted, descending", .ulps(0)) {
            $0.sorted(axis: $1, descending: true)
        } of: {
            $0.ordered(descending: true)
        },
        scan("argsort", .exact) {
            Tensor<Float>($0.detached().argsort(axis: $1))
        } of: {
            $0.order().map { Double($0) }
        },
        scan(
            "topK values", .ulps(0),
            mistakes: [
                Mistake("topK: axis 0 of shape [2] does not have 3 elements.") {
                    Tensor<Float>.zeros([2]).topK(3).values
                }
            ]
        ) {
            $0.topK(min(2, $0.shape[$0.shape.axis($1)]), axis: $1).values
        } of: {
            Array($0.ordered(descending: true).prefix(2))
        },
        scan("topK indices", .exact) {
            Tensor<Float>($0.detached().topK(min(2, $0.shape[$0.shape.axis($1)]), axis: $1).indices)
        } of: {
            $0.order(descending: true).prefix(2).map { Double($0) }
        },
    ]
}
