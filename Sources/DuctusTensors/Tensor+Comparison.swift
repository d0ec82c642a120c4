// SIMD's pointwise operators: `x .< y` compares element by element, where `x == y` compares whole tensors.

extension Tensor {
    /// Where elements are equal, one by one; shapes broadcast.
    public static func .== (a: Tensor, b: Tensor) -> Tensor<Bool> { a.equality(with: b) }

    /// Where elements differ; shapes broadcast. "Not a number" differs from everything, itself included.
    public static func .!= (a: Tensor, b: Tensor) -> Tensor<Bool> { a.equality(with: b, negated: true) }

    /// Where elements are equal to a number.
    @_disfavoredOverload
    public static func .== (a: Tensor, b: Scalar) -> Tensor<Bool> { a .== Tensor(b) }

    /// Where a number is equal to elements.
    @_disfavoredOverload
    public static func .== (a: Scalar, b: Tensor) -> Tensor<Bool> { Tensor(a) .== b }

    /// Where elements are different from a number.
    @_disfavoredOverload
    public static func .!= (a: Tensor, b: Scalar) -> Tensor<Bool> { a .!= Tensor(b) }

    /// Where a number is different from elements.
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
    /// Where elements of the left are smaller, one by one; shapes broadcast.
    ///
    /// ```swift
    /// let x: Tensor<Float> = [1, 2, 3]
    /// x .< 2   // [ True False False]
    /// ```
    public static func .< (a: Tensor, b: Tensor) -> Tensor<Bool> { a.compared(with: b, .less) }

    /// Where elements of the left are smaller or equal; shapes broadcast.
    public static func .<= (a: Tensor, b: Tensor) -> Tensor<Bool> { a.compared(with: b, .lessOrEqual) }

    /// Where elements of the left are larger; shapes broadcast.
    public static func .> (a: Tensor, b: Tensor) -> Tensor<Bool> { a.compared(with: b, .greater) }

    /// Where elements of the left are larger or equal; shapes broadcast.
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

    /// Where elements are smaller than a number.
    @_disfavoredOverload
    public static func .< (a: Tensor, b: Scalar) -> Tensor<Bool> { a .< Tensor(b) }

    /// Where a number is smaller than elements.
    @_disfavoredOverload
    public static func .< (a: Scalar, b: Tensor) -> Tensor<Bool> { b .> Tensor(a) }

    /// Where elements are smaller than or equal to a number.
    @_disfavoredOverload
    public static func .<= (a: Tensor, b: Scalar) -> Tensor<Bool> { a .<= Tensor(b) }

    /// Where a number is smaller than or equal to elements.
    @_disfavoredOverload
    public static func .<= (a: Scalar, b: Tensor) -> Tensor<Bool> { b .>= Tensor(a) }

    /// Where elements are larger than a number.
    @_disfavoredOverload
    public static func .> (a: Tensor, b: Scalar) -> Tensor<Bool> { a .> Tensor(b) }

    /// Where a number is larger than elements.
    @_disfavoredOverload
    public static func .> (a: Scalar, b: Tensor) -> Tensor<Bool> { b .< Tensor(a) }

    /// Where elements are larger than or equal to a number.
    @_disfavoredOverload
    public static func .>= (a: Tensor, b: Scalar) -> Tensor<Bool> { a .>= Tensor(b) }

    /// Where a number is larger than or equal to elements.
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
    /// x.isClose(to: y).all().item()   // whether all elements are
    /// ```
    public func isClose(
        to other: Tensor, relativeTolerance: Scalar = 1e-5, absoluteTolerance: Scalar = 1e-8
    ) -> Tensor<Bool> {
        let (a, b) = (detached(), other.detached())
        let tolerance = b.magnitude() * relativeTolerance + absoluteTolerance
        return ((a - b).magnitude() .<= tolerance) .& b.isFinite() .| (a .== b)
    }
}
