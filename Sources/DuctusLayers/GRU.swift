/// A gated recurrent unit over whole sequences, one way or both.
///
/// ```swift
/// let layer = GRU(128, 64, bidirectional: true)
/// layer(Tensor.zeros([8, 100, 128])).shape   // [8, 100, 128]: both outputs, 64 channels each, side by side
/// ```
public struct GRU: Layer, CustomStringConvertible, Placed {
    /// The parameters of one direction; gates in the order r, z, n.
    public struct Direction: Module {
        /// `[in, 3 hidden]`
        public let inputWeight: Parameter
        /// `[hidden, 3 hidden]`
        public let recurrentWeight: Parameter
        /// `[3 hidden]`
        public let bias: Parameter
        /// `[hidden]`: inside the candidate, before the reset gate multiplies.
        public let candidateBias: Parameter

        init(_ inputs: Int, _ hidden: Int) {
            let bound = 1 / Double(hidden).squareRoot()
            inputWeight = Parameter(Initializer.uniform(bound: bound).values([inputs, 3 * hidden]))
            recurrentWeight = Parameter(Initializer.uniform(bound: bound).values([hidden, 3 * hidden]))
            bias = Parameter(.zeros([3 * hidden]))
            candidateBias = Parameter(.zeros([hidden]))
        }

        var weights: GRUWeights<Float> {
            GRUWeights(
                input: inputWeight.value, recurrent: recurrentWeight.value, bias: bias.value,
                candidateBias: candidateBias.value)
        }

        var packed: PackedGRUWeights<Float> {
            PackedGRUWeights(input: inputWeight.packed, recurrent: recurrentWeight.packed)
        }
    }

    /// What reads a sequence from its beginning.
    public let forward: Direction
    /// What reads it from its end, if anything does.
    public let backward: Direction?
    let place = Place()

    /// From so many channels to so many, or to twice as many if `bidirectional`. Weights begin uniform within
    /// ±1 / √hidden, biases as zeros.
    public init(_ inputs: Int, _ hidden: Int, bidirectional: Bool = false) {
        forward = Direction(inputs, hidden)
        backward = bidirectional ? Direction(inputs, hidden) : nil
    }

    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { self(x, lengths: nil) }

    /// The same, where sequences end before the batch does: each is read as if it were alone, and what is said behind
    /// its end is zero.
    ///
    /// - Parameters:
    ///   - x: `[batch, time, in]`.
    ///   - lengths: how many steps of every sample count, from 0 to `time`; all, if absent.
    public func callAsFunction(_ x: Tensor<Float>, lengths: [Int]?) -> Tensor<Float> {
        let inputs = forward.inputWeight.shape[0]
        expect(x.rank == 3 && x.shape[2] == inputs, "input is \(x.shape); it must be [batch, time, \(inputs)]")
        if let lengths {
            expect(
                lengths.count == x.shape[0] && lengths.allSatisfy { 0...x.shape[1] ~= $0 },
                "the lengths are \(lengths); there must be \(x.shape[0]), from 0 to \(x.shape[1])")
        }
        return listed {
            gru(
                x, forward: forward.weights, backward: backward?.weights, lengths: lengths,
                packed: [forward.packed, (backward ?? forward).packed])
        }
    }

    public var description: String {
        let (inputs, hidden) = (forward.inputWeight.shape[0], forward.recurrentWeight.shape[0])
        return "GRU \(inputs) → \(backward == nil ? "" : "2 × ")\(hidden)"
    }
}
