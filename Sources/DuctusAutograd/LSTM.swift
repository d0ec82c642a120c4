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

    fileprivate var all: [Tensor<Scalar>] { [input, recurrent, bias] }
}

/// The packed weights of one direction.
package struct PackedLSTMWeights<Scalar: FloatingScalar>: Sendable {
    let input: PackedWeights<Scalar>
    let recurrent: PackedWeights<Scalar>

    package init(input: PackedWeights<Scalar> = PackedWeights(), recurrent: PackedWeights<Scalar> = PackedWeights()) {
        (self.input, self.recurrent) = (input, recurrent)
    }
}

/// A long short-term memory over whole sequences, starting from zero states (Hochreiter and Schmidhuber 1997; forget
/// gate of Gers et al. 2000).
///
/// i, f, o = σ(x W + h′ U + b), g = tanh(…), c = f c′ + i g, h = o tanh c
///
/// Shapes: x `[batch, time, in]` → `[batch, time, hidden]`. With `backward` weights a second LSTM reads the sequence
/// from its end, and the last axis holds both outputs: `[batch, time, 2 hidden]`.
///
/// With `lengths`, one a sample, a sequence ends before the batch does: it is read as if it were alone, and what is said
/// behind its end is zero.
public func lstm<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, forward: LSTMWeights<Scalar>?, backward: LSTMWeights<Scalar>? = nil, lengths: [Int]? = nil
) -> Tensor<Scalar> {
    lstm(
        x, forward: forward, backward: backward, lengths: lengths,
        packed: [PackedLSTMWeights(), PackedLSTMWeights()])
}

/// The same, with weights that may be packed already, one set a direction.
@_specialize(where Scalar == Float)
package func lstm<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, forward: LSTMWeights<Scalar>?, backward: LSTMWeights<Scalar>?, lengths: [Int]?,
    packed: [PackedLSTMWeights<Scalar>]
) -> Tensor<Scalar> {
    let given = [forward, backward].compactMap { $0 }
    guard let hidden = given.first?.recurrent.shape[0] else {
        preconditionFailure("lstm: at least one direction is needed.")
    }
    for weights in given {
        let inputs = x.shape.last ?? 0
        precondition(
            x.rank == 3 && weights.input.shape == [inputs, 4 * hidden]
                && weights.recurrent.shape == [hidden, 4 * hidden] && weights.bias.shape == [4 * hidden],
            "lstm: input is \(x.shape), weights \(weights.input.shape), \(weights.recurrent.shape) and "
                + "\(weights.bias.shape); they must be [batch, time, in], [in, 4 hidden], [hidden, 4 hidden], [4 hidden]."
        )
    }
    let lengths = SequenceLengths(lengths, of: x.shape, "lstm")
    return recurrence(x, width: given.count * hidden, parameters: given.flatMap(\.all)) { sequence, states in
        zip(given, packed).enumerated().map { d, weights in
            LSTMDirection(
                weights.0, weights.1, sequence: sequence, states: states, offset: d * hidden,
                reversed: d == 1 || forward == nil, lengths: lengths)
        }
    }
}

private final class LSTMDirection<Scalar: FloatingScalar>: RecurrentDirection, @unchecked Sendable {
    let weights: LSTMWeights<Scalar>
    private let packed: PackedLSTMWeights<Scalar>
    private let sequence: Tensor<Scalar>
    /// Of all directions; ours begin at `offset` of the last axis.
    private let states: Tensor<Scalar>
    private let offset: Int
    private let reversed: Bool
    private let lengths: SequenceLengths
    private let batch: Int, time: Int, hidden: Int
    /// Pre-activations at first, activated gates after `run`, their gradients after `runGradient`.
    private let gates: Tensor<Scalar>
    private let cells: Tensor<Scalar>

    init(
        _ weights: LSTMWeights<Scalar>, _ packed: PackedLSTMWeights<Scalar>, sequence: Tensor<Scalar>,
        states: Tensor<Scalar>, offset: Int, reversed: Bool, lengths: SequenceLengths
    ) {
        self.weights = LSTMWeights(
            input: weights.input.detached().dense(), recurrent: weights.recurrent.detached().dense(),
            bias: weights.bias.detached().dense())
        (self.packed, self.sequence, self.states) = (packed, sequence, states)
        (self.offset, self.reversed, self.lengths) = (offset, reversed, lengths)
        (time, batch, hidden) = (sequence.shape[0], sequence.shape[1], weights.recurrent.shape[0])
        let input = self.weights.input
        gates = product(
            sequence, packed.input(.panels) { input.packedPanels() }, depth: sequence.shape[2], columns: 4 * hidden,
            bias: self.weights.bias)
        cells = .scratch(time * batch * hidden)
    }

