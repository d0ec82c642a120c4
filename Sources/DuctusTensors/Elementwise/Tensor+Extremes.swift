import CDuctusKernels

extension Tensor where Scalar: FloatingScalar {
    /// The elementwise maximum; NaN if either element is. Equal elements share the gradient. Shapes broadcast.
    public static func maximum(_ a: Tensor, _ b: Tensor) -> Tensor { extreme(a, b, DUCTUS_MAXIMUM) }

    /// The elementwise minimum; NaN if either element is. Equal elements share the gradient. Shapes broadcast.
    public static func minimum(_ a: Tensor, _ b: Tensor) -> Tensor { extreme(a, b, DUCTUS_MINIMUM) }

    private static func extreme(_ a: Tensor, _ b: Tensor, _ operation: ductus_binary) -> Tensor {
        let (x, y) = (a.detached(), b.detached())
        let result = x.combined(y, operation)
        return result.recorded(inputs: [a, b], operation: operation == DUCTUS_MAXIMUM ? "maximum" : "minimum") {
            gradient in
            let shared = gradient.replacing(with: gradient * 0.5, where: x .== y)
            return [
                shared.replacing(with: 0, where: x .!= result).unbroadcast(to: x.shape),
                shared.replacing(with: 0, where: y .!= result).unbroadcast(to: y.shape),
            ]
        }
    }

    /// Every element clamped to `bounds`; NaN stays NaN. The gradient passes where elements are within the bounds.
    ///
    /// ```swift
    /// ([-1, 0.5, 3] as Tensor<Float>).clipped(to: 0...1)   // [0.  0.5 1. ]
    /// ```
    public func clipped(to bounds: ClosedRange<Scalar>) -> Tensor {
        let x = detached()
        let (low, high) = (Tensor(bounds.lowerBound), Tensor(bounds.upperBound))
        return x.combined(low, DUCTUS_MAXIMUM).combined(high, DUCTUS_MINIMUM).recorded(from: self) {
            $0.replacing(with: 0, where: (x .< low) .| (x .> high))
        }
    }

    /// Every element, but at least the bound.
    public func clipped(to bounds: PartialRangeFrom<Scalar>) -> Tensor { clipped(to: bounds.lowerBound ... .infinity) }

    /// Every element, but at most the bound.
    public func clipped(to bounds: PartialRangeThrough<Scalar>) -> Tensor {
        clipped(to: -.infinity...bounds.upperBound)
    }
}
