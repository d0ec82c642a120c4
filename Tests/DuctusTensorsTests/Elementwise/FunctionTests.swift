import DuctusTensors
import DuctusTestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Unary and binary functions against those of the C library, in Double to the last bit.
@Suite struct FunctionTests {
    struct Function: CustomStringConvertible, Sendable {
        let description: String
        let range: ClosedRange<Double>
        let double: @Sendable (Tensor<Double>) -> Tensor<Double>
        let float: @Sendable (Tensor<Float>) -> Tensor<Float>
        let exact: @Sendable (Double) -> Double

        init(
            _ name: String, _ range: ClosedRange<Double>,
            _ double: @escaping @Sendable (Tensor<Double>) -> Tensor<Double>,
            _ float: @escaping @Sendable (Tensor<Float>) -> Tensor<Float>,
            _ exact: @escaping @Sendable (Double) -> Double
        ) { (description, self.range, self.double, self.float, self.exact) = (name, range, double, float, exact) }
    }

    static let functions: [Function] = [
        Function("exp2", -20...20, { $0.exp2() }, { $0.exp2() }, { exp2($0) }),
        Function("expm1", -3...3, { $0.expm1() }, { $0.expm1() }, { expm1($0) }),
        Function("log2", 1e-3...99, { $0.log2() }, { $0.log2() }, { log2($0) }),
        Function("log10", 1e-3...99, { $0.log10() }, { $0.log10() }, { log10($0) }),
        Function("log1p", -0.9...9, { $0.log1p() }, { $0.log1p() }, { log1p($0) }),
        Function("sin", -40...40, { $0.sin() }, { $0.sin() }, { sin($0) }),
        Function("cos", -40...40, { $0.cos() }, { $0.cos() }, { cos($0) }),
        Function("tan", -1.5...1.5, { $0.tan() }, { $0.tan() }, { tan($0) }),
        Function("asin", -1...1, { $0.asin() }, { $0.asin() }, { asin($0) }),
        Function("acos", -1...1, { $0.acos() }, { $0.acos() }, { acos($0) }),
        Function("atan", -9...9, { $0.atan() }, { $0.atan() }, { atan($0) }),
        Function("sinh", -9...9, { $0.sinh() }, { $0.sinh() }, { sinh($0) }),
        Function("cosh", -9...9, { $0.cosh() }, { $0.cosh() }, { cosh($0) }),
        Function("asinh", -99...99, { $0.asinh() }, { $0.asinh() }, { asinh($0) }),
        Function("acosh", 1...99, { $0.acosh() }, { $0.acosh() }, { acosh($0) }),
        Function("atanh", -0.99...0.99, { $0.atanh() }, { $0.atanh() }, { atanh($0) }),
        Function("cube root", -99...99, { $0.cubeRoot() }, { $0.cubeRoot() }, { cbrt($0) }),
        Function("erf", -3...3, { $0.erf() }, { $0.erf() }, { erf($0) }),
        Function("reciprocal", 0.1...9, { $0.reciprocal() }, { $0.reciprocal() }, { 1 / $0 }),
        Function("sign", -2...2, { $0.sign() }, { $0.sign() }, { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }),
        Function("floor", -9...9, { $0.floor() }, { $0.floor() }, { $0.rounded(.down) }),
        Function("ceil", -9...9, { $0.ceil() }, { $0.ceil() }, { $0.rounded(.up) }),
        Function("rounded", -9...9, { $0.rounded() }, { $0.rounded() }, { $0.rounded(.toNearestOrEven) }),
        Function("truncated", -9...9, { $0.truncated() }, { $0.truncated() }, { $0.rounded(.towardZero) }),
        Function("clipped", -9...9, { $0.clipped(to: -2...3) }, { $0.clipped(to: -2...3) }, { min(max($0, -2), 3) }),
        Function("clipped below", -9...9, { $0.clipped(to: 1...) }, { $0.clipped(to: 1...) }, { max($0, 1) }),
        Function("clipped above", -9...9, { $0.clipped(to: ...1) }, { $0.clipped(to: ...1) }, { min($0, 1) }),
        Function("third power", 0.1...9, { $0.power(3) }, { $0.power(3) }, { pow($0, 3) }),
        Function("second power", -9...9, { $0.power(2) }, { $0.power(2) }, { $0 * $0 }),
        Function("half power", 0...9, { $0.power(0.5) }, { $0.power(0.5) }, { $0.squareRoot() }),
        Function("power", 0.1...5, { $0.power($0) }, { $0.power($0) }, { pow($0, $0) }),
        Function("modulo", -9...9, { $0.modulo(2.5) }, { $0.modulo(2.5) }, { $0 - ($0 / 2.5).rounded(.down) * 2.5 }),
    ]

    @Test(arguments: functions) func unaryFunctionsMatchTheCLibrary(function: Function) {
        let (low, high) = (function.range.lowerBound, function.range.upperBound)
        // Includes halves, such as 0.5, for rounding.
        let points = (0...76).map { low + (high - low) * Double($0) / 76 }
        let x = Tensor(points, shape: [7, 11])
        let expected = Tensor(points.map(function.exact), shape: [7, 11])
        for view in x.views.prefix(3) {
            #expect(disagreement(of: function.double(view), with: expected, tolerance: 1e-14) == nil)
        }
        // In Float, at the points rounded to Float.
        let narrow = points.map { Float($0) }
        let wide = Tensor(narrow.map { Double(Float(function.exact(Double($0)))) })
        let actual = Tensor(function.float(Tensor(narrow)).scalars.map { Double($0) })
        #expect(disagreement(of: actual, with: wide, tolerance: 5e-7) == nil)
    }

