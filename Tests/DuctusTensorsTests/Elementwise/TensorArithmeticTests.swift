import DuctusTensors
import DuctusTestSupport
import Testing

/// Broadcasting, reductions and matrix products against plain loops.
@Suite struct TensorArithmeticTests {
    /// The element that broadcasting puts at `index` of a larger shape.
    static func element(_ x: Tensor<Double>, at index: [Int]) -> Double {
        var position = 0
        for (axis, i) in index.suffix(x.rank).enumerated() {
            position = position * x.shape[axis] + (x.shape[axis] == 1 ? 0 : i)
        }
        return x.scalars[position]
    }

    static let pairs: [(Shape, Shape)] = [
        ([], []), ([3], []), ([], [2, 2]), ([2, 3], [2, 3]), ([2, 3], [3]), ([2, 3], [1]), ([3, 1], [1, 4]),
        ([2, 1, 3], [5, 1]), ([1, 1, 1], [2, 3]), ([4, 1], [4, 7]), ([1], [5]), ([2, 3, 1, 2], [3, 4, 1]),
        ([0, 3], [3]), ([1, 3], [0, 1]), ([2, 40, 33], [40, 1]),
    ]

    @Test(arguments: pairs) func broadcastingMatchesTheLoop(a: Shape, b: Shape) {
        let (x, y) = (Tensor<Double>.sample(a, seed: 1), Tensor<Double>.distinct(b, seed: 2))
        let shape = Shape.broadcast(a, b)
        let pairs = indices(of: shape).map { (Self.element(x, at: $0), Self.element(y, at: $0)) }
        #expect(shape == Shape.broadcast(b, a))
        #expect((x + y) == Tensor(pairs.map { $0 + $1 }, shape: shape))
        #expect((x - y) == Tensor(pairs.map { $0 - $1 }, shape: shape))
        #expect((x * y) == Tensor(pairs.map { $0 * $1 }, shape: shape))
        #expect((x / y) == Tensor(pairs.map { $0 / $1 }, shape: shape))
        #expect(Tensor.maximum(x, y) == Tensor(pairs.map { max($0, $1) }, shape: shape))
        #expect(Tensor.minimum(x, y) == Tensor(pairs.map { min($0, $1) }, shape: shape))
        #expect((x.strided - y.strided) == x - y)
        #expect(x.broadcast(to: shape) == Tensor(pairs.map(\.0), shape: shape))
    }

    @Test func scalarsBroadcastFromEitherSide() {
        let x: Tensor<Float> = [1, 2, 4]
        #expect((x + 1) == [2, 3, 5])
        #expect((1 + x) == [2, 3, 5])
        #expect((x - 1) == [0, 1, 3])
        #expect((1 - x) == [0, -1, -3])
        #expect((x * 2) == [2, 4, 8])
        #expect((2 * x) == [2, 4, 8])
        #expect((x / 2) == [0.5, 1, 2])
        #expect((2 / x) == [2, 1, 0.5])
        #expect(-x == [-1, -2, -4])
    }

    @Test func reductionsPropagateNaN() {
        let (x, y): (Tensor<Float>, Tensor<Float>) = ([.init(Float.nan), 1, 5], [1, .init(Float.nan), 2])
        #expect(Tensor.maximum(x, y).scalars.map(\.isNaN) == [true, true, false])
        #expect(Tensor.minimum(x, y).scalars.map(\.isNaN) == [true, true, false])
        #expect(x.max().item().isNaN)
        #expect(y.min().item().isNaN)
        #expect(x.sum().item().isNaN)
    }

    static let axes: [[Int]?] = [nil, [], [0], [1], [2], [3], [-1], [0, 1], [1, 3], [0, 2], [0, 1, 2, 3], [-1, 0]]

