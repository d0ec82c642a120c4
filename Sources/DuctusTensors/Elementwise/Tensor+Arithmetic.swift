import CDuctusKernels

extension Tensor where Scalar: FloatingScalar {
    /// Elementwise sum; shapes broadcast.
    @_specialize(where Scalar == Float)
    public static func + (a: Tensor, b: Tensor) -> Tensor {
        let (m, n) = (a.shape, b.shape)
        return a.combined(b, DUCTUS_ADD).recorded(inputs: [a, b]) {
            [$0.unbroadcast(to: m), $0.unbroadcast(to: n)]
        }
    }

    /// Elementwise difference; shapes broadcast.
    @_specialize(where Scalar == Float)
    public static func - (a: Tensor, b: Tensor) -> Tensor {
        let (m, n, needsB) = (a.shape, b.shape, b.isRecorded)
        return a.combined(b, DUCTUS_SUBTRACT).recorded(inputs: [a, b]) {
            [$0.unbroadcast(to: m), needsB ? -$0.unbroadcast(to: n) : nil]
        }
    }

    /// Elementwise product; shapes broadcast.
    @_specialize(where Scalar == Float)
    public static func * (a: Tensor, b: Tensor) -> Tensor {
        let (x, y) = (a.detached(), b.detached())
        let (needsA, needsB) = (a.isRecorded, b.isRecorded)
        return x.combined(y, DUCTUS_MULTIPLY).recorded(inputs: [a, b]) {
            [needsA ? ($0 * y).unbroadcast(to: x.shape) : nil, needsB ? ($0 * x).unbroadcast(to: y.shape) : nil]
        }
    }

    /// Elementwise quotient; shapes broadcast.
    @_specialize(where Scalar == Float)
    public static func / (a: Tensor, b: Tensor) -> Tensor {
        let divisor = b.detached()
        let quotient = a.combined(b, DUCTUS_DIVIDE)
        let (shape, needsB) = (a.shape, b.isRecorded)
        return quotient.recorded(inputs: [a, b]) {
            let scaled = $0 / divisor
            return [
                scaled.unbroadcast(to: shape), needsB ? -(scaled * quotient).unbroadcast(to: divisor.shape) : nil,
            ]
        }
    }

    /// Every element plus a number.
    @_disfavoredOverload
    public static func + (a: Tensor, b: Scalar) -> Tensor { a + Tensor(b) }

    /// Every element minus a number.
    @_disfavoredOverload
    public static func - (a: Tensor, b: Scalar) -> Tensor { a - Tensor(b) }

    /// Every element times a number.
    @_disfavoredOverload
    public static func * (a: Tensor, b: Scalar) -> Tensor { a * Tensor(b) }

    /// Every element divided by a number.
    @_disfavoredOverload
    public static func / (a: Tensor, b: Scalar) -> Tensor { a / Tensor(b) }

    /// A number plus every element.
    @_disfavoredOverload
    public static func + (a: Scalar, b: Tensor) -> Tensor { Tensor(a) + b }

    /// A number minus every element.
    @_disfavoredOverload
    public static func - (a: Scalar, b: Tensor) -> Tensor { Tensor(a) - b }

    /// A number times every element.
    @_disfavoredOverload
    public static func * (a: Scalar, b: Tensor) -> Tensor { Tensor(a) * b }

    /// A number divided by every element.
    @_disfavoredOverload
    public static func / (a: Scalar, b: Tensor) -> Tensor { Tensor(a) / b }

    /// Every element negated.
    public static prefix func - (x: Tensor) -> Tensor {
        x.mapped(DUCTUS_NEGATE).recorded(from: x, operation: "negate") { -$0 }
    }
}

// MARK: - In place

extension Tensor where Scalar: FloatingScalar {
    /// Adds the right operand in place; it may broadcast.
    public static func += (a: inout Tensor, b: Tensor) {
        guard !a.isRecorded, !b.isRecorded, a.shape == b.shape else {
            a = a + b
            return
        }
        b.withUnsafeBuffer { more in
            a.withUnsafeMutableBuffer { sum in
                parallelRanges(sum.count, grain: 1 << 15) { range in
                    Scalar.kernels.axpby(
                        range.count, 1, more.baseAddress! + range.lowerBound, 1, sum.baseAddress! + range.lowerBound)
                }
            }
        }
    }

