extension LSTM {
    /// The recurrent state between steps.
    public struct State: Sendable {
        /// The output h, `[batch, hidden]`.
        public var output: Tensor<Float>
        /// The cell c, `[batch, hidden]`.
        public var cell: Tensor<Float>

        /// Output and cell, each `[batch, hidden]`; zeros before the first step.
        public init(output: Tensor<Float>, cell: Tensor<Float>) { (self.output, self.cell) = (output, cell) }
    }

    /// One step of a unidirectional layer, for sequences that are generated step by step. Starting from a state of zeros,
    /// the outputs are those for the whole sequence.
    ///
    /// ```swift
    /// let layer = LSTM(8, 16)
    /// let initial = LSTM.State(output: .zeros([1, 16]), cell: .zeros([1, 16]))
    /// let state = layer.step(Tensor.zeros([1, 8]), from: initial)
    /// state.output.shape   // [1, 16]
    /// ```
    /// - Parameters:
    ///   - x: `[batch, in]`.
    ///   - state: the state after the previous step.
    public func step(_ x: Tensor<Float>, from state: State) -> State {
        let (inputs, hidden) = (forward.inputWeight.shape[0], forward.recurrentWeight.shape[0])
        expect(backward == nil, "a bidirectional layer needs the whole sequence and has no single steps")
        expect(x.rank == 2 && x.shape[1] == inputs, "input is \(x.shape); it must be [batch, \(inputs)]")
        expect(
            state.output.shape == [x.shape[0], hidden] && state.cell.shape == state.output.shape,
            "the state is \(state.output.shape) and \(state.cell.shape); both must be [\(x.shape[0]), \(hidden)]")
        var cell = state.cell
        let output = listed {
            let (input, recurrent) = (forward.inputWeight.value, forward.recurrentWeight.value)
            let gates =
                dense(
                    x, weight: input, bias: forward.bias.value, activation: .identity,
                    packed: forward.inputWeight.packed(input))
                + dense(
                    state.output, weight: recurrent, bias: nil, activation: .identity,
                    packed: forward.recurrentWeight.packed(recurrent))
            let parts = gates.split(into: 4, axis: 1)
            cell = parts[1].sigmoid() * state.cell + parts[0].sigmoid() * parts[2].tanh()
            return parts[3].sigmoid() * cell.tanh()
        }
        return State(output: output, cell: cell)
    }
}
