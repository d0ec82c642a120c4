import DuctusAutograd

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension Operation {
    /// NaN, infinities, zeros, and the smallest and largest numbers.
    static let special: [Float] = [
        0, -0.0, 1, -1, .nan, .infinity, 0.5, -.infinity, -2.5, .leastNonzeroMagnitude, -.leastNonzeroMagnitude,
        .leastNormalMagnitude, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, 1e20, -1e20,
    ]

    /// ``special`` without zeros and subnormal numbers.
    private static let withoutTiny: [Float] = special.filter { abs($0) >= .leastNormalMagnitude || $0.isNaN }

    /// Around the widths of vectors and of unrolled loops.
    private static let sizes: [Shape] = [
        [], [0], [1], [7], [8], [9], [15], [16], [17], [31], [33], [1023], [1025], [2, 0, 3], [3, 5, 7],
    ]

    static func unary(
        _ name: String, _ tolerance: Tolerance, domain: ClosedRange<Float> = -9...9, special: [Float] = special,
        _ function: @escaping @Sendable (Tensor<Float>) -> Tensor<Float>,
        is definition: @escaping @Sendable (Double) -> Double
    ) -> Operation {
        let ordinary = sizes.map { Sample([$0]) }
        let others = [Sample([[special.count]], .special(special)), Sample([[40_001]], .large)]
        return Operation(name, tolerance, ordinary + others, domain: domain) { inputs, _ in
            function(inputs[0])
        } definition: { inputs, _ in
            inputs[0].map(definition)
        }
    }

    /// Equal shapes, and shapes that broadcast.
    private static let pairs: [[Shape]] =
        sizes.map { [$0, $0] } + [
            [[], [9]], [[9], []], [[1], [5]], [[5], [1]], [[1, 1, 1], [5]], [[3, 1], [1, 5]], [[4, 17], [17]],
            [[17], [4, 17]], [[4, 17], [4, 1]], [[2, 3, 4], [3, 1]], [[2, 1, 4], [3, 1]], [[0], [1]],
            [[2, 0], [2, 1]],
        ]

    /// - Parameter isCommon: whether shapes that do not match are tried: a process for every operation takes long.
    static func binary(
        _ name: String, _ tolerance: Tolerance, domain: ClosedRange<Float> = -9...9, special: [Float] = special,
        isCommon: Bool = false,
        _ function: @escaping @Sendable (Tensor<Float>, Tensor<Float>) -> Tensor<Float>,
        is definition: @escaping @Sendable (Double, Double) -> Double
    ) -> Operation {
        let ordinary = pairs.map { Sample($0) }
        let count = special.count
        let others: [Sample<Void>] = [
            Sample([[count, 1], [1, count]], .special(special)), Sample([[count], [count]], .special(special)),
            Sample([[40_001], [40_001]], .large), Sample([[150, 301], [301]], .large),
        ]
        let mistake = Mistake("Shapes [2, 3] and [2] do not broadcast: axis 1 has extents 3 and 2.") {
            function(.zeros([2, 3]), .zeros([2]))
        }
        let mistakes = isCommon ? [mistake] : []
        return Operation(name, tolerance, ordinary + others, domain: domain, mistakes: mistakes) { inputs, _ in
            function(inputs[0], inputs[1])
        } definition: { inputs, _ in
            inputs[0].combined(inputs[1], definition)
        }
    }

    // MARK: Functions of one number

    static let functions: [Operation] = [exponentials, trigonometry, powers, steps, activations].flatMap { $0 }

    private static let exponentials: [Operation] = [
        .unary("exp", .ulps(2), domain: -80...80, { $0.exp() }, is: { exp($0) }),
        .unary("exp2", .ulps(1), domain: -20...20, { $0.exp2() }, is: { exp2($0) }),
        .unary("expm1", .ulps(2), domain: -3...3, { $0.expm1() }, is: { expm1($0) }),
        // Subnormal numbers count as the smallest normal one.
        .unary("log", .ulps(2), domain: 0.1...99, special: withoutTiny + [0, -0.0], { $0.log() }, is: { log($0) }),
        .unary("log2", .ulps(2), domain: 0.1...99, { $0.log2() }, is: { log2($0) }),
        .unary("log10", .ulps(3), domain: 0.1...99, { $0.log10() }, is: { log10($0) }),
        .unary("log1p", .ulps(2), domain: -0.9...9, { $0.log1p() }, is: { log1p($0) }),
    ]

    private static let trigonometry: [Operation] = [
        .unary("sin", .ulps(2), domain: -40...40, { $0.sin() }, is: { sin($0) }),
        .unary("cos", .ulps(2), domain: -40...40, { $0.cos() }, is: { cos($0) }),
        .unary("tan", .ulps(2), domain: -1.5...1.5, { $0.tan() }, is: { tan($0) }),
        .unary("asin", .ulps(2), domain: -0.95...0.95, { $0.asin() }, is: { asin($0) }),
        .unary("acos", .ulps(2), domain: -0.95...0.95, { $0.acos() }, is: { acos($0) }),
        .unary("atan", .ulps(2), { $0.atan() }, is: { atan($0) }),
        .unary("sinh", .ulps(3), { $0.sinh() }, is: { sinh($0) }),
        .unary("cosh", .ulps(2), { $0.cosh() }, is: { cosh($0) }),
        .unary("tanh", .ulps(3), { $0.tanh() }, is: { tanh($0) }),
        .unary("asinh", .ulps(3), { $0.asinh() }, is: { asinh($0) }),
        .unary("acosh", .ulps(3), domain: 1.2...9, { $0.acosh() }, is: { acosh($0) }),
        .unary("atanh", .ulps(3), domain: -0.9...0.9, { $0.atanh() }, is: { atanh($0) }),
    ]

    private static let powers: [Operation] = [
        .unary("negative", .exact, { -$0 }, is: { -$0 }),
        .unary("magnitude", .exact, { $0.magnitude() }, is: { abs($0) }),
        .unary("squared", .exact, { $0.squared() }, is: { $0 * $0 }),
        .unary("squareRoot", .exact, domain: 0.1...9, { $0.squareRoot() }, is: { $0.squareRoot() }),
        .unary("cubeRoot", .ulps(2), domain: 0.1...9, { $0.cubeRoot() }, is: { cbrt($0) }),
        .unary("reciprocal", .exact, domain: 0.1...9, { $0.reciprocal() }, is: { 1 / $0 }),
        .unary("erf", .ulps(2), domain: -3...3, { $0.erf() }, is: { erf($0) }),
        .unary("power -1", .exact, domain: 0.1...9, { $0.power(Float(-1)) }, is: { 1 / $0 }),
        .unary("power 0", .exact, { $0.power(Float(0)) }, is: { pow($0, 0) }),
        // Like a square root, which it is, this differs from pow at −0 and −∞.
        .unary("power 0.5", .exact, domain: 0.1...9, { $0.power(Float(0.5)) }, is: { $0.squareRoot() }),
        .unary("power 2", .exact, { $0.power(Float(2)) }, is: { pow($0, 2) }),
        .unary("power 2.5", .ulps(1), domain: 0.1...9, { $0.power(Float(2.5)) }, is: { pow($0, 2.5) }),
        .unary("power 3", .ulps(1), { $0.power(Float(3)) }, is: { pow($0, 3) }),
    ]

    private static let steps: [Operation] = [
        .unary("sign", .exact) {
            $0.sign()
        } is: {
            $0 > 0 ? 1 : $0 < 0 ? -1 : $0 == 0 ? 0 : $0
        },
        .unary("floor", .exact, { $0.floor() }, is: { $0.rounded(.down) }),
        .unary("ceil", .exact, { $0.ceil() }, is: { $0.rounded(.up) }),
        .unary("rounded", .exact, { $0.rounded() }, is: { $0.rounded(.toNearestOrEven) }),
        .unary("truncated", .exact, { $0.truncated() }, is: { $0.rounded(.towardZero) }),
        .unary("clipped", .exact) {
            $0.clipped(to: -2...3)
        } is: {
            $0 < -2 ? -2 : $0 > 3 ? 3 : $0
        },
        .unary("clipped from", .exact) {
            $0.clipped(to: 1...)
        } is: {
            $0 < 1 ? 1 : $0
        },
        .unary("clipped through", .exact) {
            $0.clipped(to: ...1)
        } is: {
            $0 > 1 ? 1 : $0
        },
    ]

    private static let activations: [Operation] = [
        .unary("relu", .exact) {
            $0.relu()
        } is: {
            $0 < 0 ? 0 : $0
        },
        .unary("sigmoid", .ulps(3), domain: -80...80) {
            $0.sigmoid()
        } is: {
            1 / (1 + exp(-$0))
        },
        .unary("silu", .ulps(4), domain: -40...40) {
            $0.silu()
        } is: {
            $0 / (1 + exp(-$0))
        },
        // In the tail this loses the digits that x² / 2 has before the point.
        .unary("gelu", .ulpsOfLargest(4), domain: -4...9) {
            $0.gelu()
        } is: {
            $0 == -.infinity ? 0 : $0 * 0.5 * erfc(-$0 * 0.5.squareRoot())
        },
    ]

    // MARK: Arithmetic

    static let arithmetic: [Operation] = [operators, numberOperators, assignments, combinations].flatMap { $0 }

    private static let operators: [Operation] = [
        .binary("a + b", .exact, isCommon: true, { $0 + $1 }, is: { $0 + $1 }),
        .binary("a - b", .exact, { $0 - $1 }, is: { $0 - $1 }),
        .binary("a * b", .exact, { $0 * $1 }, is: { $0 * $1 }),
        .binary("a / b", .exact, domain: 0.1...9, isCommon: true, { $0 / $1 }, is: { $0 / $1 }),
    ]

    private static let numberOperators: [Operation] = [
        .unary("x + 0.3", .exact, { $0 + Float(0.3) }, is: { $0 + Double(Float(0.3)) }),
        .unary("x - 0.3", .exact, { $0 - Float(0.3) }, is: { $0 - Double(Float(0.3)) }),
        .unary("x * 0.3", .exact, { $0 * Float(0.3) }, is: { $0 * Double(Float(0.3)) }),
        .unary("x / 0.3", .exact, { $0 / Float(0.3) }, is: { $0 / Double(Float(0.3)) }),
        .unary("0.3 + x", .exact, { Float(0.3) + $0 }, is: { Double(Float(0.3)) + $0 }),
        .unary("0.3 - x", .exact, { Float(0.3) - $0 }, is: { Double(Float(0.3)) - $0 }),
        .unary("0.3 * x", .exact, { Float(0.3) * $0 }, is: { Double(Float(0.3)) * $0 }),
        .unary("0.3 / x", .exact, domain: 0.1...9, { Float(0.3) / $0 }, is: { Double(Float(0.3)) / $0 }),
    ]

    /// An operation in place. The right operand broadcasts to the left one.
    private static func assignment(
        _ name: String, _ assign: @escaping @Sendable (inout Tensor<Float>, Tensor<Float>) -> Void,
        is definition: @escaping @Sendable (Double, Double) -> Double
    ) -> Operation {
        .binary(
            name, .exact, domain: 0.1...9,
            {
                var result = $0
                assign(&result, $1)
                return result
            }, is: definition)
    }

    private static let assignments: [Operation] = [
        assignment("a += b", { $0 += $1 }, is: { $0 + $1 }), assignment("a -= b", { $0 -= $1 }, is: { $0 - $1 }),
        assignment("a *= b", { $0 *= $1 }, is: { $0 * $1 }), assignment("a /= b", { $0 /= $1 }, is: { $0 / $1 }),
        .unary("x += 3, -= 1, *= 4, /= 2", .ulps(2), domain: 1...9, special: [.nan, .infinity, -.infinity, 1]) {
            var x = $0
            x += Float(3)
            x -= Float(1)
            x *= Float(4)
            x /= Float(2)
            return x
        } is: {
            ($0 + 3 - 1) * 4 / 2
        },
    ]

    private static let combinations: [Operation] = [
        .binary("maximum", .exact, isCommon: true) {
            .maximum($0, $1)
        } is: {
            $0.isNaN || $1.isNaN ? .nan : $0 > $1 ? $0 : $1
        },
        .binary("minimum", .exact) {
            .minimum($0, $1)
        } is: {
            $0.isNaN || $1.isNaN ? .nan : $0 < $1 ? $0 : $1
        },
        .binary("power", .ulps(1), domain: 0.2...4, { $0.power($1) }, is: { pow($0, $1) }),
        .binary("atan2", .ulps(2), { atan2($0, $1) }, is: { atan2($0, $1) }),
        .binary("hypot", .ulps(1), { hypot($0, $1) }, is: { hypot($0, $1) }),
        .binary("logAddExp", .ulpsOfLargest(2)) {
            logAddExp($0, $1)
        } is: {
            let (top, bottom) = ($0 > $1 ? $0 : $1, $0 > $1 ? $1 : $0)
            return $0 == $1 ? $0 + log(2) : top + log1p(exp(bottom - top))
        },
        .binary("modulo", .exact, domain: 0.5...9, { $0.modulo($1) }, is: modulo),
        .binary("floorDivided", .exact, domain: 0.5...9, { $0.floorDivided(by: $1) }, is: floorDivided),
        .unary("modulo of a number", .exact, { $0.modulo(Float(2.5)) }, is: { modulo($0, 2.5) }),
        .unary("floorDivided by a number", .exact) {
            $0.floorDivided(by: Float(-2.5))
        } is: {
            floorDivided($0, -2.5)
        },
    ]

    /// The quotient rounded down. An infinite dividend has a remainder that is no number, so that it has no quotient; that of
    /// an infinite divisor is not quite 0.
    @Sendable private static func floorDivided(_ x: Double, _ divisor: Double) -> Double {
        if x.isInfinite, divisor != 0 { return .nan }
        if divisor.isInfinite, x < 0 && divisor > 0 || x > 0 && divisor < 0 { return -1 }
        return (x / divisor).rounded(.down)
    }

    /// The remainder with the sign of the divisor.
    @Sendable private static func modulo(_ x: Double, _ divisor: Double) -> Double {
        let rest = fmod(x, divisor)
        if rest == 0 { return divisor.sign == .minus ? -0.0 : 0 }
        return (rest < 0) == (divisor < 0) ? rest : rest + divisor
    }
}
