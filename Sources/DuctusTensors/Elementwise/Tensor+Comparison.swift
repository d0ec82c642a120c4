// Pointwise operators, as in SIMD: `x .< y` compares elementwise, while `x == y` compares whole tensors.

extension Tensor {
    /// Elementwise equality; shapes broadcast.
    public static func .== (a: Tensor, b: Tensor) -> Tensor<Bool> { a.equality(with: b) }

    /// Elementwise inequality; shapes broadcast. NaN differs from everything, including itself.
    public static func .!= (a: Tensor, b: Tensor) -> Tensor<Bool> { a.equality(with: b, negated: true) }

    /// Where elements equal a number.
    @_disfavoredOverload
    public static func .== (a: Tensor, b: Scalar) -> Tensor<Bool> { a .== Tensor(b) }

    /// Where elements equal a number.
    @_disfavoredOverload
    public static func .== (a: Scalar, b: Tensor) -> Tensor<Bool> { Tensor(a) .== b }

    /// Where elements differ from a number.
    @_disfavoredOverload
    public static func .!= (a: Tensor, b: Scalar) -> Tensor<Bool> { a .!= Tensor(b) }

    /// Where elements differ from a number.
    @_disfavoredOverload
    public static func .!= (a: Scalar, b: Tensor) -> Tensor<Bool> { Tensor(a) .!= b }

    @_specialize(where Scalar == Float)
    @_specialize(where Scalar == Double)
    @_specialize(where Scalar == Int32)
    @_specialize(where Scalar == UInt8)
    @_specialize(where Scalar == Bool)
    private func equality(with other: Tensor, negated: Bool = false) -> Tensor<Bool> {
        paired(with: other) { rows in
            if negated { rows.map { $0 != $1 } } else { rows.map { $0 == $1 } }
        }
    }
}

private enum Order { case less, lessOrEqual, greater, greaterOrEqual }

extension Tensor where Scalar: NumericScalar {
    /// Elementwise less-than; shapes broadcast.
    ///
    /// ```swift
    /// let x: Tensor<Float> = [1, 2, 3]
    /// x .< 2   // [ True False False]
    /// ```
    public static func .< (a: Tensor, b: Tensor) -> Tensor<Bool> { a.compared(with: b, .less) }

    /// Elementwise less-than-or-equal; shapes broadcast.
    public static func .<= (a: Tensor, b: Tensor) -> Tensor<Bool> { a.compared(with: b, .lessOrEqual) }

    /// Elementwise greater-than; shapes broadcast.
    public static func .> (a: Tensor, b: Tensor) -> Tensor<Bool> { a.compared(with: b, .greater) }

    /// Elementwise greater-than-or-equal; shapes broadcast.
    public static func .>= (a: Tensor, b: Tensor) -> Tensor<Bool> { a.compared(with: b, .greaterOrEqual) }

    @_specialize(where Scalar == Float)
    @_specialize(where Scalar == Double)
    @_specialize(where Scalar == Int32)
    @_specialize(where Scalar == UInt8)
    private func compared(with other: Tensor, _ order: Order) -> Tensor<Bool> {
        paired(with: other) { rows in
            switch order {
            case .less: rows.map { $0 < $1 }
            case .lessOrEqual: rows.map { $0 <= $1 }
            case .greater: rows.map { $0 > $1 }
            case .greaterOrEqual: rows.map { $0 >= $1 }
            }
        }
    }

    /// Where elements are less than a number.
    @_disfavoredOverload
    public static func .< (a: Tensor, b: Scalar) -> Tensor<Bool> { a .< Tensor(b) }

    /// Where a number is less than elements.
    @_disfavoredOverload
    public static func .< (a: Scalar, b: Tensor) -> Tensor<Bool> { b .> Tensor(a) }

    /// Where elements are less than or equal to a number.
    @_disfavoredOverload
    public static func .<= (a: Tensor, b: Scalar) -> Tensor<Bool> { a .<= Tensor(b) }

    /// Where a number is less than or equal to elements.
    @_disfavoredOverload
    public static func .<= (a: Scalar, b: Tensor) -> Tensor<Bool> { b .>= Tensor(a) }

    /// Where elements are greater than a number.
    @_disfavoredOverload
    public static func .> (a: Tensor, b: Scalar) -> Tensor<Bool> { a .> Tensor(b) }

    /// Where a number is greater than elements.
    @_disfavoredOverload
    public static func .> (a: Scalar, b: Tensor) -> Tensor<Bool> { b .< Tensor(a) }

    /// Where elements are greater than or equal to a number.
    @_disfavoredOverload
    public static func .>= (a: Tensor, b: Scalar) -> Tensor<Bool> { a .>= Tensor(b) }

    /// Where a number is greater than or equal to elements.
    @_disfavoredOverload
    public static func .>= (a: Scalar, b: Tensor) -> Tensor<Bool> { b .<= Tensor(a) }
}

extension Tensor where Scalar: FloatingScalar {
    /// Where elements are NaN.
    public func isNaN() -> Tensor<Bool> { self .!= self }

    /// Where elements are infinite.
    public func isInfinite() -> Tensor<Bool> { detached().magnitude() .== Tensor(.infinity) }

    /// Where elements are finite.
    public func isFinite() -> Tensor<Bool> { detached().magnitude() .< Tensor(.infinity) }

    /// Where |a − b| ≤ `absoluteTolerance` + `relativeTolerance` · |b|, with b from `other`. Equal infinities are
    /// close; NaN is close to nothing. Shapes broadcast.
    ///
    /// ```swift
    /// x.isClose(to: y).all().item()   // whether all elements are close
    /// ```
    public func isClose(
        to other: Tensor, relativeTolerance: Scalar = 1e-5, absoluteTolerance: Scalar = 1e-8
    ) -> Tensor<Bool> {
        let (a, b) = (detached(), other.detached())
        let tolerance = b.magnitude() * relativeTolerance + absoluteTolerance
        return ((a - b).magnitude() .<= tolerance) .& b.isFinite() .| (a .== b)
    }
}
