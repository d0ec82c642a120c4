import CDuctusKernels

/// The weights of one direction of an LSTM. Gates lie side by side in the order i, f, g, o.
public struct LSTMWeights<Scalar: FloatingScalar>: Sendable {
    /// `[in, 4 hidden]`
    public var input: Tensor<Scalar>
    /// `[hidden, 4 hidden]`
    public var recurrent: Tensor<Scalar>
    /// `[4 hidden]`
    public var bias: Tensor<Scalar>

    /// Shapes are checked where the weights are used.
    public init(input: Tensor<Scalar>, recurrent: Tensor<Scalar>, bias: Tensor<Scalar>) {
        (self.input, self.recurrent, self.bias) = (input, recurrent, bias)
    }
}

/// A long short-term memory over whole sequences, starting from zero states (Hochreiter and Schmidhuber 1997; forget
/// gate of Gers et al. 2000).
///
/// i, f, o = σ(x W + h′ U + b), g = tanh(…), c = f c′ + i g, h = o tanh c
///
/// Shapes: x `[batch, time, in]` → `[batch, time, hidden]`. With `backward` weights a second LSTM runs in
/// reverse, and the last axis holds both outputs: `[batch, time, 2 hidden]`.
///
/// With `lengths`, one per sample, padding does not affect the outputs of a sequence, and outputs past its length are
/// zero.
public func lstm<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, forward: LSTMWeights<Scalar>?, backward: LSTMWeights<Scalar>? = nil, lengths: [Int]? = nil
) -> Tensor<Scalar> {
    recurrence(x, forward: forward, backward: backward, lengths: lengths)
}

/// The memory of a step is its cell.
extension LSTMWeights: RecurrentWeights {
    package static var name: String { "lstm" }
    package static var gates: Int { 4 }
    package var parameters: [Tensor<Scalar>] { [input, recurrent, bias] }

    package init(parameters: [Tensor<Scalar>]) {
        self.init(input: parameters[0], recurrent: parameters[1], bias: parameters[2])
    }

    package func run(_ step: RecurrentStep<Scalar>, _ panels: UnsafePointer<Scalar>) {
        let (kernels, n, hidden) = (Scalar.kernels, step.count, step.hidden)
        if let state = step.previousState {
            kernels.multiply(
                n, hidden, 4 * hidden, state, step.stride, panels, nil, DUCTUS_IDENTITY, true, step.gates, 4 * hidden)
        }
        kernels.lstm_step(n, hidden, step.gates, step.previousMemory, step.memory, step.state, step.stride)
    }

    package func runGradient(
        _ step: RecurrentStep<Scalar>, _ upstream: UnsafePointer<Scalar>, _ carried: UnsafeMutablePointer<Scalar>,
        _ panels: UnsafePointer<Scalar>
    ) {
        let (kernels, n, hidden) = (Scalar.kernels, step.count, step.hidden)
        kernels.lstm_step_gradient(
            n, hidden, step.gates, step.previousMemory, step.memory, upstream, step.stride, carried,
            carried + n * hidden)
        guard step.previousState != nil else { return }
        kernels.multiply(
            n, 4 * hidden, hidden, step.gates, 4 * hidden, panels, nil, DUCTUS_IDENTITY, false, carried, hidden)
    }
}
