// SIMD's pointwise operators: `x .< y` compares element by element, where `x == y` compares whole tensors.

extension Tensor {
    /// Where elements are equal, one by one, broadcasting.
    @_specialize(where Scalar == Float)
    @_specialize(where Scalar == Double)
    @_specialize(where Scalar == Int32)
    @_specialize(where Scalar == UInt8)
    @_specialize(where Scalar == Bool)
    public static func .== (a: Tensor, b: Tensor) -> Tensor<Bool> { a.paired(with: b) { $0 == $1 } }

    /// Where elements differ. "Not a number" differs from everything, itself included.
    @_specialize(where Scalar == Float)
    @_specialize(where Scalar == Double)
    @_specialize(where Scalar == Int32)
    @_specialize(where Scalar == UInt8)
    @_specialize(where Scalar == Bool)
    public static func .!= (a: Tensor, b: Tensor) -> Tensor<Bool> { a.paired(with: b) { $0 != $1 } }

    @_disfavoredOverload
    public static func .== (a: Tensor, b: Scalar) -> Tensor<Bool> { a .== Tensor(b) }
    @_disfavoredOverload
    public static func .== (a: Scalar, b: Tensor) -> Tensor<Bool> { Tensor(a) .== b }
    @_disfavoredOverload
    public static func .!= (a: Tensor, b: Scalar) -> Tensor<Bool> { a .!= Tensor(b) }
    @_disfavoredOverload
    public static func .!= (a: Scalar, b: Tensor) -> Tensor<Bool> { Tensor(a) .!= b }
}

extension Tensor where Scalar: NumericScalar {
    /// Where elements of the left are smaller, one by one, broadcasting.
    ///
    /// ```swift
    /// let x: Tensor<Float> = [1, 2, 3]
    /// x .< 2  // [true, false, false]
    /// ```
    @_specialize(where Scalar == Float)
    @_specialize(where Scalar == Double)
    @_specialize(where Scalar == Int32)
    @_specialize(where Scalar == UInt8)
    public static func .< (a: Tensor, b: Tensor) -> Tensor<Bool> { a.paired(with: b) { $0 < $1 } }

    /// Where elements of the left are smaller or equal.
    @_specialize(where Scalar == Float)
    @_specialize(where Scalar == Double)
    @_specialize(where Scalar == Int32)
    @_specialize(where Scalar == UInt8)
    public static func .<= (a: Tensor, b: Tensor) -> Tensor<Bool> { a.paired(with: b) { $0 <= $1 } }

    /// Where elements of the left are larger.
    @_specialize(where Scalar == Float)
    @_specialize(where Scalar == Double)
    @_specialize(where Scalar == Int32)
    @_specialize(where Scalar == UInt8)
    public static func .> (a: Tensor, b: Tensor) -> Tensor<Bool> { a.paired(with: b) { $0 > $1 } }

    /// Where elements of the left are larger or equal.
    @_specialize(where Scalar == Float)
    @_specialize(where Scalar == Double)
    @_specialize(where Scalar == Int32)
    @_specialize(where Scalar == UInt8)
    public static func .>= (a: Tensor, b: Tensor) -> Tensor<Bool> { a.paired(with: b) { $0 >= $1 } }

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
