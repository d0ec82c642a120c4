import CDuctusKernels

/// An element-wise function that layers apply to their outputs, fused into the operation.
public enum Activation: String, Sendable, Codable, CaseIterable {
    /// x
    case identity
    /// max(x, 0)
    case relu
    /// x Φ(x), Φ the distribution function of the standard normal distribution (Hendrycks and Gimpel 2016).
    case gelu
    /// x / (1 + e⁻ˣ), also called swish (Elfwing et al. 2018).
    case silu
    /// The hyperbolic tangent, −1 … 1.
    case tanh
    /// 1 / (1 + e⁻ˣ), 0 … 1.
    case sigmoid

    var kernel: ductus_activation {
        switch self {
        case .identity: DUCTUS_IDENTITY
        case .relu: DUCTUS_ACT_RELU
        case .gelu: DUCTUS_ACT_GELU
        case .silu: DUCTUS_ACT_SILU
        case .tanh: DUCTUS_ACT_TANH
        case .sigmoid: DUCTUS_ACT_SIGMOID
        }
    }

    /// The setting of an operation that fuses this activation.
    var attributes: [Operation.Attribute] { self == .identity ? [] : [("activation", rawValue)] }

    /// The output of an operation that fuses this activation, and what ``gradient(_:saved:summing:)`` needs of it: the
    /// output itself; nothing for the identity; the pre-activation for GELU and SiLU, whose slopes do not follow from
    /// their outputs.
    func applied<Scalar: FloatingScalar>(
        isRecorded: Bool, _ operation: (Activation) -> Tensor<Scalar>
    ) -> (output: Tensor<Scalar>, saved: Tensor<Scalar>) {
        if isRecorded, self == .gelu || self == .silu {
            let x = operation(.identity)
            return (self(x), x)
        }
        let output = operation(self)
        // Where nothing is recorded, sharing the output costs less than making something empty.
        return (output, isRecorded && self == .identity ? .scratch(0) : output)
    }

    private func gradient<Scalar: FloatingScalar>(_ upstream: Tensor<Scalar>, saved: Tensor<Scalar>) -> Tensor<Scalar> {
        switch self {
        case .identity: upstream
        case .relu: upstream.combined(saved, DUCTUS_RELU_GRADIENT)
        case .gelu: upstream.combined(saved, DUCTUS_GELU_GRADIENT)
        case .silu: upstream.combined(saved, DUCTUS_SILU_GRADIENT)
        case .tanh: upstream.combined(saved, DUCTUS_TANH_GRADIENT)
        case .sigmoid: upstream.combined(saved, DUCTUS_SIGMOID_GRADIENT)
        }
    }

    /// The gradient of the pre-activation and, if `summing`, its sum over every axis but the last (the gradient of a
    /// bias), in one pass.
    /// - Parameters:
    ///   - upstream: the gradient of the output.
    ///   - saved: from ``applied(isRecorded:_:)``.
    func gradient<Scalar: FloatingScalar>(
        _ upstream: Tensor<Scalar>, saved: Tensor<Scalar>, summing: Bool
    ) -> (gradient: Tensor<Scalar>, sums: Tensor<Scalar>?) {
        guard summing else { return (gradient(upstream, saved: saved), nil) }
        guard self != .identity, upstream.count > 0 else { return (upstream, upstream.summedToLastAxis()) }
        let columns = upstream.shape[upstream.rank - 1]
        let (rows, grain) = (upstream.count / columns, rowGrain(columns))
        let parts = Tensor<Scalar>.scratch((rows + grain - 1) / grain * columns)
        let gradient = Tensor<Scalar>(shape: upstream.shape) { dx in
            withPointers(to: upstream, saved, parts) { dy, y, sums in
                parallelRanges(rows, grain: grain) { block in
                    let start = block.lowerBound * columns
                    Scalar.kernels.activation_gradient(
                        kernel, block.count, columns, y + start, dy + start, dx.baseAddress! + start,
                        UnsafeMutablePointer(mutating: sums) + block.lowerBound / grain * columns)
                }
            }
        }
        return (gradient, parts.reshaped(to: [-1, columns]).sum(axes: [0]))
    }
}

extension Activation {
    /// The function by itself.
    public func callAsFunction<Scalar: FloatingScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        switch self {
        case .identity: x
        case .relu: x.relu()
        case .gelu: x.gelu()
        case .silu: x.silu()
        case .tanh: x.tanh()
        case .sigmoid: x.sigmoid()
        }
    }
}
