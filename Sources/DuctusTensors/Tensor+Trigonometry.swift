import CDuctusKernels

// MARK: - Circular functions, of radians

extension Tensor where Scalar: FloatingScalar {
    /// The sine.
    public func sin() -> Tensor {
        let x = detached()
        return mapped(DUCTUS_SIN).recorded(from: self) { $0 * x.cos() }
    }

    /// The cosine.
    public func cos() -> Tensor {
        let x = detached()
        return mapped(DUCTUS_COS).recorded(from: self) { -$0 * x.sin() }
    }

    /// The tangent.
    public func tan() -> Tensor {
        let y = mapped(DUCTUS_TAN)
        return y.recorded(from: self) { $0 * (y.squared() + 1) }
    }

    /// The angle in −π/2 … π/2 whose sine is x; "not a number" beyond −1 … 1.
    public func asin() -> Tensor {
        let x = detached()
        return mapped(DUCTUS_ASIN).recorded(from: self) { $0 / (1 - x.squared()).squareRoot() }
    }

    /// The angle in 0 … π whose cosine is x; "not a number" beyond −1 … 1.
    public func acos() -> Tensor {
        let x = detached()
        return mapped(DUCTUS_ACOS).recorded(from: self) { -$0 / (1 - x.squared()).squareRoot() }
    }

    /// The angle in −π/2 … π/2 whose tangent is x.
    public func atan() -> Tensor {
        let x = detached()
        return mapped(DUCTUS_ATAN).recorded(from: self) { $0 / (x.squared() + 1) }
    }
}

/// The angle of the point (x, y) in −π … π, element by element; shapes broadcast.
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

/// √(x² + y²), element by element (shapes broadcast), without leaving the range of the type.
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

    /// The inverse of the hyperbolic sine.
    public func asinh() -> Tensor {
        let x = detached()
        return mapped(DUCTUS_ASINH).recorded(from: self) { $0 / (x.squared() + 1).squareRoot() }
    }

    /// The inverse of the hyperbolic cosine, for x ≥ 1.
    public func acosh() -> Tensor {
        let x = detached()
        return mapped(DUCTUS_ACOSH).recorded(from: self) { $0 / (x.squared() - 1).squareRoot() }
    }

    /// The inverse of the hyperbolic tangent, for −1 … 1.
    public func atanh() -> Tensor {
        let x = detached()
        return mapped(DUCTUS_ATANH).recorded(from: self) { $0 / (1 - x.squared()) }
    }
}
