import DuctusTensors
import DuctusTestSupport
import Testing

/// Comparison, logic and integer arithmetic against loops, over views and broadcasting shapes.
@Suite struct PointwiseTests {
    static let pairs: [(Shape, Shape)] = [
        ([], []), ([3], []), ([], [2, 2]), ([2, 3], [2, 3]), ([3, 1], [1, 4]), ([2, 1, 3], [5, 1]), ([1], [5]),
        ([2, 3, 1, 2], [3, 4, 1]), ([0, 3], [3]), ([40, 3], [40, 1]), ([2, 37], [37]),
    ]

    static func check<A: TensorScalar, B: TensorScalar, Result: TensorScalar>(
        _ a: Tensor<A>, _ b: Tensor<B>, _ actual: (Tensor<A>, Tensor<B>) -> Tensor<Result>,
        _ element: (A, B) -> Result, _ location: SourceLocation = #_sourceLocation
    ) {
        let shape = Shape.broadcast(a.shape, b.shape)
        let (x, y) = (a.broadcast(to: shape).scalars, b.broadcast(to: shape).scalars)
        let expected = Tensor(zip(x, y).map(element), shape: shape)
        for (a, b) in zip(a.views.prefix(3), b.views.prefix(3).reversed()) {
            #expect(actual(a, b) == expected, sourceLocation: location)
        }
    }

    @Test(arguments: pairs) func comparisonsMatchTheLoop(a: Shape, b: Shape) {
        func compare<Scalar: NumericScalar>(_ type: Scalar.Type) {
            let (x, y) = (Tensor<Scalar>.small(a, from: 0), Tensor<Scalar>.small(b, from: 1, seed: 2))
            Self.check(x, y, { $0 .== $1 }, { $0 == $1 })
            Self.check(x, y, { $0 .!= $1 }, { $0 != $1 })
            Self.check(x, y, { $0 .< $1 }, { $0 < $1 })
            Self.check(x, y, { $0 .<= $1 }, { $0 <= $1 })
            Self.check(x, y, { $0 .> $1 }, { $0 > $1 })
            Self.check(x, y, { $0 .>= $1 }, { $0 >= $1 })
        }
        compare(Float.self)
        compare(Double.self)
        compare(Int32.self)
        compare(UInt8.self)
    }

    @Test(arguments: pairs) func logicMatchesTheLoop(a: Shape, b: Shape) {
        let (x, y) = (Tensor<Int32>.small(a) .> 0, Tensor<Int32>.small(b, seed: 2) .> 0)
        Self.check(x, y, { $0 .& $1 }, { $0 && $1 })
        Self.check(x, y, { $0 .| $1 }, { $0 || $1 })
        Self.check(x, y, { $0 .^ $1 }, { $0 != $1 })
        Self.check(x, y, { $0 .== $1 }, { $0 == $1 })
        #expect((.!x).scalars == x.scalars.map { !$0 })
    }

    @Test(arguments: pairs) func integerArithmeticMatchesTheLoop(a: Shape, b: Shape) {
        let (x, y) = (Tensor<Int32>.small(a), Tensor<Int32>.small(b, from: 1, seed: 2))
        let signed = y * (Tensor<Int32>.small(b, from: 0, seed: 3) % 2 * 2 - 1)
        Self.check(x, y, { $0 + $1 }, { $0 + $1 })
        Self.check(x, y, { $0 - $1 }, { $0 - $1 })
        Self.check(x, y, { $0 * $1 }, { $0 * $1 })
        Self.check(x, signed, { $0 / $1 }, { $0 / $1 })
        Self.check(x, signed, { $0 % $1 }, { $0 % $1 })
        let floor = { (a: Int32, b: Int32) in Int32((Double(a) / Double(b)).rounded(.down)) }
        Self.check(x, signed, { $0.floorDivided(by: $1) }, floor)
        Self.check(x, signed, { $0.modulo($1) }, { $0 - floor($0, $1) * $1 })
        Self.check(x, y, { .maximum($0, $1) }, { max($0, $1) })
        Self.check(x, y, { .minimum($0, $1) }, { min($0, $1) })
        let (u, v) = (Tensor<UInt8>.small(a, from: 100), Tensor<UInt8>.small(b, from: 200, seed: 2))
        Self.check(u, v, { $0 &+ $1 }, { $0 &+ $1 })
        Self.check(u, v, { $0 &- $1 }, { $0 &- $1 })
        Self.check(u, v, { $0 &* $1 }, { $0 &* $1 })
        Self.check(u, v, { $1 - $0 }, { $1 - $0 })
        Self.check(u, v, { $1 % $0 }, { $1 % $0 })
    }

