import CDuctusKernels

extension Tensor where Scalar: FloatingScalar {
    /// 1 / (1 + e⁻ˣ)
    public func sigmoid() -> Tensor {
        let y = mapped(DUCTUS_SIGMOID)
        return y.recorded(from: self) { $0.combined(y, DUCTUS_SIGMOID_GRADIENT) }
    }

    /// max(x, 0)
    public func relu() -> Tensor {
        let y = mapped(DUCTUS_RELU)
        return y.recorded(from: self) { $0.combined(y, DUCTUS_RELU_GRADIENT) }
    }

    /// x Φ(x), Φ the distribution function of the standard normal distribution: the Gaussian error linear unit
    /// (Hendrycks and Gimpel 2016), exact rather than by tanh.
    public func gelu() -> Tensor {
        let x = detached()
        return mapped(DUCTUS_GELU).recorded(from: self) { $0.combined(x, DUCTUS_GELU_GRADIENT) }
    }
}
