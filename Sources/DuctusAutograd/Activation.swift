import CDuctusKernels

/// A function applied to every output of a layer, fused into it.
public enum Activation: String, Sendable, Codable, CaseIterable {
    /// x
    case identity
    /// max(x, 0)
    case relu
    /// The hyperbolic tangent, −1 … 1.
    case tanh
    /// 1 / (1 + e⁻ˣ), 0 … 1.
    case sigmoid

    var kernel: ductus_activation {
        switch self {
        case .identity: DUCTUS_IDENTITY
        case .relu: DUCTUS_ACT_RELU
        case .tanh: DUCTUS_ACT_TANH
        case .sigmoid: DUCTUS_ACT_SIGMOID
        }
    }

    /// What the gradient asks for of an output: all of it, or nothing.
    func saving<Scalar: FloatingScalar>(_ output: Tensor<Scalar>) -> Tensor<Scalar> {
        self == .identity ? .scratch(0) : output
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

    /// That gradient and, if wanted, its sum over every axis but the last (the gradient of a bias), in one pass.
    func gradient<Scalar: FloatingScalar>(
        _ upstream: Tensor<Scalar>, output: Tensor<Scalar>, summing: Bool
    ) -> (gradient: Tensor<Scalar>, sums: Tensor<Scalar>?) {
        guard summing else { return (gradient(upstream, output: output), nil) }
        guard self != .identity, upstream.count > 0 else { return (upstream, upstream.summedToLastAxis()) }
        let columns = upstream.shape[upstream.rank - 1]
        let (rows, grain) = (upstream.count / columns, rowGrain(columns))
        let parts = Tensor<Scalar>.scratch((rows + grain - 1) / grain * columns)
        let gradient = Tensor<Scalar>(shape: upstream.shape) { dx in
            withPointers(to: upstream, output, parts) { dy, y, sums in
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
