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

    fileprivate var all: [Tensor<Scalar>] { [input, recurrent, bias, candidateBias] }
}

/// The packed weights of one direction.
package struct PackedGRUWeights<Scalar: FloatingScalar>: Sendable {
    let input: PackedWeights<Scalar>
    let recurrent: PackedWeights<Scalar>

    package init(input: PackedWeights<Scalar> = PackedWeights(), recurrent: PackedWeights<Scalar> = PackedWeights()) {
        (self.input, self.recurrent) = (input, recurrent)
    }
}

/// A gated recurrent unit over whole sequences, starting from zero states (Cho et al. 2014, in PyTorch's and cuDNN's
/// form).
///
/// r, z = σ(x W + h′ U + b), n = tanh(x Wₙ + bₙ + r (h′ Uₙ + c)), h = (1 − z) n + z h′
///
/// Shapes: x `[batch, time, in]` → `[batch, time, hidden]`. With `backward` weights a second unit reads the sequence
/// from its end, and the last axis holds both outputs: `[batch, time, 2 hidden]`.
///
/// With `lengths`, one a sample, a sequence ends before the batch does: it is read as if it were alone, and what is said
/// behind its end is zero.
public func gru<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, forward: GRUWeights<Scalar>?, backward: GRUWeights<Scalar>? = nil, lengths: [Int]? = nil
) -> Tensor<Scalar> {
    gru(
        x, forward: forward, backward: backward, lengths: lengths,
        packed: [PackedGRUWeights(), PackedGRUWeights()])
}

/// The same, with weights that may be packed already, one set a direction.
@_specialize(where Scalar == Float)
package func gru<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, forward: GRUWeights<Scalar>?, backward: GRUWeights<Scalar>?, lengths: [Int]?,
    packed: [PackedGRUWeights<Scalar>]
) -> Tensor<Scalar> {
    let given = [forward, backward].compactMap { $0 }
    guard let hidden = given.first?.recurrent.shape[0] else {
        preconditionFailure("gru: at least one direction is needed.")
    }
    for weights in given {
        let inputs = x.shape.last ?? 0
        precondition(
            x.rank == 3 && weights.input.shape == [inputs, 3 * hidden]
                && weights.recurrent.shape == [hidden, 3 * hidden] && weights.bias.shape == [3 * hidden]
                && weights.candidateBias.shape == [hidden],
            "gru: input is \(x.shape), weights \(weights.input.shape), \(weights.recurrent.shape), "
                + "\(weights.bias.shape) and \(weights.candidateBias.shape); they must be [batch, time, in], "
                + "[in, 3 hidden], [hidden, 3 hidden], [3 hidden] and [hidden].")
    }
    let lengths = SequenceLengths(lengths, of: x.shape, "gru")
    return recurrence(x, width: given.count * hidden, parameters: given.flatMap(\.all)) { sequence, states in
        zip(given, packed).enumerated().map { d, weights in
            GRUDirection(
                weights.0, weights.1, sequence: sequence, states: states, offset: d * hidden,
                reversed: d == 1 || forward == nil, lengths: lengths)
        }
    }
}

private final class GRUDirection<Scalar: FloatingScalar>: RecurrentDirection, @unchecked Sendable {
    let weights: GRUWeights<Scalar>
    let packed: PackedGRUWeights<Scalar>
    let sequence: Tensor<Scalar>
    /// Of all directions; ours begin at `offset` of the last axis.
    let states: Tensor<Scalar>
    let offset: Int
    let reversed: Bool
    let lengths: SequenceLengths
    let batch: Int, time: Int, hidden: Int
    /// Pre-activations at first, activated gates after `run`, their gradients after `runGradient`.
    let gates: Tensor<Scalar>
    /// What the reset gate multiplies, later its gradient.
    let memory: Tensor<Scalar>

    init(
        _ weights: GRUWeights<Scalar>, _ packed: PackedGRUWeights<Scalar>, sequence: Tensor<Scalar>,
        states: Tensor<Scalar>, offset: Int, reversed: Bool, lengths: SequenceLengths
    ) {
        self.weights = GRUWeights(
            input: weights.input.detached().dense(), recurrent: weights.recurrent.detached().dense(),
            bias: weights.bias.detached(), candidateBias: weights.candidateBias.detached())
        (self.packed, self.sequence, self.states) = (packed, sequence, states)
        (self.offset, self.reversed, self.lengths) = (offset, reversed, lengths)
        (time, batch, hidden) = (sequence.shape[0], sequence.shape[1], weights.recurrent.shape[0])
        let input = self.weights.input
        gates = product(
            sequence, packed.input(.panels) { input.packedPanels() }, depth: sequence.shape[2], columns: 3 * hidden,
            bias: self.weights.bias)
        memory = .scratch(time * batch * hidden)
    }

    /// The recurrent weights of r and z, then those of n; transposed for the gradient.
    private func recurrentPanels(transposed: Bool) -> Tensor<Scalar> {
        let parts = [0..<2 * hidden, 2 * hidden..<3 * hidden].map {
            weights.recurrent.sliced($0, axis: 1).packedPanels(transposed: transposed)
        }
        return .concatenated(parts, axis: 0)
    }

