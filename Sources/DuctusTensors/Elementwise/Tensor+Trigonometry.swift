import CDuctusKernels

// MARK: - Circular functions, in radians

extension Tensor where Scalar: FloatingScalar {
    /// The sine of x in radians.
    public func sin() -> Tensor {
        let x = detached()
        return mapped(DUCTUS_SIN).recorded(from: self) { $0 * x.cos() }
    }

    /// The cosine of x in radians.
    public func cos() -> Tensor {
        let x = detached()
        return mapped(DUCTUS_COS).recorded(from: self) { -$0 * x.sin() }
    }

    /// The tangent of x in radians.
    public func tan() -> Tensor {
        let y = mapped(DUCTUS_TAN)
        return y.recorded(from: self) { $0 * (y.squared() + 1) }
    }

    /// The inverse sine, from −π/2 to π/2; NaN outside −1 … 1.
    public func asin() -> Tensor {
        let x = detached()
        return mapped(DUCTUS_ASIN).recorded(from: self) { $0 / (1 - x.squared()).squareRoot() }
    }

    /// The inverse cosine, from 0 to π; NaN outside −1 … 1.
    public func acos() -> Tensor {
        let x = detached()
        return mapped(DUCTUS_ACOS).recorded(from: self) { -$0 / (1 - x.squared()).squareRoot() }
    }

    /// The inverse tangent, from −π/2 to π/2.
    public func atan() -> Tensor {
        let x = detached()
        return mapped(DUCTUS_ATAN).recorded(from: self) { $0 / (x.squared() + 1) }
    }
}

/// The angle of the point (x, y), from −π to π, elementwise; shapes broadcast.
public func atan2<Scalar: FloatingScalar>(_ y: Tensor<Scalar>, _ x: Tensor<Scalar>) -> Tensor<Scalar> {
    let (a, b) = (y.detached(), x.detached())
    let (needsY, needsX) = (y.isRecorded, x.isRecorded)
    return a.combined(b, DUCTUS_ATAN2).recorded(inputs: [y, x]) {
        let scaled = $0 / (a.squared() + b.squared())
        return [
            needsY ? (scaled * b).unbroadcast(to: a.shape) : nil,
            needsX ? (-scaled * a).unbroadcast(to: b.shape) : nil,
        ]
    }
}

/// √(x² + y²), elementwise and without overflow or underflow; shapes broadcast.
public func hypot<Scalar: FloatingScalar>(_ x: Tensor<Scalar>, _ y: Tensor<Scalar>) -> Tensor<Scalar> {
    let (a, b) = (x.detached(), y.detached())
    let (needsX, needsY) = (x.isRecorded, y.isRecorded)
    let length = a.combined(b, DUCTUS_HYPOT)
    return length.recorded(inputs: [x, y]) {
        [
            needsX ? ($0 * (a / length)).unbroadcast(to: a.shape) : nil,
            needsY ? ($0 * (b / length)).unbroadcast(to: b.shape) : nil,
        ]
    }
}

// MARK: - Hyperbolic functions

extension Tensor where Scalar: FloatingScalar {
    /// The hyperbolic sine.
    public func sinh() -> Tensor {
        let x = detached()
        return mapped(DUCTUS_SINH).recorded(from: self) { $0 * x.cosh() }
    }

    /// The hyperbolic cosine.
    public func cosh() -> Tensor {
        let x = detached()
        return mapped(DUCTUS_COSH).recorded(from: self) { $0 * x.sinh() }
    }

    /// The hyperbolic tangent.
    public func tanh() -> Tensor {
        let y = mapped(DUCTUS_TANH)
        return y.recorded(from: self) { $0.combined(y, DUCTUS_TANH_GRADIENT) }
    }

    /// The inverse hyperbolic sine.
    public func asinh() -> Tensor {
        let x = detached()
        return mapped(DUCTUS_ASINH).recorded(from: self) { $0 / (x.squared() + 1).squareRoot() }
    }

    /// The inverse hyperbolic cosine; NaN for x < 1.
    public func acosh() -> Tensor {
        let x = detached()
        return mapped(DUCTUS_ACOSH).recorded(from: self) { $0 / (x.squared() - 1).squareRoot() }
    }

    /// The inverse hyperbolic tangent; NaN outside −1 … 1.
    public func atanh() -> Tensor {
        let x = detached()
        return mapped(DUCTUS_ATANH).recorded(from: self) { $0 / (1 - x.squared()) }
    }
}
