import CDuctusKernels

/// The weights of one direction of a gated recurrent unit. Gates lie side by side in the order r, z, n.
public struct GRUWeights<Scalar: FloatingScalar>: Sendable {
    /// `[in, 3 hidden]`
    public var input: Tensor<Scalar>
    /// `[hidden, 3 hidden]`
    public var recurrent: Tensor<Scalar>
    /// `[3 hidden]`
    public var bias: Tensor<Scalar>
    /// `[hidden]`: added to the candidate's recurrent product, before the reset gate multiplies it.
    public var candidateBias: Tensor<Scalar>

    /// Shapes are checked where the weights are used.
    public init(
        input: Tensor<Scalar>, recurrent: Tensor<Scalar>, bias: Tensor<Scalar>, candidateBias: Tensor<Scalar>
    ) {
        (self.input, self.recurrent) = (input, recurrent)
        (self.bias, self.candidateBias) = (bias, candidateBias)
    }
}

/// A gated recurrent unit over whole sequences, starting from zero states (Cho et al. 2014, in PyTorch's and cuDNN's
/// form).
///
/// r, z = σ(x W + h′ U + b), n = tanh(x Wₙ + bₙ + r (h′ Uₙ + c)), h = (1 − z) n + z h′
///
/// Shapes: x `[batch, time, in]` → `[batch, time, hidden]`. With `backward` weights a second GRU runs in
/// reverse, and the last axis holds both outputs: `[batch, time, 2 hidden]`.
///
/// With `lengths`, one per sample, padding does not affect the outputs of a sequence, and outputs past its length are
/// zero.
public func gru<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, forward: GRUWeights<Scalar>?, backward: GRUWeights<Scalar>? = nil, lengths: [Int]? = nil
) -> Tensor<Scalar> {
    recurrence(x, forward: forward, backward: backward, lengths: lengths)
}

/// The memory of a step is what its reset gate multiplies, h′ Uₙ + c.
extension GRUWeights: RecurrentWeights {
    package static var name: String { "gru" }
    package static var gates: Int { 3 }
    package var parameters: [Tensor<Scalar>] { [input, recurrent, bias, candidateBias] }

    package init(parameters: [Tensor<Scalar>]) {
        self.init(
            input: parameters[0], recurrent: parameters[1], bias: parameters[2], candidateBias: parameters[3])
    }

    /// The weights of r and z, then those of n.
    package func recurrentPanels(transposed: Bool) -> Tensor<Scalar> {
        let hidden = recurrent.shape[0]
        let parts = [0..<2 * hidden, 2 * hidden..<3 * hidden].map {
            recurrent.sliced($0, axis: 1).packedPanels(transposed: transposed)
        }
        return .concatenated(parts, axis: 0)
    }

    package func run(_ step: RecurrentStep<Scalar>, _ panels: UnsafePointer<Scalar>) {
        let (kernels, n, hidden) = (Scalar.kernels, step.count, step.hidden)
        let candidate = panels + kernels.packed_count(hidden, 2 * hidden)
        withPointers(to: candidateBias) { bias in
            if let state = step.previousState {
                kernels.multiply(
                    n, hidden, 2 * hidden, state, step.stride, panels, nil, DUCTUS_IDENTITY, true, step.gates,
                    3 * hidden)
                kernels.multiply(
                    n, hidden, hidden, state, step.stride, candidate, bias, DUCTUS_IDENTITY, false, step.memory,
                    hidden)
            }
            kernels.gru_step(
                n, hidden, step.gates, bias, step.memory, step.previousState, step.state, step.stride)
        }
    }

    package func runGradient(
        _ step: RecurrentStep<Scalar>, _ upstream: UnsafePointer<Scalar>, _ carried: UnsafeMutablePointer<Scalar>,
        _ panels: UnsafePointer<Scalar>
    ) {
        let (kernels, n, hidden) = (Scalar.kernels, step.count, step.hidden)
        kernels.gru_step_gradient(
            n, hidden, step.gates, step.memory, step.previousState, step.stride, upstream, step.stride, carried)
        guard step.previousState != nil else { return }
        let candidate = panels + kernels.packed_count(2 * hidden, hidden)
        kernels.multiply(
            n, 2 * hidden, hidden, step.gates, 3 * hidden, panels, nil, DUCTUS_IDENTITY, true, carried, hidden)
        kernels.multiply(
            n, hidden, hidden, step.memory, hidden, candidate, nil, DUCTUS_IDENTITY, true, carried, hidden)
    }

    package static func recurrentGradient(
        _ states: Tensor<Scalar>, gates: Tensor<Scalar>, memory: Tensor<Scalar>
    ) -> Tensor<Scalar> {
        let hidden = memory.shape[1]
        return .concatenated(
            [states.matmul(gates.sliced(0..<2 * hidden, axis: 1)), states.matmul(memory)], axis: 1)
    }
}
