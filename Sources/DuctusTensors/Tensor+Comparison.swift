// SIMD's pointwise operators: `x .< y` compares element by element, where `x == y` compares whole tensors.

extension Tensor {
    /// Where elements are equal, one by one, broadcasting.
    public static func .== (a: Tensor, b: Tensor) -> Tensor<Bool> { a.equality(with: b) }

    /// Where elements differ. "Not a number" differs from everything, itself included.
    public static func .!= (a: Tensor, b: Tensor) -> Tensor<Bool> { a.equality(with: b, negated: true) }

    @_disfavoredOverload
    public static func .== (a: Tensor, b: Scalar) -> Tensor<Bool> { a .== Tensor(b) }
    @_disfavoredOverload
    public static func .== (a: Scalar, b: Tensor) -> Tensor<Bool> { Tensor(a) .== b }
    @_disfavoredOverload
    public static func .!= (a: Tensor, b: Scalar) -> Tensor<Bool> { a .!= Tensor(b) }
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
    /// Where elements of the left are smaller, one by one, broadcasting.
    ///
    /// ```swift
    /// let x: Tensor<Float> = [1, 2, 3]
    /// x .< 2  // [true, false, false]
    /// ```
    public static func .< (a: Tensor, b: Tensor) -> Tensor<Bool> { a.compared(with: b, .less) }

    /// Where elements of the left are smaller or equal.
    public static func .<= (a: Tensor, b: Tensor) -> Tensor<Bool> { a.compared(with: b, .lessOrEqual) }

    /// Where elements of the left are larger.
    public static func .> (a: Tensor, b: Tensor) -> Tensor<Bool> { a.compared(with: b, .greater) }

    /// Where elements of the left are larger or equal.
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

    @_disfavoredOverload
    public static func .< (a: Tensor, b: Scalar) -> Tensor<Bool> { a .< Tensor(b) }
    @_disfavoredOverload
    public static func .< (a: Scalar, b: Tensor) -> Tensor<Bool> { b .> Tensor(a) }
    @_disfavoredOverload
    public static func .<= (a: Tensor, b: Scalar) -> Tensor<Bool> { a .<= Tensor(b) }
    @_disfavoredOverload
    public static func .<= (a: Scalar, b: Tensor) -> Tensor<Bool> { b .>= Tensor(a) }
    @_disfavoredOverload
    public static func .> (a: Tensor, b: Scalar) -> Tensor<Bool> { a .> Tensor(b) }
    @_disfavoredOverload
    public static func .> (a: Scalar, b: Tensor) -> Tensor<Bool> { b .< Tensor(a) }
    @_disfavoredOverload
    public static func .>= (a: Tensor, b: Scalar) -> Tensor<Bool> { a .>= Tensor(b) }
    @_disfavoredOverload
    public static func .>= (a: Scalar, b: Tensor) -> Tensor<Bool> { b .<= Tensor(a) }
}

extension Tensor where Scalar: FloatingScalar {
    /// Where elements are "not a number".
    public func isNaN() -> Tensor<Bool> { self .!= self }

    /// Where elements are infinite.
    public func isInfinite() -> Tensor<Bool> { detached().magnitude() .== Tensor(.infinity) }

    /// Where elements are finite numbers.
    public func isFinite() -> Tensor<Bool> { detached().magnitude() .< Tensor(.infinity) }

    /// Where |a − b| ≤ absolute + relative · |b|, b an element of `other`; equal infinities are close, and "not a
    /// number" is close to nothing.
    ///
    /// ```swift
    /// x.isClose(to: y).all().item()  // whether all elements are
    /// ```
    public func isClose(
        to other: Tensor, relativeTolerance: Scalar = 1e-5, absoluteTolerance: Scalar = 1e-8
    ) -> Tensor<Bool> {
        let (a, b) = (detached(), other.detached())
        let tolerance = b.magnitude() * relativeTolerance + absoluteTolerance
        return ((a - b).magnitude() .<= tolerance) .& b.isFinite() .| (a .== b)
    }
}