    /// Subtracts the right operand in place; it may broadcast.
    public static func -= (a: inout Tensor, b: Tensor) { a = a - b }

    /// Multiplies by the right operand in place; it may broadcast.
    public static func *= (a: inout Tensor, b: Tensor) { a = a * b }

    /// Divides by the right operand in place; it may broadcast.
    public static func /= (a: inout Tensor, b: Tensor) { a = a / b }

    /// Adds a number to every element.
    @_disfavoredOverload
    public static func += (a: inout Tensor, b: Scalar) { a = a + b }

    /// Subtracts a number from every element.
    @_disfavoredOverload
    public static func -= (a: inout Tensor, b: Scalar) { a = a - b }

    /// Multiplies every element by a number.
    @_disfavoredOverload
    public static func *= (a: inout Tensor, b: Scalar) { a = a * b }

    /// Divides every element by a number.
    @_disfavoredOverload
    public static func /= (a: inout Tensor, b: Scalar) { a = a / b }
}

// MARK: - Powers and remainders

extension Tensor where Scalar: FloatingScalar {
    /// xʸ, elementwise; shapes broadcast. Where x is 0, the derivative with respect to y is taken to be 0.
    public func power(_ exponent: Tensor) -> Tensor {
        let (x, y) = (detached(), exponent.detached())
        let (needsX, needsY) = (isRecorded, exponent.isRecorded)
        let result = x.combined(y, DUCTUS_POWER)
        return result.recorded(inputs: [self, exponent]) { gradient in
            // Where y is 0, y xʸ⁻¹ is 0 even at x = 0, where xʸ⁻¹ is infinite.
            let slope = needsX ? (y * x.power(y - 1)).replacing(with: 0, where: y .== 0) : 0
            let logarithm = needsY ? x.replacing(with: 1, where: x .== 0).log() : 0
            return [
                needsX ? (gradient * slope).unbroadcast(to: x.shape) : nil,
                needsY ? (gradient * (result * logarithm)).unbroadcast(to: y.shape) : nil,
            ]
        }
    }

    /// xʸ with one exponent for all elements.
    @_disfavoredOverload
    public func power(_ exponent: Scalar) -> Tensor {
        switch exponent {
        case 2: return squared()
        case 0.5: return squareRoot()
        case -1: return reciprocal()
        default:
            let x = detached()
            return x.combined(Tensor(exponent), DUCTUS_POWER).recorded(from: self) {
                exponent == 0 ? $0 * 0 : $0 * (x.power(exponent - 1) * exponent)
            }
        }
    }

    /// The remainder of floor division, x − ⌊x / divisor⌋ · divisor, which has the sign of the divisor.
    ///
    /// Swift's `truncatingRemainder` has the sign of x instead, and its `remainder` is the one nearest to 0.
    public func modulo(_ divisor: Tensor) -> Tensor {
        let (x, y, needsDivisor) = (detached(), divisor.detached(), divisor.isRecorded)
        return x.combined(y, DUCTUS_MODULO).recorded(inputs: [self, divisor]) {
            [
                $0.unbroadcast(to: x.shape),
                needsDivisor ? (-$0 * x.floorDivided(by: y)).unbroadcast(to: y.shape) : nil,
            ]
        }
    }

    /// x − ⌊x / divisor⌋ · divisor with one divisor for all elements.
    ///
    /// ```swift
    /// ([-7, 7.5] as Tensor<Float>).modulo(3)   // [2.  1.5]
    /// ```
    @_disfavoredOverload
    public func modulo(_ divisor: Scalar) -> Tensor { modulo(Tensor(divisor)) }

    /// ⌊x / divisor⌋ of the exact quotient, before it is rounded. The derivative is 0: gradients stop here.
    public func floorDivided(by divisor: Tensor) -> Tensor {
        detached().combined(divisor.detached(), DUCTUS_FLOOR_DIVIDE)
    }

    /// ⌊x / divisor⌋ with one divisor for all elements.
    @_disfavoredOverload
    public func floorDivided(by divisor: Scalar) -> Tensor { floorDivided(by: Tensor(divisor)) }
}