    func gradientPanels() -> Tensor<Scalar> { recurrentPanels(transposed: true) }

    /// Where a step is in the sequence.
    private func position(_ step: Int) -> Int { reversed ? time - 1 - step : step }

    /// Runs the recurrence for some sequences.
    func run(_ rows: Range<Int>) {
        guard !rows.isEmpty, hidden > 0 else { return }
        let (kernels, n, stride) = (Scalar.kernels, rows.count, states.shape[2])
        let candidate = kernels.packed_count(hidden, 2 * hidden)
        let panels = packed.recurrent(.panels) { recurrentPanels(transposed: false) }
        withPointers(to: gates, memory, states, panels, weights.candidateBias) { gates, memory, states, panels, bias in
            let gates = UnsafeMutablePointer(mutating: gates)
            let memory = UnsafeMutablePointer(mutating: memory)
            let states = UnsafeMutablePointer(mutating: states) + offset
            for step in 0..<time {
                let here = position(step) * batch + rows.lowerBound
                let (g, m) = (gates + here * 3 * hidden, memory + here * hidden)
                var previous: UnsafeMutablePointer<Scalar>?
                if step > 0 {
                    let h = states + (position(step - 1) * batch + rows.lowerBound) * stride
                    kernels.multiply(
                        n, hidden, 2 * hidden, h, stride, panels, nil, DUCTUS_IDENTITY, true, g, 3 * hidden)
                    kernels.multiply(
                        n, hidden, hidden, h, stride, panels + candidate, bias, DUCTUS_IDENTITY, false, m, hidden)
                    previous = h
                }
                kernels.gru_step(n, hidden, g, bias, m, previous, states + here * stride, stride)
                lengths.forEachEnded(at: position(step), of: rows) { row in
                    (states + (here + row) * stride).update(repeating: 0, count: hidden)
                }
            }
        }
    }

    /// Turns gates and memory of some sequences into their gradients, last step first.
    func runGradient(_ rows: Range<Int>, _ upstream: Tensor<Scalar>, _ panels: Tensor<Scalar>) {
        guard !rows.isEmpty, hidden > 0 else { return }
        let (kernels, n, stride) = (Scalar.kernels, rows.count, states.shape[2])
        let candidate = kernels.packed_count(2 * hidden, hidden)
        let carried = Tensor<Scalar>.zeros([n, hidden])
        withPointers(to: gates, memory, states, upstream, panels, carried) {
            gates, memory, states, upstream, panels, carried in
            let gates = UnsafeMutablePointer(mutating: gates)
            let memory = UnsafeMutablePointer(mutating: memory)
            let dState = UnsafeMutablePointer(mutating: carried)
            for step in (0..<time).reversed() {
                let here = position(step) * batch + rows.lowerBound
                let (g, m) = (gates + here * 3 * hidden, memory + here * hidden)
                let previous = (position(step - 1) * batch + rows.lowerBound) * stride + offset
                kernels.gru_step_gradient(
                    n, hidden, g, m, step > 0 ? states + previous : nil, stride, upstream + here * stride + offset,
                    stride, dState)
                lengths.forEachEnded(at: position(step), of: rows) { row in
                    (g + row * 3 * hidden).update(repeating: 0, count: 3 * hidden)
                    (m + row * hidden).update(repeating: 0, count: hidden)
                    (dState + row * hidden).update(repeating: 0, count: hidden)
                }
                guard step > 0 else { break }
                kernels.multiply(
                    n, 2 * hidden, hidden, g, 3 * hidden, panels, nil, DUCTUS_IDENTITY, true, dState, hidden)
                kernels.multiply(
                    n, hidden, hidden, m, hidden, panels + candidate, nil, DUCTUS_IDENTITY, true, dState, hidden)
            }
        }
    }

    /// `[time, batch, in]`
    func inputGradient() -> Tensor<Scalar> {
        product(
            gates, weights.input.packedPanels(transposed: true), depth: 3 * hidden, columns: sequence.shape[2])
    }

    /// Of the input weights, the recurrent weights and the biases.
    func weightGradients() -> [Tensor<Scalar>] {
        let (steps, later) = (time * batch, max(time - 1, 0) * batch)
        let gradient = gates.reshaped(to: [steps, 3 * hidden])
        let memoryGradient = memory.reshaped(to: [steps, hidden])
        // Every state but the last is what the next step read.
        let readers = reversed ? 0..<later : steps - later..<steps
        let read = states.reshaped(to: [steps, -1]).sliced(reversed ? steps - later..<steps : 0..<later, axis: 0)
            .sliced(offset..<offset + hidden, axis: 1).transposed()
        return [
            sequence.reshaped(to: [steps, -1]).transposed().matmul(gradient),
            .concatenated(
                [
                    read.matmul(gradient.sliced(readers, axis: 0).sliced(0..<2 * hidden, axis: 1)),
                    read.matmul(memoryGradient.sliced(readers, axis: 0)),
                ], axis: 1),
            gradient.summedToLastAxis(), memoryGradient.summedToLastAxis(),
        ]
    }
}
