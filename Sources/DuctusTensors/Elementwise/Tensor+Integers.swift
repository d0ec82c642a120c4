// Integer arithmetic traps on overflow, as in Swift, except for `&+ &- &*`, which wrap around.

extension Tensor where Scalar: IntegerScalar {
    /// Elementwise sum; shapes broadcast. Traps on overflow.
    public static func + (a: Tensor, b: Tensor) -> Tensor { a.combined(with: b, .add) }

    /// Elementwise difference; shapes broadcast. Traps on overflow.
    public static func - (a: Tensor, b: Tensor) -> Tensor { a.combined(with: b, .subtract) }

    /// Elementwise product; shapes broadcast. Traps on overflow.
    public static func * (a: Tensor, b: Tensor) -> Tensor { a.combined(with: b, .multiply) }

    /// Elementwise quotient, truncated toward 0; shapes broadcast.
    public static func / (a: Tensor, b: Tensor) -> Tensor { a.combined(with: b, .divide) }

    /// Elementwise remainder of truncating division, with the sign of the left operand; shapes broadcast.
    public static func % (a: Tensor, b: Tensor) -> Tensor { a.combined(with: b, .remainder) }

    /// Elementwise sum; overflow wraps around.
    public static func &+ (a: Tensor, b: Tensor) -> Tensor { a.combined(with: b, .wrappingAdd) }

    /// Elementwise difference; overflow wraps around.
    public static func &- (a: Tensor, b: Tensor) -> Tensor { a.combined(with: b, .wrappingSubtract) }

    /// Elementwise product; overflow wraps around.
    public static func &* (a: Tensor, b: Tensor) -> Tensor { a.combined(with: b, .wrappingMultiply) }

    /// ⌊x / divisor⌋: the quotient rounded down.
    ///
    /// ```swift
    /// ([-7, 7] as Tensor<Int32>).floorDivided(by: 2)   // [-4  3]
    /// ```
    public func floorDivided(by divisor: Tensor) -> Tensor { combined(with: divisor, .floorDivide) }

    /// The remainder of floor division, x − ⌊x / divisor⌋ · divisor, which has the sign of the divisor.
    ///
    /// ```swift
    /// ([-7, 7] as Tensor<Int32>).modulo(3)   // [2 1]
    /// ```
    public func modulo(_ divisor: Tensor) -> Tensor { combined(with: divisor, .modulo) }

    /// The elementwise maximum; shapes broadcast.
    public static func maximum(_ a: Tensor, _ b: Tensor) -> Tensor { a.combined(with: b, .maximum) }

    /// The elementwise minimum; shapes broadcast.
    public static func minimum(_ a: Tensor, _ b: Tensor) -> Tensor { a.combined(with: b, .minimum) }

    /// Every element clamped to `bounds`.
    public func clipped(to bounds: ClosedRange<Scalar>) -> Tensor {
        .minimum(.maximum(self, Tensor(bounds.lowerBound)), Tensor(bounds.upperBound))
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

    /// Every element's remainder of division by a number.
    @_disfavoredOverload
    public static func % (a: Tensor, b: Scalar) -> Tensor { a % Tensor(b) }

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

    /// A number's remainder of division by every element.
    @_disfavoredOverload
    public static func % (a: Scalar, b: Tensor) -> Tensor { Tensor(a) % b }

    /// ⌊x / divisor⌋ with one divisor for all elements.
    @_disfavoredOverload
    public func floorDivided(by divisor: Scalar) -> Tensor { floorDivided(by: Tensor(divisor)) }

    /// x − ⌊x / divisor⌋ · divisor with one divisor for all elements.
    @_disfavoredOverload
    public func modulo(_ divisor: Scalar) -> Tensor { modulo(Tensor(divisor)) }

    /// Adds the right operand in place; it may broadcast.
    public static func += (a: inout Tensor, b: Tensor) { a = a + b }

    /// Subtracts the right operand in place; it may broadcast.
    public static func -= (a: inout Tensor, b: Tensor) { a = a - b }

    /// Multiplies by the right operand in place; it may broadcast.
    public static func *= (a: inout Tensor, b: Tensor) { a = a * b }

    @_specialize(where Scalar == Int32)
    @_specialize(where Scalar == UInt8)
    private func combined(with other: Tensor, _ operation: IntegerOperation) -> Tensor {
        paired(with: other) { rows in
            switch operation {
            case .add: rows.mapExactly("+") { $0.addingReportingOverflow($1) }
            case .subtract: rows.mapExactly("-") { $0.subtractingReportingOverflow($1) }
            case .multiply: rows.mapExactly("*") { $0.multipliedReportingOverflow(by: $1) }
            case .divide: rows.mapExactly("/") { $0.dividedReportingOverflow(by: $1) }
            case .remainder: rows.mapExactly("%") { remainder($0, $1) }
            case .floorDivide:
                rows.mapExactly("/") {
                    let (quotient, overflow) = $0.dividedReportingOverflow(by: $1)
                    let isBelow = !overflow && quotient &* $1 != $0 && ($0 < 0) != ($1 < 0)
                    return (isBelow ? quotient &- 1 : quotient, overflow)
                }
            case .modulo:
                rows.mapExactly("%") {
                    let (rest, overflow) = remainder($0, $1)
                    return (rest != 0 && (rest < 0) != ($1 < 0) ? rest &+ $1 : rest, overflow)
                }
            case .wrappingAdd: rows.map { $0 &+ $1 }
            case .wrappingSubtract: rows.map { $0 &- $1 }
            case .wrappingMultiply: rows.map { $0 &* $1 }
            case .maximum: rows.map { Swift.max($0, $1) }
            case .minimum: rows.map { Swift.min($0, $1) }
            }
        }
    }
}

extension Tensor where Scalar == Int32 {
    /// Every element negated.
    public static prefix func - (x: Tensor) -> Tensor { 0 - x }

    /// |x|. Traps for the smallest number, whose magnitude overflows.
    public func magnitude() -> Tensor { .maximum(self, -self) }
}

private enum IntegerOperation {
    case add, subtract, multiply, divide, remainder, floorDivide, modulo
    case wrappingAdd, wrappingSubtract, wrappingMultiply, maximum, minimum
}

/// The remainder of division by −1 is 0, even where the quotient overflows.
@inline(__always)
private func remainder<Scalar: IntegerScalar>(_ a: Scalar, _ b: Scalar) -> (partialValue: Scalar, overflow: Bool) {
    b == 0 || b == 0 &- 1 && Scalar.isSigned ? (0, b == 0) : (a % b, false)
}

extension PairedRows where Left: IntegerScalar, Right == Left, Result == Left {
    /// Writes `body` of every pair. Traps if one overflows.
    @inline(__always)
    fileprivate func mapExactly(
        _ symbol: StaticString, _ body: (Left, Left) -> (partialValue: Left, overflow: Bool)
    ) {
        // The loop only notes overflow, so that it can be vectorized.
        var overflows = false
        map {
            let (value, overflow) = body($0, $1)
            overflows = overflows || overflow
            return value
        }
        guard overflows else { return }
        map { exact(body($0, $1), $0, symbol, $1) }
    }
}

/// A result that must not overflow.
@inline(__always)
func exact<Scalar: IntegerScalar>(
    _ result: (partialValue: Scalar, overflow: Bool), _ a: Scalar, _ symbol: StaticString, _ b: Scalar
) -> Scalar {
    precondition(!result.overflow, "\(a) \(symbol) \(b) has no result of type \(Scalar.self).")
    return result.partialValue
}
