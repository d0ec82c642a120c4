extension LSTM {
    /// What a step leaves for the next.
    public struct State: Sendable {
        /// What the layer says, `[batch, hidden]`.
        public var output: Tensor<Float>
        /// What it remembers, `[batch, hidden]`.
        public var cell: Tensor<Float>

        /// What a step left, each `[batch, hidden]`; zeros before the first.
        public init(output: Tensor<Float>, cell: Tensor<Float>) { (self.output, self.cell) = (output, cell) }
    }

    /// One step of a layer that reads forward, for sequences that come into being as they are read. Step by step from
    /// a state of zeros, the outputs are those of the whole sequence.
    ///
    /// ```swift
    /// let layer = LSTM(8, 16)
    /// let nothing = LSTM.State(output: .zeros([1, 16]), cell: .zeros([1, 16]))
    /// let state = layer.step(Tensor.zeros([1, 8]), from: nothing)
    /// state.output.shape   // [1, 16]
    /// ```
    /// - Parameters:
    ///   - x: `[batch, in]`.
    ///   - state: what the step before left.
    public func step(_ x: Tensor<Float>, from state: State) -> State {
        let (inputs, hidden) = (forward.inputWeight.shape[0], forward.recurrentWeight.shape[0])
        expect(backward == nil, "a layer that reads both ways needs the whole sequence")
        expect(x.rank == 2 && x.shape[1] == inputs, "input is \(x.shape); it must be [batch, \(inputs)]")
        expect(
            state.output.shape == [x.shape[0], hidden] && state.cell.shape == state.output.shape,
            "the state is \(state.output.shape) and \(state.cell.shape); both must be [\(x.shape[0]), \(hidden)]")
        var cell = state.cell
        let output = listed {
            let gates =
                dense(
                    x, weight: forward.inputWeight.value, bias: forward.bias.value, activation: .identity,
                    packed: forward.inputWeight.packed)
                + dense(
                    state.output, weight: forward.recurrentWeight.value, bias: nil, activation: .identity,
                    packed: forward.recurrentWeight.packed)
            let parts = gates.split(into: 4, axis: 1)
            cell = parts[1].sigmoid() * state.cell + parts[0].sigmoid() * parts[2].tanh()
            return parts[3].sigmoid() * cell.tanh()
        }
        return State(output: output, cell: cell)
    }
}
