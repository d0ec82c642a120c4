import CDuctusKernels

/// One direction of a recurrent layer over a batch, and what its gradient needs. All arrays are `[time, batch, …]`.
final class RecurrentDirection<Weights: RecurrentWeights>: @unchecked Sendable {
    typealias Scalar = Weights.Scalar

    private let weights: Weights
    private let packed: PackedRecurrentWeights<Scalar>
    private let sequence: Tensor<Scalar>
    /// The states of all directions; those of this one start at `offset` of the last axis.
    private let states: Tensor<Scalar>
    private let offset: Int
    private let reversed: Bool
    private let lengths: SequenceLengths
    private let batch: Int, time: Int, hidden: Int
    /// Pre-activations at first, gates after ``run(_:)``, their gradients after ``runGradient(_:_:_:)``.
    private let gates: Tensor<Scalar>
    /// The memory of the steps, later its gradient.
    private let memory: Tensor<Scalar>
    private var width: Int { Weights.gates * hidden }

    init(
        _ weights: Weights, _ packed: PackedRecurrentWeights<Scalar>, sequence: Tensor<Scalar>,
        states: Tensor<Scalar>, offset: Int, reversed: Bool, lengths: SequenceLengths
    ) {
        let parameters = weights.parameters.map { $0.detached().dense() }
        self.weights = Weights(parameters: parameters)
        (self.packed, self.sequence, self.states) = (packed, sequence, states)
        (self.offset, self.reversed, self.lengths) = (offset, reversed, lengths)
        (time, batch, hidden) = (sequence.shape[0], sequence.shape[1], parameters[1].shape[0])
        gates = product(
            sequence, packed.input(.panels) { parameters[0].packedPanels() }, depth: sequence.shape[2],
            columns: Weights.gates * hidden, bias: parameters[2])
        memory = .scratch(time * batch * hidden)
    }

    /// Runs the recurrence for some sequences.
    func run(_ rows: Range<Int>) {
        guard !rows.isEmpty, hidden > 0 else { return }
        let panels = packed.recurrent(.panels) { weights.recurrentPanels(transposed: false) }
        withPointers(to: panels) { panels in
            forEachStep(of: rows) { position, step in
                weights.run(step, panels)
                lengths.forEachEnded(at: position, of: rows) { row in
                    (step.state + row * step.stride).zero(hidden)
                    (step.memory + row * hidden).zero(hidden)
                }
            }
        }
    }

    /// The panels for ``runGradient(_:_:_:)``.
    func gradientPanels() -> Tensor<Scalar> { weights.recurrentPanels(transposed: true) }

    /// Turns gates and memory of some sequences into their gradients, last step first.
    func runGradient(_ rows: Range<Int>, _ upstream: Tensor<Scalar>, _ panels: Tensor<Scalar>) {
        guard !rows.isEmpty, hidden > 0 else { return }
        withPointers(to: upstream, panels, Tensor<Scalar>.zeros([2, rows.count, hidden])) { upstream, panels, carried in
            let carried = UnsafeMutablePointer(mutating: carried)
            forEachStep(of: rows, backward: true) { position, step in
                let start = (position * batch + rows.lowerBound) * step.stride + offset
                weights.runGradient(step, upstream + start, carried, panels)
                lengths.forEachEnded(at: position, of: rows) { row in
                    (step.gates + row * width).zero(width)
                    (step.memory + row * hidden).zero(hidden)
                    (carried + row * hidden).zero(hidden)
                    (carried + (rows.count + row) * hidden).zero(hidden)
                }
            }
        }
    }

    /// Calls `body` with every step and its position, in the order of ``run(_:)`` or backward.
    private func forEachStep(
        of rows: Range<Int>, backward: Bool = false, _ body: (_ position: Int, RecurrentStep<Scalar>) -> Void
    ) {
        func position(_ number: Int) -> Int { reversed ? time - 1 - number : number }
        withPointers(to: gates, memory, states) { gates, memory, states in
            let gates = UnsafeMutablePointer(mutating: gates)
            let memory = UnsafeMutablePointer(mutating: memory)
            let (states, stride) = (UnsafeMutablePointer(mutating: states) + offset, self.states.shape[2])
            for index in 0..<time {
                let number = backward ? time - 1 - index : index
                let row = position(number) * batch + rows.lowerBound
                let previous = number > 0 ? position(number - 1) * batch + rows.lowerBound : nil
                let step = RecurrentStep(
                    count: rows.count, hidden: hidden, stride: stride, gates: gates + row * width,
                    memory: memory + row * hidden, state: states + row * stride,
                    previousMemory: previous.map { memory + $0 * hidden },
                    previousState: previous.map { states + $0 * stride })
                body(position(number), step)
            }
        }
    }

    /// `[time, batch, in]`
    func inputGradient() -> Tensor<Scalar> {
        product(
            gates, weights.parameters[0].packedPanels(transposed: true), depth: width, columns: sequence.shape[2])
    }

    /// The gradients of the parameters.
    func weightGradients() -> [Tensor<Scalar>] {
        let (steps, later) = (time * batch, max(time - 1, 0) * batch)
        let gradient = gates.reshaped(to: [steps, width])
        let memoryGradient = memory.reshaped(to: [steps, hidden])
        // Each step but the first reads the state of the previous one.
        let readers = reversed ? 0..<later : steps - later..<steps
        let read = states.reshaped(to: [steps, states.shape[2]]).sliced(
            reversed ? steps - later..<steps : 0..<later, axis: 0
        )
        .sliced(offset..<offset + hidden, axis: 1).transposed()
        return [
            sequence.reshaped(to: [steps, sequence.shape[2]]).transposed().matmul(gradient),
            Weights.recurrentGradient(
                read, gates: gradient.sliced(readers, axis: 0), memory: memoryGradient.sliced(readers, axis: 0)),
            gradient.summedToLastAxis(),
        ] + weights.parameters.dropFirst(3).map { _ in memoryGradient.summedToLastAxis() }
    }
}
