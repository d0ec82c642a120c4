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

    /// That gradient, and its sum over every axis but the last (the gradient of a bias), in one pass.
    func gradientAndSums<Scalar: FloatingScalar>(
        _ upstream: Tensor<Scalar>, output: Tensor<Scalar>
    ) -> (gradient: Tensor<Scalar>, sums: Tensor<Scalar>) {
        guard self != .identity, upstream.count > 0 else { return (upstream, upstream.summedToLastAxis()) }
        let columns = upstream.shape[upstream.rank - 1]
        var sums = Tensor<Scalar>.zeros([columns])
        let gradient = Tensor<Scalar>(shape: upstream.shape) { dx in
            upstream.withUnsafeBuffer { dy in
                output.withUnsafeBuffer { y in
                    let totals = columnTotals(Scalar.self, rows: dy.count / columns, columns: columns) { rows, sums in
                        let start = rows.lowerBound * columns
                        Scalar.kernels.activation_gradient(
                            kernel, rows.count, columns, y.baseAddress! + start, dy.baseAddress! + start,
                            dx.baseAddress! + start, sums)
                    }
                    sums = Tensor(totals.map { Scalar($0) })
                }
            }
        }
        return (gradient, sums)
    }
}
