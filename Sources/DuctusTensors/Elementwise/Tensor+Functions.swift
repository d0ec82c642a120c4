import CDuctusKernels

// MARK: - Exponentials and logarithms

extension Tensor where Scalar: FloatingScalar {
    /// eˣ.
    public func exp() -> Tensor {
        let y = mapped(DUCTUS_EXP)
        return y.recorded(from: self) { $0 * y }
    }

    /// The natural logarithm; −∞ at 0 and NaN for negative numbers.
    public func log() -> Tensor {
        let x = detached()
        return mapped(DUCTUS_LOG).recorded(from: self) { $0 / x }
    }

    /// 2ˣ.
    public func exp2() -> Tensor {
        let y = mapped(DUCTUS_EXP2)
        return y.recorded(from: self) { $0 * y * Scalar(logarithm(2)) }
    }

    /// eˣ − 1, accurate also for x near 0.
    public func expm1() -> Tensor {
        let y = mapped(DUCTUS_EXPM1)
        return y.recorded(from: self) { $0 * (y + 1) }
    }

    /// The base-2 logarithm.
    public func log2() -> Tensor {
        let x = detached()
        return mapped(DUCTUS_LOG2).recorded(from: self) { $0 / (x * Scalar(logarithm(2))) }
    }

    /// The base-10 logarithm.
    public func log10() -> Tensor {
        let x = detached()
        return mapped(DUCTUS_LOG10).recorded(from: self) { $0 / (x * Scalar(logarithm(10))) }
    }

    /// log(1 + x), accurate also for x near 0.
    public func log1p() -> Tensor {
        let x = detached()
        return mapped(DUCTUS_LOG1P).recorded(from: self) { $0 / (x + 1) }
    }
}

/// log(eᵃ + eᵇ), elementwise and without overflow; shapes broadcast.
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
    /// √x; NaN for negative x.
    public func squareRoot() -> Tensor {
        let y = mapped(DUCTUS_SQRT)
        return y.recorded(from: self) { $0 / y * 0.5 }
    }

    /// x².
    public func squared() -> Tensor {
        let x = detached()
        return mapped(DUCTUS_SQUARE).recorded(from: self) { $0 * x * 2 }
    }

    /// ∛x, also for negative x.
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

// The derivatives of these are 0 wherever they exist: gradients stop here.
extension Tensor where Scalar: FloatingScalar {
    /// −1, 0 or 1, by the sign of the element; 0 for −0.
    public func sign() -> Tensor { mapped(DUCTUS_SIGN) }

    /// The largest integer not greater than x.
    public func floor() -> Tensor { mapped(DUCTUS_FLOOR) }

    /// The smallest integer not less than x.
    public func ceil() -> Tensor { mapped(DUCTUS_CEIL) }

    /// The nearest integer; ties go to the even one.
    ///
    /// ```swift
    /// ([0.5, 1.5, -2.7] as Tensor<Float>).rounded()   // [ 0.  2. -3.]
    /// ```
    public func rounded() -> Tensor { mapped(DUCTUS_ROUND) }

    /// The integer part, rounding toward 0.
    public func truncated() -> Tensor { mapped(DUCTUS_TRUNCATE) }
}
