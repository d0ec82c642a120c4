import DuctusTensors
import DuctusTestSupport
import Testing

@Suite struct SortingTests {
    /// The standard library's order, with NaN last.
    static func order<Scalar: NumericScalar>(_ row: [Scalar], descending: Bool) -> [Int32] {
        row.indices.sorted {
            let (a, b) = (row[$0], row[$1])
            if a != a || b != b { return a == a || b != b && a != a && $0 < $1 }
            return a == b ? $0 < $1 : descending ? a > b : a < b
        }.map { Int32($0) }
    }

    /// Many ties, short rows and long ones, along every axis of every view.
    @Test(arguments: [[7], [1], [0], [3, 5], [4, 60], [300, 2], [2, 3, 4]] as [Shape], [false, true])
    func sortingMatchesTheStandardLibrary(shape: Shape, descending: Bool) {
        func check<Scalar: NumericScalar>(_ x: Tensor<Scalar>) {
            for view in x.views {
                for axis in -1..<view.rank {
                    let groups = view.groups([axis])
                    let orders = groups.map { Self.order($0, descending: descending) }
                    let sorted = view.sorted(axis: axis, descending: descending)
                    let order = view.argsort(axis: axis, descending: descending)
                    #expect(sorted.shape == view.shape)
                    #expect(order.shape == view.shape)
                    #expect(order.groups([axis]) == orders)
                    #expect(
                        sorted.groups([axis]) == zip(groups, orders).map { row, order in order.map { row[Int($0)] } })
                    let count = min(3, view.shape[axis < 0 ? view.rank - 1 : axis])
                    let (values, indices) = view.topK(count, axis: axis)
                    let best = groups.map { Array(Self.order($0, descending: true).prefix(count)) }
                    #expect(indices.groups([axis]) == best)
                    #expect(values.groups([axis]) == zip(groups, best).map { row, order in order.map { row[Int($0)] } })
                }
            }
        }
        check(Tensor<Float>.small(shape))
        check(Tensor<Double>.sample(shape))
        check(Tensor<Int32>.small(shape, seed: 3))
        check(Tensor<UInt8>.small(shape, from: 100))
    }

    @Test func extremeValuesSort() {
        func check<Scalar: FloatingScalar>(_ type: Scalar.Type) {
            let numbers: [Scalar] = [
                1, -.infinity, .nan, 0, .infinity, -.leastNonzeroMagnitude, -1, .greatestFiniteMagnitude, -.nan,
                .leastNonzeroMagnitude, -.greatestFiniteMagnitude, 256, -256,
            ]
            for row in [numbers, Array(repeating: numbers, count: 9).flatMap { $0 }] {
                let x = Tensor(row)
                for descending in [false, true] {
                    let order = Self.order(row, descending: descending)
                    #expect(x.argsort(descending: descending).scalars == order)
                    let sorted = x.sorted(descending: descending).scalars
                    for (a, b) in zip(sorted, order.map { row[Int($0)] }) { #expect(a.isNaN ? b.isNaN : a == b) }
                }
            }
            #expect(Tensor<Scalar>([0, -0.0, 0, -0.0]).argsort() == [0, 1, 2, 3])
        }
        check(Float.self)
        check(Double.self)
        let x: Tensor<Int32> = [3, .init(.min), -1, .init(.max), 0]
        #expect(x.sorted().scalars == [.min, -1, 0, 3, .max])
        #expect(x.sorted(descending: true).scalars == [.max, 3, 0, -1, .min])
    }

    @Test func sortingLeavesTheSourceUnchanged() {
        let x: Tensor<Float> = [3, 1, 2]
        var sorted = x.sorted()
        sorted[0] = 9
        #expect(x == [3, 1, 2])
        #expect(x.sorted() == [1, 2, 3])
    }

    @Test(arguments: [[0], [1], [40], [5, 8], []] as [Shape]) func uniqueMatchesTheSet(shape: Shape) throws {
        func check<Scalar: NumericScalar>(_ x: Tensor<Scalar>) {
            for view in x.views {
                let elements = view.scalars
                let (values, indices, inverse, counts) = view.unique()
                let expected = elements.reduce(into: [Scalar]()) { if !$0.contains($1) { $0.append($1) } }.sorted()
                #expect(values.scalars == expected)
                #expect(indices.scalars == expected.map { Int32(elements.firstIndex(of: $0)!) })
                #expect(inverse.shape == view.shape)
                #expect(inverse.scalars.map { expected[Int($0)] } == elements)
                #expect(counts.scalars == expected.map { value in Int32(elements.count { $0 == value }) })
            }
        }
        check(Tensor<Float>.small(shape))
        check(Tensor<Int32>.small(shape))
        check(Tensor<UInt8>.small(shape, from: 3))
        let x = Tensor<Double>([.nan, 1, .nan, -0.0, 0]).unique()
        try #require(x.values.count == 3)
        #expect(x.values[2].isNaN)
        #expect(x.counts == [2, 1, 2])
        #expect(x.indices == [3, 1, 0])
    }

    @Test func searchSortedKeepsTheOrder() {
        for x in [Tensor<Float>.small([30]).sorted(), Tensor([-.infinity, 0, 0, 1, .infinity, .nan]), Tensor([])] {
            let values = Tensor<Float>([-3, 0, 0.5, 1, 9, .infinity, -.infinity], shape: [7, 1])
            let (left, right) = (x.searchSorted(values), x.searchSorted(values, side: .right))
            #expect(left.shape == [7, 1])
            #expect(left.scalars == values.scalars.map { v in Int32(x.scalars.count { $0 < v }) })
            #expect(right.scalars == values.scalars.map { v in Int32(x.scalars.count { $0 <= v }) })
        }
        let x = Tensor<Double>([1, .nan, .nan])
        #expect(x.searchSorted(Tensor(.nan)).item() == 1)
        #expect(x.searchSorted(Tensor(.nan), side: .right).item() == 3)
    }

    @Test func bincountCountsEveryValue() {
        let x = Tensor<Int32>.small([50], from: 0)
        let counts = x.bincount(minimumLength: 9)
        #expect(counts.scalars == (0..<9).map { value in Int32(x.scalars.count { $0 == Int32(value) }) })
        #expect(x.bincount().count == Int(x.max().item()) + 1)
        #expect(Tensor<UInt8>([255]).bincount().count == 256)
        #expect(Tensor<Int32>([]).bincount().shape == [0])
        #expect(Tensor<Int32>([]).bincount(minimumLength: 2) == [0, 0])
    }

    @Test func histogramCountsBetweenTheEdges() {
        for (range, bins) in [(nil, 10), (-1...2, 7), (0...0.3, 3)] as [(ClosedRange<Float>?, Int)] {
            let x = Tensor<Float>.concatenated([.sample([200]), .small([50]), [0.1, 0.2]], axis: 0)
            let (counts, edges) = x.histogram(bins: bins, range: range)
            let e = edges.scalars
            #expect(e.count == bins + 1)
            #expect(counts.count == bins)
            #expect(e[0] == range?.lowerBound ?? x.min().item())
            #expect(e[bins] == range?.upperBound ?? x.max().item())
            let expected = (0..<bins).map { bin in
                x.scalars.count { $0 >= e[bin] && ($0 < e[bin + 1] || bin == bins - 1 && $0 == e[bins]) }
            }
            #expect(counts.scalars == expected.map { Int32($0) })
        }
        #expect(Tensor<Double>([3, 3]).histogram(bins: 2).edges == [2.5, 3, 3.5])
        #expect(Tensor<Double>([]).histogram(bins: 2).counts == [0, 0])
        #expect(Tensor<Double>([.nan, 1, 2]).histogram(bins: 1, range: 0...3).counts == [2])
    }

    static let shapes: [Shape] = [[5], [1], [0], [3, 4], [2, 3, 4], [2, 0, 3], [1, 70]]

    @Test(arguments: shapes) func cumulativeFunctionsMatchTheLoop(shape: Shape) {
        func scan<Scalar, Result>(_ row: [Scalar], _ start: Result, _ next: (Result, Scalar) -> Result) -> [Result] {
            row.reduce(into: []) { $0.append(next($0.last ?? start, $1)) }
        }
        for axis in -1..<shape.rank {
            for x in Tensor<Double>.small(shape).views where x.rank == shape.rank {
                let groups = x.groups([axis])
                #expect(x.cumulativeSum(axis: axis).groups([axis]) == groups.map { scan($0, 0, +) })
                #expect(x.cumulativeProduct(axis: axis).groups([axis]) == groups.map { scan($0, 1, *) })
                let differences = groups.map { row in zip(row.dropFirst(), row).map { $0 - $1 } }
                #expect(x.difference(axis: axis).groups([axis]).flatMap { $0 } == differences.flatMap { $0 })
                #expect(x.difference(axis: axis).shape[x.shape.axis(axis)] == max(0, x.shape[x.shape.axis(axis)] - 1))
            }
            for x in Tensor<Int32>.small(shape, from: 0).views where x.rank == shape.rank {
                let groups = x.groups([axis])
                #expect(x.cumulativeSum(axis: axis).groups([axis]) == groups.map { scan($0, 0, +) })
                let signs = x % 2 * 2 - 1
                #expect(
                    signs.cumulativeProduct(axis: axis).groups([axis]) == signs.groups([axis]).map { scan($0, 1, *) })
                let differences = groups.flatMap { row in zip(row.dropFirst(), row).map { $0 - $1 } }
                #expect(x.difference(axis: axis).groups([axis]).flatMap { $0 } == differences)
            }
        }
    }
}