    @Test func binaryFunctionsMatchTheCLibrary() {
        let (x, y) = (Tensor<Double>.sample([5, 1]), Tensor<Double>.sample([1, 7], seed: 2))
        func expected(_ function: (Double, Double) -> Double) -> Tensor<Double> {
            Tensor(x.scalars.flatMap { x in y.scalars.map { function(x, $0) } }, shape: [5, 7])
        }
        #expect(atan2(x, y) == expected { atan2($0, $1) })
        #expect(hypot(x, y) == expected { hypot($0, $1) })
        let sums = expected { log(exp($0) + exp($1)) }
        #expect(disagreement(of: logAddExp(x, y), with: sums, tolerance: 1e-14) == nil)
        let floors = expected { ($0 / $1).rounded(.down) }
        #expect(x.floorDivided(by: y) == floors)
        let rests = expected { $0 - ($0 / $1).rounded(.down) * $1 }
        #expect(disagreement(of: x.modulo(y), with: rests, tolerance: 1e-14) == nil)
        #expect(disagreement(of: x.floorDivided(by: y) * y + x.modulo(y), with: x + y * 0, tolerance: 1e-14) == nil)
    }

    /// Special values, as in NumPy, including the signs of zeros.
    @Test func edgeCasesMatchNumPy() {
        func check<Scalar: FloatingScalar>(_ type: Scalar.Type) {
            let (i, n, z) = (Scalar.infinity, Scalar.nan, -Scalar.zero)
            func same(
                _ actual: Tensor<Scalar>, _ expected: [Scalar], _ location: SourceLocation = #_sourceLocation
            ) {
                for (a, b) in zip(actual.scalars, expected) {
                    let isSame = a.isNaN ? b.isNaN : a == b && a.sign == b.sign
                    #expect(isSame, "\(a) instead of \(b)", sourceLocation: location)
                }
            }
            func t(_ x: Scalar...) -> Tensor<Scalar> { Tensor(x) }
            same(t(0, z, i, -i, n).sin(), [0, z, n, n, n])
            same(t(0, z, i, -i, n).cos(), [1, 1, n, n, n])
            same(t(0, z, i, -i, n, 3).sign(), [0, 0, 1, -1, n, 1])
            same(t(0, z, i, -i, n, -3).magnitude(), [0, 0, i, i, n, 3])
            same(t(0, z, i, -i, n).tanh(), [0, z, 1, -1, n])
            same(t(0.5, 1.5, 2.5, -0.5, -2.5, i, n).rounded(), [0, 2, 2, z, -2, i, n])
            same(t(-0.5, 0.5, -1.5, i).ceil(), [z, 1, -1, i])
            same(t(-0.5, 0.5, -1.5, n).floor(), [-1, 0, -2, n])
            same(t(-0.5, 0.5, -1.5).truncated(), [z, 0, -1])
            same(t(0, -1, -2, i).log1p(), [0, -i, n, i])
            same(t(-1, 0, 1, 2).acos().isNaN().sum().item() == 1 ? t(0) : t(1), [0])
            same(
                t(7, -7, 7, -7, 6, -6, 6, i, 1, -1, 1, n).modulo(t(3, 3, -3, -3, 3, 3, -3, 3, i, i, 0, 1)),
                [1, 2, -2, -1, 0, 0, z, n, 1, i, n, n])
            same(
                t(7, -7, 7, -7, 6, 1, -1, 0).floorDivided(by: t(3, 3, -3, -3, 3, 0, 0, 0)),
                [2, -3, -3, 2, 2, i, -i, n])
            same(
                t(1, -1, 1, -1, 0, i, -i, n).floorDivided(by: t(i, i, -i, -i, -i, 2, i, 1)),
                [0, -1, -1, 0, z, n, n, n])
            same(logAddExp(t(-i, i, -i, 1000, n), t(-i, i, 2, 0, 1)), [-i, i, 2, 1000, n])
            same(t(-2, -2, 0, 0, n, 4).power(t(3, 0.5, -1, 0, 0, 0.5)), [-8, n, i, 1, 1, 2])
            same(t(-1, n, 2, i).clipped(to: 0...1), [0, n, 1, 1])
            same(hypot(t(i, 3), t(n, 4)), [i, 5])
            same(.maximum(t(n, 1, -i), t(1, n, i)), [n, n, i])
        }
        check(Float.self)
        check(Double.self)
    }

    /// Far from 0, sine and cosine are of the exact number: the argument reduction loses nothing.
    @Test func largeAnglesAreReducedExactly() {
        for exponent in stride(from: 0, to: 38, by: 0.37) {
            let x = Tensor((1...40).map { Float(pow(10, exponent) * (1 + Double($0) / 41)) })
            let exact = x.scalars.map { (sin(Double($0)), cos(Double($0))) }
            for (actual, expected) in zip(x.sin().scalars, exact) {
                #expect(abs(Double(actual) - expected.0) <= abs(expected.0) * 2e-7)
            }
            for (actual, expected) in zip(x.cos().scalars, exact) {
                #expect(abs(Double(actual) - expected.1) <= abs(expected.1) * 2e-7)
            }
        }
    }
}
