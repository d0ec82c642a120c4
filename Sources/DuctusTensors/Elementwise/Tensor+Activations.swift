import CDuctusKernels

extension Tensor where Scalar: FloatingScalar {
    /// The logistic sigmoid: 1 / (1 + e⁻ˣ).
    public func sigmoid() -> Tensor {
        let y = mapped(DUCTUS_SIGMOID)
        return y.recorded(from: self) { $0.combined(y, DUCTUS_SIGMOID_GRADIENT) }
    }

    /// The rectified linear unit: max(x, 0).
    public func relu() -> Tensor {
        let y = mapped(DUCTUS_RELU)
        return y.recorded(from: self) { $0.combined(y, DUCTUS_RELU_GRADIENT) }
    }

    /// The Gaussian error linear unit: x Φ(x), where Φ is the cumulative distribution function of the standard normal
    /// distribution (Hendrycks and Gimpel 2016). Exact, not the tanh approximation; 0 at −∞.
    public func gelu() -> Tensor {
        let x = detached()
        return mapped(DUCTUS_GELU).recorded(from: self) { $0.combined(x, DUCTUS_GELU_GRADIENT) }
    }

    /// The sigmoid linear unit, or swish: x / (1 + e⁻ˣ) (Elfwing et al. 2018).
    public func silu() -> Tensor {
        let x = detached()
        return mapped(DUCTUS_SILU).recorded(from: self) { $0.combined(x, DUCTUS_SILU_GRADIENT) }
    }
}
