import CDuctusKernels

/// A function applied to every output of a layer, fused into it.
public enum Activation: String, Sendable, Codable, CaseIterable {
    case identity, relu, tanh, sigmoid

    var kernel: ductus_activation {
        switch self {
        case .identity: DUCTUS_IDENTITY
        case .relu: DUCTUS_ACT_RELU
        case .tanh: DUCTUS_ACT_TANH
        case .sigmoid: DUCTUS_ACT_SIGMOID
        }
    }

    /// The gradient before the function, from the one after it and the function's output.
    func gradient<Scalar: FloatingScalar>(_ upstream: Tensor<Scalar>, output: Tensor<Scalar>) -> Tensor<Scalar> {
        switch self {
        case .identity: upstream
        case .relu: upstream.combined(output, DUCTUS_RELU_GRADIENT)
        case .tanh: upstream.combined(output, DUCTUS_TANH_GRADIENT)
        case .sigmoid: upstream.combined(output, DUCTUS_SIGMOID_GRADIENT)
        }
    }
}
