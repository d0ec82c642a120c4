// Whole numbers: what does not fit the type ends the process, except with `&+ &- &*`, which wrap around.

extension Tensor where Scalar: IntegerScalar {
    @_specialize(where Scalar == Int32)
    @_specialize(where Scalar == UInt8)
    public static func + (a: Tensor, b: Tensor) -> Tensor {
        a.paired(with: b) { exact($0.addingReportingOverflow($1), $0, "+", $1) }
    }

    @_specialize(where Scalar == Int32)
    @_specialize(where Scalar == UInt8)
    public static func - (a: Tensor, b: Tensor) -> Tensor {
        a.paired(with: b) { exact($0.subtractingReportingOverflow($1), $0, "-", $1) }
    }

    @_specialize(where Scalar == Int32)
    @_specialize(where Scalar == UInt8)
    public static func * (a: Tensor, b: Tensor) -> Tensor {
        a.paired(with: b) { exact($0.multipliedReportingOverflow(by: $1), $0, "*", $1) }
    }

    /// The quotient, rounded towards 0.
    @_specialize(where Scalar == Int32)
    @_specialize(where Scalar == UInt8)
    public static func / (a: Tensor, b: Tensor) -> Tensor {
        a.paired(with: b) { exact($0.dividedReportingOverflow(by: $1), $0, "/", $1) }
    }

    /// What that quotient leaves, with the sign of the left.
    @_specialize(where Scalar == Int32)
    @_specialize(where Scalar == UInt8)
    public static func % (a: Tensor, b: Tensor) -> Tensor {
        a.paired(with: b) { $1 == -1 ? 0 : exact($0.remainderReportingOverflow(dividingBy: $1), $0, "%", $1) }
    }

    @_specialize(where Scalar == Int32)
    @_specialize(where Scalar == UInt8)
    public static func &+ (a: Tensor, b: Tensor) -> Tensor { a.paired(with: b) { $0 &+ $1 } }

    @_specialize(where Scalar == Int32)
    @_specialize(where Scalar == UInt8)
    public static func &- (a: Tensor, b: Tensor) -> Tensor { a.paired(with: b) { $0 &- $1 } }

    @_specialize(where Scalar == Int32)
    @_specialize(where Scalar == UInt8)
    public static func &* (a: Tensor, b: Tensor) -> Tensor { a.paired(with: b) { $0 &* $1 } }

    /// ⌊x / divisor⌋
    @_specialize(where Scalar == Int32)
    @_specialize(where Scalar == UInt8)
    public func floorDivided(by divisor: Tensor) -> Tensor {
        paired(with: divisor) {
            let quotient = exact($0.dividedReportingOverflow(by: $1), $0, "/", $1)
            return quotient &* $1 != $0 && ($0 < 0) != ($1 < 0) ? quotient - 1 : quotient
        }
    }

    /// x − ⌊x / divisor⌋ · divisor, with the sign of the divisor.
    @_specialize(where Scalar == Int32)
    @_specialize(where Scalar == UInt8)
    public func modulo(_ divisor: Tensor) -> Tensor {
        paired(with: divisor) {
            let rest = $1 == -1 ? 0 : exact($0.remainderReportingOverflow(dividingBy: $1), $0, "%", $1)
            return rest != 0 && (rest < 0) != ($1 < 0) ? rest + $1 : rest
        }
    }

    /// The larger of two elements, one by one.
    @_specialize(where Scalar == Int32)
    @_specialize(where Scalar == UInt8)
    public static func maximum(_ a: Tensor, _ b: Tensor) -> Tensor { a.paired(with: b) { Swift.max($0, $1) } }

    /// The smaller of two elements, one by one.
    @_specialize(where Scalar == Int32)
    @_specialize(where Scalar == UInt8)
    public static func minimum(_ a: Tensor, _ b: Tensor) -> Tensor { a.paired(with: b) { Swift.min($0, $1) } }

    /// Every element moved into `bounds`.
    public func clipped(to bounds: ClosedRange<Scalar>) -> Tensor {
        .minimum(.maximum(self, Tensor(bounds.lowerBound)), Tensor(bounds.upperBound))
    }

    @_disfavoredOverload
    public static func + (a: Tensor, b: Scalar) -> Tensor { a + Tensor(b) }
    @_disfavoredOverload
    public static func - (a: Tensor, b: Scalar) -> Tensor { a - Tensor(b) }
    @_disfavoredOverload
    public static func * (a: Tensor, b: Scalar) -> Tensor { a * Tensor(b) }
    @_disfavoredOverload
    public static func / (a: Tensor, b: Scalar) -> Tensor { a / Tensor(b) }
    @_disfavoredOverload
    public static func % (a: Tensor, b: Scalar) -> Tensor { a % Tensor(b) }
    @_disfavoredOverload
    public static func + (a: Scalar, b: Tensor) -> Tensor { Tensor(a) + b }
    @_disfavoredOverload
    public static func - (a: Scalar, b: Tensor) -> Tensor { Tensor(a) - b }
    @_disfavoredOverload
    public static func * (a: Scalar, b: Tensor) -> Tensor { Tensor(a) * b }
    @_disfavoredOverload
    public static func / (a: Scalar, b: Tensor) -> Tensor { Tensor(a) / b }
    @_disfavoredOverload
    public static func % (a: Scalar, b: Tensor) -> Tensor { Tensor(a) % b }

    public static func += (a: inout Tensor, b: Tensor) { a = a + b }
    public static func -= (a: inout Tensor, b: Tensor) { a = a - b }
    public static func *= (a: inout Tensor, b: Tensor) { a = a * b }
}

extension Tensor where Scalar == Int32 {
    public static prefix func - (x: Tensor) -> Tensor { 0 - x }

    /// |x|
    public func magnitude() -> Tensor { .maximum(self, -self) }
}

/// A result that fits, or the end of the process.
@inline(__always)
func exact<Scalar: IntegerScalar>(
    _ result: (partialValue: Scalar, overflow: Bool), _ a: Scalar, _ symbol: StaticString, _ b: Scalar
) -> Scalar {
    precondition(!result.overflow, "\(a) \(symbol) \(b) has no result of type \(Scalar.self).")
    return result.partialValue
}