    @Test(arguments: axes, [[2, 3, 1, 5], [1, 1, 1, 1], [3, 4, 2, 35]] as [Shape])
    func reductionsMatchTheLoop(axes: [Int]?, shape: Shape) {
        for x in [Tensor<Double>.distinct(shape), Tensor<Double>.distinct(shape).strided] {
            let reduced = Set((axes ?? [0, 1, 2, 3]).map { $0 < 0 ? $0 + 4 : $0 })
            let kept = Shape((0..<4).map { reduced.contains($0) ? 1 : shape[$0] })
            var groups: [[Int]: [Double]] = [:]
            for (index, value) in zip(indices(of: shape), x.scalars) {
                groups[index.indices.map { reduced.contains($0) ? 0 : index[$0] }, default: []].append(value)
            }
            func expected(_ combine: ([Double]) -> Double) -> Tensor<Double> {
                Tensor(indices(of: kept).map { combine(groups[$0] ?? []) }, shape: kept)
            }
            let dropped = Shape((0..<4).filter { !reduced.contains($0) }.map { shape[$0] })
            let sum = x.sum(axes: axes, keepingDimensions: true)
            #expect(disagreement(of: sum, with: expected { $0.reduce(0, +) }, tolerance: 1e-11) == nil)
            #expect(x.sum(axes: axes) == sum.reshaped(to: dropped))
            let mean = expected { $0.reduce(0, +) / Double($0.count) }
            #expect(disagreement(of: x.mean(axes: axes, keepingDimensions: true), with: mean, tolerance: 1e-11) == nil)
            #expect(x.max(axes: axes, keepingDimensions: true) == expected { $0.max() ?? .nan })
            #expect(x.min(axes: axes) == expected { $0.min() ?? .nan }.reshaped(to: dropped))
        }
    }

    @Test func argmaxIsTheFirstOfTheLargest() {
        let x: Tensor<Float> = [[1, 3, 3], [-1, -2, -3], [0, 0, 0], [1, 2, 5]]
        #expect(x.argmax() == [1, 0, 0, 2])
        #expect(x.transposed().argmax() == [0, 0, 3])
        #expect(x.row(0).argmax().item() == 1)
    }

    @Test func emptySumsAreZero() {
        #expect(Tensor<Float>.zeros([3, 0]).sum(axes: [1]) == .zeros([3]))
        #expect(Tensor<Float>.zeros([0]).sum().item() == 0)
        #expect(Tensor<Float>.zeros([0, 4]).sum(axes: [1]).shape == [0])
    }

    // MARK: Matrix products

    static func naive(_ a: Tensor<Double>, _ b: Tensor<Double>) -> Tensor<Double> {
        let (m, k, n) = (a.shape[0], a.shape[1], b.shape[1])
        let products = indices(of: [m, n]).map { at in (0..<k).reduce(0) { $0 + a[at[0], $1] * b[$1, at[1]] } }
        return Tensor(products, shape: [m, n])
    }

    /// An m × n matrix with its elements laid out differently in memory.
    enum Layout: CaseIterable, Sendable {
        case dense, transposed, sliced, slicedTransposed, everySecond, rows

        func matrix(_ m: Int, _ n: Int, seed: UInt64) -> Tensor<Double> {
            switch self {
            case .dense: .sample([m, n], seed: seed)
            case .transposed: .sample([n, m], seed: seed).transposed()
            case .sliced: .sample([m + 1, n + 3], seed: seed).sliced(2..<n + 2, axis: 1).sliced(1..<m + 1, axis: 0)
            case .slicedTransposed:
                .sample([n + 2, m + 2], seed: seed).transposed().sliced(1..<m + 1, axis: 0)
                    .sliced(2..<n + 2, axis: 1)
            case .everySecond: .sample([m, n, 2], seed: seed).sliced(1..<2, axis: 2).squeezingShape(at: 2)
            case .rows: Tensor<Double>.sample([1, n], seed: seed).broadcast(to: [m, n])
            }
        }
    }