    /// Where a step is in the sequence.
    private func position(_ step: Int) -> Int { reversed ? time - 1 - step : step }

    /// Runs the recurrence for some sequences.
    func run(_ rows: Range<Int>) {
        guard !rows.isEmpty, hidden > 0 else { return }
        let (kernels, n, width, stride) = (Scalar.kernels, rows.count, 4 * hidden, states.shape[2])
        let panels = packed.recurrent(.panels) { weights.recurrent.packedPanels() }
        withPointers(to: gates, cells, states, panels) { gates, cells, states, panels in
            let gates = UnsafeMutablePointer(mutating: gates)
            let cells = UnsafeMutablePointer(mutating: cells)
            let states = UnsafeMutablePointer(mutating: states) + offset
            for step in 0..<time {
                let here = position(step) * batch + rows.lowerBound
                let before = position(step - 1) * batch + rows.lowerBound
                if step > 0 {
                    kernels.multiply(
                        n, hidden, width, states + before * stride, stride, panels, nil, DUCTUS_IDENTITY, true,
                        gates + here * width, width)
                }
                kernels.lstm_step(
                    n, hidden, gates + here * width, step > 0 ? cells + before * hidden : nil, cells + here * hidden,
                    states + here * stride, stride)
                lengths.forEachEnded(at: position(step), of: rows) { row in
                    (states + (here + row) * stride).update(repeating: 0, count: hidden)
                    (cells + (here + row) * hidden).update(repeating: 0, count: hidden)
                }
            }
        }
    }

    func gradientPanels() -> Tensor<Scalar> { weights.recurrent.packedPanels(transposed: true) }

    /// Turns the gates of some sequences into their gradients, last step first.
    func runGradient(_ rows: Range<Int>, _ upstream: Tensor<Scalar>, _ panels: Tensor<Scalar>) {
        guard !rows.isEmpty, hidden > 0 else { return }
        let (kernels, n, width, stride) = (Scalar.kernels, rows.count, 4 * hidden, states.shape[2])
        let carried = Tensor<Scalar>.zeros([2, n, hidden])
        withPointers(to: gates, cells, upstream, panels, carried) { gates, cells, upstream, panels, carried in
            let gates = UnsafeMutablePointer(mutating: gates)
            let dState = UnsafeMutablePointer(mutating: carried)
            for step in (0..<time).reversed() {
                let here = position(step) * batch + rows.lowerBound
                let before = position(step - 1) * batch + rows.lowerBound
                kernels.lstm_step_gradient(
                    n, hidden, gates + here * width, step > 0 ? cells + before * hidden : nil, cells + here * hidden,
                    upstream + here * stride + offset, stride, dState, dState + n * hidden)
                lengths.forEachEnded(at: position(step), of: rows) { row in
                    (gates + (here + row) * width).update(repeating: 0, count: width)
                    (dState + (n + row) * hidden).update(repeating: 0, count: hidden)
                }
                guard step > 0 else { break }
                kernels.multiply(
                    n, width, hidden, gates + here * width, width, panels, nil, DUCTUS_IDENTITY, false, dState, hidden)
            }
        }
    }

    /// `[time, batch, in]`
    func inputGradient() -> Tensor<Scalar> {
        product(gates, weights.input.packedPanels(transposed: true), depth: 4 * hidden, columns: sequence.shape[2])
    }

    /// Of the input weights, the recurrent weights and the bias.
    func weightGradients() -> [Tensor<Scalar>] {
        let (steps, later) = (time * batch, max(time - 1, 0) * batch)
        let gradient = gates.reshaped(to: [steps, 4 * hidden])
        // Every state but the last is what the next step read.
        let readers = reversed ? 0..<later : steps - later..<steps
        let read = states.reshaped(to: [steps, -1]).sliced(reversed ? steps - later..<steps : 0..<later, axis: 0)
            .sliced(offset..<offset + hidden, axis: 1).transposed()
        return [
            sequence.reshaped(to: [steps, -1]).transposed().matmul(gradient),
            read.matmul(gradient.sliced(readers, axis: 0)), gradient.summedToLastAxis(),
        ]
    }
}
