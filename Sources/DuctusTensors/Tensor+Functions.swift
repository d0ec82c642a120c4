import CDuctusKernels

// MARK: - Exponentials and logarithms

extension Tensor where Scalar: FloatingScalar {
    /// eˣ.
    public func exp() -> Tensor {
        let y = mapped(DUCTUS_EXP)
        return y.recorded(from: self) { $0 * y }
    }

    /// The natural logarithm: −∞ of 0, "not a number" of what is negative.
    public func log() -> Tensor {
        let x = detached()
        return mapped(DUCTUS_LOG).recorded(from: self) { $0 / x }
    }

    /// 2ˣ.
    public func exp2() -> Tensor {
        let y = mapped(DUCTUS_EXP2)
        return y.recorded(from: self) { $0 * y * Scalar(logarithm(2)) }
    }

    /// eˣ − 1, without losing digits where x is small.
    public func expm1() -> Tensor {
        let y = mapped(DUCTUS_EXPM1)
        return y.recorded(from: self) { $0 * (y + 1) }
    }

    /// The logarithm to base 2.
    public func log2() -> Tensor {
        let x = detached()
        return mapped(DUCTUS_LOG2).recorded(from: self) { $0 / (x * Scalar(logarithm(2))) }
    }

    /// The logarithm to base 10.
    public func log10() -> Tensor {
        let x = detached()
        return mapped(DUCTUS_LOG10).recorded(from: self) { $0 / (x * Scalar(logarithm(10))) }
    }

    /// log(1 + x), without losing digits where x is small.
    public func log1p() -> Tensor {
        let x = detached()
        return mapped(DUCTUS_LOG1P).recorded(from: self) { $0 / (x + 1) }
    }
}

/// log(eᵃ + eᵇ), element by element (shapes broadcast), without leaving the range of the type.
public func logAddExp<Scalar: FloatingScalar>(_ a: Tensor<Scalar>, _ b: Tensor<Scalar>) -> Tensor<Scalar> {
    let (x, y) = (a.detached(), b.detached())
    let (needsA, needsB) = (a.isRecorded, b.isRecorded)
    return x.combined(y, DUCTUS_LOG_ADD_EXP).recorded(inputs: [a, b]) {
        [
            needsA ? ($0 * (x - y).sigmoid()).unbroadcast(to: x.shape) : nil,
            needsB ? ($0 * (y - x).sigmoid()).unbroadcast(to: y.shape) : nil,
        ]
    }
}

// MARK: - Powers

extension Tensor where Scalar: FloatingScalar {
    /// √x; "not a number" where x is negative.
    public func squareRoot() -> Tensor {
        let y = mapped(DUCTUS_SQRT)
        return y.recorded(from: self) { $0 / y * 0.5 }
    }

    /// x².
    public func squared() -> Tensor {
        let x = detached()
        return mapped(DUCTUS_SQUARE).recorded(from: self) { $0 * x * 2 }
    }

    /// ∛x, of negative numbers too.
    public func cubeRoot() -> Tensor {
        let y = mapped(DUCTUS_CUBE_ROOT)
        return y.recorded(from: self) { $0 / (y.squared() * 3) }
    }

    /// 1 / x.
    public func reciprocal() -> Tensor {
        let y = mapped(DUCTUS_RECIPROCAL)
        return y.recorded(from: self) { -$0 * y.squared() }
    }

    /// |x|; the derivative at 0 is 0.
    public func magnitude() -> Tensor {
        let x = detached()
        return mapped(DUCTUS_ABSOLUTE).recorded(from: self) { $0.combined(x, DUCTUS_ABSOLUTE_GRADIENT) }
    }

    /// The error function 2/√π ∫₀ˣ e⁻ᵗ² dt.
    public func erf() -> Tensor {
        let x = detached()
        return mapped(DUCTUS_ERF).recorded(from: self) {
            $0 * (-x.squared()).exp() * Scalar(2 / Double.pi.squareRoot())
        }
    }
}

// MARK: - Rounding

// The derivative of these is 0 wherever it exists: gradients stop here.
extension Tensor where Scalar: FloatingScalar {
    /// −1, 0 or 1, as the element is.
    public func sign() -> Tensor { mapped(DUCTUS_SIGN) }

    /// The largest integer that is not larger.
    public func floor() -> Tensor { mapped(DUCTUS_FLOOR) }

    /// The smallest integer that is not smaller.
    public func ceil() -> Tensor { mapped(DUCTUS_CEIL) }

    /// The nearest integer; the even one of two.
    ///
    /// ```swift
    /// ([0.5, 1.5, -2.7] as Tensor<Float>).rounded()   // [ 0.  2. -3.]
    /// ```
    public func rounded() -> Tensor { mapped(DUCTUS_ROUND) }

    /// The nearest integer towards 0.
    public func truncated() -> Tensor { mapped(DUCTUS_TRUNCATE) }
}