    @Test(arguments: Layout.allCases, Layout.allCases) func productsMatchTheLoop(left: Layout, right: Layout) {
        for (m, k, n) in [(1, 1, 1), (3, 4, 5), (1, 6, 5), (5, 6, 1), (1, 5, 1), (4, 1, 3), (17, 13, 9), (2, 2, 2)] {
            let (a, b) = (left.matrix(m, k, seed: 1), right.matrix(k, n, seed: 2))
            #expect(disagreement(of: a.matmul(b), with: Self.naive(a, b), tolerance: 1e-13) == nil, "\(m) \(k) \(n)")
        }
    }

    /// Sizes at which rows or columns are split among threads.
    @Test(arguments: [(400, 40, 50), (50, 40, 400), (193, 64, 192), (385, 33, 385)])
    func largeProductsMatchTheLoop(m: Int, k: Int, n: Int) {
        for (left, right) in [(Layout.dense, Layout.transposed), (.slicedTransposed, .sliced)] {
            let (a, b) = (left.matrix(m, k, seed: 1), right.matrix(k, n, seed: 2))
            // One row and one column cover every block.
            let product = a.matmul(b)
            let (row, column) = (a.sliced(m / 2..<m / 2 + 1, axis: 0), b.sliced(n / 2..<n / 2 + 1, axis: 1))
            let across = product.sliced(m / 2..<m / 2 + 1, axis: 0)
            let down = product.sliced(n / 2..<n / 2 + 1, axis: 1)
            #expect(disagreement(of: across, with: Self.naive(row, b), tolerance: 1e-12) == nil)
            #expect(disagreement(of: down, with: Self.naive(a, column), tolerance: 1e-12) == nil)
        }
    }

    @Test(
        arguments: [
            ([2, 3, 4], [4, 5]), ([3, 4], [2, 4, 5]), ([2, 1, 3, 4], [5, 4, 2]), ([2, 3, 4], [2, 4, 5]),
            ([1, 3, 4], [6, 4, 1]),
        ] as [(Shape, Shape)])
    func stacksAreProductsOfTheirMatrices(a: Shape, b: Shape) {
        let (x, y) = (Tensor<Double>.sample(a, seed: 1), Tensor<Double>.sample(b, seed: 2))
        let batch = Shape.broadcast(Shape(a.dropLast(2)), Shape(b.dropLast(2)))
        let left = x.broadcast(to: Shape(batch + a.suffix(2))).reshaped(to: Shape([-1] + a.suffix(2)))
        let right = y.broadcast(to: Shape(batch + b.suffix(2))).reshaped(to: Shape([-1] + b.suffix(2)))
        let product = x.matmul(y)
        #expect(product.shape == Shape(batch + [a[a.rank - 2], b[b.rank - 1]]))
        let flat = product.reshaped(to: Shape([-1] + product.shape.suffix(2)))
        for i in 0..<batch.elementCount {
            #expect(disagreement(of: flat.row(i), with: Self.naive(left.row(i), right.row(i)), tolerance: 1e-13) == nil)
        }
    }

    @Test func vectorsAreRowsAndColumns() {
        let (a, v): (Tensor<Double>, Tensor<Double>) = ([[1, 2], [3, 4], [5, 6]], [10, 100])
        #expect(a.matmul(v) == [210, 430, 650])
        #expect(v.matmul(a.transposed()) == [210, 430, 650])
        #expect(v.matmul(v) == Tensor(10100))
    }

    @Test func emptyProductsAreZero() {
        #expect(Tensor<Float>.zeros([3, 0]).matmul(.zeros([0, 2])) == .zeros([3, 2]))
        #expect(Tensor<Float>.zeros([2, 3, 0]).matmul(.zeros([0, 4])) == .zeros([2, 3, 4]))
        #expect(Tensor<Float>.zeros([0, 3]).matmul(.zeros([3, 2])).shape == [0, 2])
    }
}