    @Test(arguments: pairs) func replacementMatchesTheLoop(a: Shape, b: Shape) {
        func replace<Scalar: NumericScalar>(_ type: Scalar.Type) {
            let (x, y) = (Tensor<Scalar>.small(a, from: 0), Tensor<Scalar>.small(b, from: 1, seed: 2))
            for (x, y) in zip(x.views.prefix(3), y.views.prefix(3)) {
                Self.check(x, y, { $0.replacing(with: $1, where: x .< y) }, { $0 < $1 ? $1 : $0 })
                #expect(x.replacing(with: y, where: Tensor(true)) == y.broadcast(to: .broadcast(a, b)))
                #expect(x.replacing(with: y, where: Tensor(false)) == x.broadcast(to: .broadcast(a, b)))
            }
            let mask = Tensor<Int32>.small(.broadcast(a, b), seed: 5) .> 0
            #expect(Tensor<Scalar>(0).replacing(with: 1, where: mask).scalars == mask.scalars.map { $0 ? 1 : 0 })
        }
        replace(Float.self)
        replace(Double.self)
        replace(Int32.self)
        replace(UInt8.self)
        let (p, q) = (Tensor<Int32>.small(a) .> 0, Tensor<Int32>.small(b, seed: 2) .> 0)
        Self.check(p, q, { $0.replacing(with: $1, where: q) }, { $1 ? $1 : $0 })
    }

    /// Large enough for several tasks.
    @Test func largeTensorsMatchTheLoop() {
        let (x, y) = (Tensor<Float>.sample([3, 70_001]), Tensor<Float>.sample([70_001], seed: 2))
        let less = x .< y
        #expect(less.scalars == zip(x.scalars, y.scalars + y.scalars + y.scalars).map { $0 < $1 })
        #expect((y .== y) == Tensor(repeating: true, shape: [70_001]))
        let smaller = y.broadcast(to: [3, 70_001]).replacing(with: x, where: less)
        #expect(smaller == .minimum(x, y))
    }

    @Test func scalarsCompareFromEitherSide() {
        let (x, bound): (Tensor<Float>, Float) = ([1, 2, 3], 2)
        #expect((x .< bound) == Tensor([true, false, false]))
        #expect((bound .> x) == (x .< bound))
        #expect((x .<= bound) == Tensor([true, true, false]))
        #expect((bound .>= x) == (x .<= bound))
        #expect((x .> bound) == Tensor([false, false, true]))
        #expect((bound .< x) == (x .> bound))
        #expect((x .>= bound) == Tensor([false, true, true]))
        #expect((bound .<= x) == (x .>= bound))
        #expect((x .== bound) == Tensor([false, true, false]))
        #expect((bound .== x) == (x .== bound))
        #expect((x .!= 2) == Tensor([true, false, true]))
        #expect((2 .!= x) == (x .!= bound))
    }

    @Test func nanComparesUnequalToEverything() {
        let x = Tensor<Float>([.nan, .infinity, -.infinity, 0, 1])
        #expect((x .== x) == Tensor([false, true, true, true, true]))
        #expect((x .!= x) == x.isNaN())
        #expect((x .< 0).scalars == [false, false, true, false, false])
        #expect((x .>= 0).scalars == [false, true, false, true, true])
        #expect(x.isNaN().scalars == [true, false, false, false, false])
        #expect(x.isInfinite().scalars == [false, true, true, false, false])
        #expect(x.isFinite().scalars == [false, false, false, true, true])
    }

    @Test func isCloseMatchesNumPy() {
        let (i, n) = (Double.infinity, Double.nan)
        let a = Tensor<Double>([1, 1, i, i, -i, 1, i, n, 0])
        let b = Tensor<Double>([1 + 1e-6, 1.1, i, -i, -i, i, 1, n, 1e-9])
        #expect(a.isClose(to: b).scalars == [true, false, true, false, true, false, false, false, true])
        #expect(Tensor<Float>(100).isClose(to: Tensor(109), relativeTolerance: 0.1).item())
        #expect(!Tensor<Float>(100).isClose(to: Tensor(109), relativeTolerance: 0.05).item())
        #expect(Tensor<Float>(100).isClose(to: Tensor(109), absoluteTolerance: 9).item())
    }

    @Test func inPlaceArithmeticLeavesCopiesAlone() {
        var x: Tensor<Float> = [2, 4]
        let (before, two): (Tensor<Float>, Float) = (x, 2)
        x += two
        x -= [1, 1]
        x *= two
        x /= [3, 1]
        #expect(x == [2, 10])
        #expect(before == [2, 4])
        var y: Tensor<Int32> = [5, 7]
        y += 1
        y *= [2, 3]
        y -= 2
        #expect(y == [10, 22])
        #expect(-y == [-10, -22])
        #expect((-y).magnitude() == y)
        #expect(y.clipped(to: 0...12) == [10, 12])
        #expect((1 + y / 2) == [6, 12])
        #expect(100 % y == [0, 12])
    }
}
