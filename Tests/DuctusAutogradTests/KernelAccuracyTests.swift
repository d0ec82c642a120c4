import CDuctusKernels
import DuctusAutograd
import DuctusTestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension ProcessWideTests {
    /// exp, log, tanh, sigmoid, sin, cos and gelu of every instruction set against the C library in double precision.
    @Suite struct KernelAccuracyTests {
        /// A function, the range of the measurement, and the maximum error in units in the last place.
        struct Function: CustomStringConvertible, Sendable {
            let description: String
            let operation: ductus_unary
            let range: ClosedRange<Float>
            var isGeometric = false
            let ulps: Float
            let exact: @Sendable (Double) -> Double

            /// Points over the range, evenly spaced or evenly spaced by order of magnitude.
            func point(_ index: Int, of count: Int) -> Float {
                let (low, high) = (Double(range.lowerBound), Double(range.upperBound))
                let part = Double(index) / Double(count - 1)
                let value = isGeometric ? low * pow(high / low, part) : low + (high - low) * part
                return min(max(Float(value), range.lowerBound), range.upperBound)
            }
        }

        @Sendable static func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

        @Sendable static func linearUnit(_ x: Double) -> Double { x * 0.5 * erfc(-x * 0.5.squareRoot()) }

        static let functions: [Function] = [
            Function(description: "exp", operation: DUCTUS_EXP, range: -87.336...88.7228, ulps: 2, exact: { exp($0) }),
            Function(
                description: "exp near 0", operation: DUCTUS_EXP, range: -1e-3...1e-3, ulps: 1, exact: { exp($0) }),
            Function(
                description: "log", operation: DUCTUS_LOG, range: .leastNormalMagnitude ... .greatestFiniteMagnitude,
                isGeometric: true, ulps: 2, exact: { log($0) }),
            Function(description: "log near 1", operation: DUCTUS_LOG, range: 0.9...1.1, ulps: 2, exact: { log($0) }),
            Function(description: "tanh", operation: DUCTUS_TANH, range: -12...12, ulps: 3, exact: { tanh($0) }),
            Function(
                description: "tanh near 0", operation: DUCTUS_TANH, range: 1e-38...1, isGeometric: true, ulps: 3,
                exact: { tanh($0) }),
            Function(
                description: "sigmoid", operation: DUCTUS_SIGMOID, range: -87...87, ulps: 4, exact: { logistic($0) }),
            Function(description: "sin", operation: DUCTUS_SIN, range: -1e8...1e8, ulps: 2, exact: { sin($0) }),
            Function(description: "sin near 0", operation: DUCTUS_SIN, range: -4...4, ulps: 2, exact: { sin($0) }),
            Function(
                description: "sin of all sizes", operation: DUCTUS_SIN, range: 1e-38...1e38, isGeometric: true, ulps: 2,
                exact: { sin($0) }),
            Function(description: "cos", operation: DUCTUS_COS, range: -1e8...1e8, ulps: 2, exact: { cos($0) }),
            Function(description: "cos near 0", operation: DUCTUS_COS, range: -4...4, ulps: 2, exact: { cos($0) }),
            Function(description: "gelu", operation: DUCTUS_GELU, range: -1...14, ulps: 4, exact: { linearUnit($0) }),
        ]

        static func apply<Scalar: FloatingScalar>(_ operation: ductus_unary, _ x: [Scalar], set: Int) -> [Scalar] {
            let tables = Scalar.self == Float.self ? ductus_kernels_float_of : ductus_kernels_double_of
            return [Scalar](unsafeUninitializedCapacity: x.count) { y, count in
                tables(set).pointee.unary(operation, x.count, x, y.baseAddress!, false)
                count = x.count
            }
        }

        @Test(arguments: functions, 0..<ductus_instruction_sets())
        func isAccurate(function: Function, set: Int) {
            let points = (0..<200_003).map { function.point($0, of: 200_003) }
            var (worst, at) = (Float(0), Float(0))
            for (x, y) in zip(points, Self.apply(function.operation, points, set: set)) {
                let exact = function.exact(Double(x))
                let error = Float(abs(Double(y) - exact) / Double(max(Float(abs(exact)), .leastNormalMagnitude).ulp))
                if !(error <= worst) { (worst, at) = (error, x) }
            }
            #expect(worst <= function.ulps, "at \(at)")
        }

        /// In double precision the kernels call the C library.
        @Test(arguments: functions, 0..<ductus_instruction_sets())
        func isTheLibraryInDoublePrecision(function: Function, set: Int) {
            let points = (0..<1001).map { Double(function.point($0, of: 1001)) }
            let results = Self.apply(function.operation, points, set: set)
            #expect(results == points.map(function.exact))
        }

        /// In the left tail, gelu loses digits to the rounding of x²/2 only; a formula with erf would lose all.
        @Test(arguments: 0..<ductus_instruction_sets())
        func tailIsAccurate(set: Int) {
            let points = (0..<100_003).map { -12 + Float($0) * 1.1e-4 }
            for (x, y) in zip(points, Self.apply(DUCTUS_GELU, points, set: set)) {
                let exact = Self.linearUnit(Double(x))
                #expect(abs(Double(y) - exact) <= abs(exact) * (4 + Double(x * x)) * 1.2e-7, "at \(x)")
            }
        }

        /// The result of an element must not depend on whether it is in a vector or in the remainder.
        @Test(arguments: functions, 0..<ductus_instruction_sets())
        func doesNotDependOnThePosition(function: Function, set: Int) {
            let points = (0..<67).map { function.point($0, of: 67) }
            let together = Self.apply(function.operation, points, set: set)
            let alone = points.flatMap { Self.apply(function.operation, [$0], set: set) }
            #expect(together.map(\.bitPattern) == alone.map(\.bitPattern))
        }

        @Test(arguments: 0..<ductus_instruction_sets())
        func specialValuesAreExact(set: Int) {
            func check<Scalar: FloatingScalar>(_ type: Scalar.Type) {
                let infinity = Scalar.infinity
                let edges: [(ductus_unary, Scalar, Scalar)] = [
                    (DUCTUS_EXP, 0, 1), (DUCTUS_EXP, -0.0, 1), (DUCTUS_EXP, infinity, infinity),
                    (DUCTUS_EXP, -infinity, 0), (DUCTUS_EXP, 1000, infinity), (DUCTUS_EXP, -1000, 0),
                    (DUCTUS_EXP, .leastNonzeroMagnitude, 1), (DUCTUS_EXP, .greatestFiniteMagnitude, infinity),
                    (DUCTUS_EXP, -.greatestFiniteMagnitude, 0),
                    (DUCTUS_LOG, 1, 0), (DUCTUS_LOG, 0, -infinity), (DUCTUS_LOG, -0.0, -infinity),
                    (DUCTUS_LOG, infinity, infinity),
                    (DUCTUS_TANH, 0, 0), (DUCTUS_TANH, infinity, 1), (DUCTUS_TANH, -infinity, -1),
                    (DUCTUS_TANH, 1000, 1), (DUCTUS_TANH, -1000, -1),
                    (DUCTUS_TANH, .leastNonzeroMagnitude, .leastNonzeroMagnitude),
                    (DUCTUS_SIGMOID, 0, 0.5), (DUCTUS_SIGMOID, infinity, 1), (DUCTUS_SIGMOID, -infinity, 0),
                    (DUCTUS_SIGMOID, 1000, 1), (DUCTUS_SIGMOID, -1000, 0), (DUCTUS_RELU, -infinity, 0),
                    (DUCTUS_GELU, 0, 0), (DUCTUS_GELU, infinity, infinity),
                    (DUCTUS_GELU, -1000, 0), (DUCTUS_GELU, 1000, 1000),
                    (DUCTUS_RELU, infinity, infinity), (DUCTUS_RELU, .leastNonzeroMagnitude, .leastNonzeroMagnitude),
                ]
                for (operation, x, y) in edges {
                    // In vectors and in the remainder.
                    let results = Self.apply(operation, Array(repeating: x, count: 17), set: set)
                    #expect(
                        results.allSatisfy { $0 == y }, "\(type) operation \(operation.rawValue) at \(x): \(results[0])"
                    )
                }
                for operation in [
                    DUCTUS_EXP, DUCTUS_LOG, DUCTUS_TANH, DUCTUS_SIGMOID, DUCTUS_RELU, DUCTUS_SQUARE, DUCTUS_GELU,
                ] {
                    let results = Self.apply(operation, Array(repeating: Scalar.nan, count: 17), set: set)
                    #expect(results.allSatisfy { $0.isNaN }, "\(type) operation \(operation.rawValue)")
                }
                #expect(Self.apply(DUCTUS_LOG, [-1, -infinity], set: set).allSatisfy { $0.isNaN })
            }
            check(Float.self)
            check(Double.self)
        }

        /// Float's exp becomes infinite or zero exactly where the true value leaves the normal range; its log treats
        /// subnormal numbers as the least normal one.
        @Test(arguments: 0..<ductus_instruction_sets())
        func overflowsOutsideTheNormalRange(set: Int) {
            let (top, bottom) = (Float(88.72283), Float(-87.33654))
            let x = [top, top.nextUp.nextUp, bottom, bottom.nextDown.nextDown]
            let y = Self.apply(DUCTUS_EXP, x, set: set)
            #expect(y[0].isFinite)
            #expect(y[0] > 3.4e38)
            #expect(y[1] == .infinity)
            #expect(y[2] > 0)
            #expect(y[2] < 1.2e-38)
            #expect(y[3] == 0)
            let logs = Self.apply(DUCTUS_LOG, [Float.leastNonzeroMagnitude, .leastNormalMagnitude / 2], set: set)
            #expect(logs.allSatisfy { (-103.3 ... -87.3).contains($0) })
        }
    }
}
