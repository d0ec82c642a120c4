/// A recurrent layer over whole sequences, in one direction or both.
protocol RecurrentLayer: Layer, Placed {
    associatedtype Direction: RecurrentParameters
    /// The forward direction.
    var forward: Direction { get }
    /// The reverse direction; `nil` in a unidirectional layer.
    var backward: Direction? { get }
}

/// The parameters of one direction.
protocol RecurrentParameters: Module {
    associatedtype Weights: RecurrentWeights where Weights.Scalar == Float
    var inputWeight: Parameter { get }
    var recurrentWeight: Parameter { get }
    /// The values of all parameters.
    var weights: Weights { get }
}

extension RecurrentParameters {
    /// `[rows, gates · hidden]`, uniform within ±1 / √hidden.
    static func weight(_ rows: Int, _ hidden: Int) -> Parameter {
        let bound = 1 / Double(hidden).squareRoot()
        return Parameter(Initializer.uniform(bound: bound).values([rows, Weights.gates * hidden]))
    }

    fileprivate func packed(_ weights: Weights) -> PackedRecurrentWeights<Float> {
        PackedRecurrentWeights(
            input: inputWeight.packed(weights.parameters[0]), recurrent: recurrentWeight.packed(weights.parameters[1]))
    }
}

extension RecurrentLayer {
    /// The outputs of all directions, side by side.
    func outputs(_ x: Tensor<Float>, lengths: [Int]?) -> Tensor<Float> {
        let inputs = forward.inputWeight.shape[0]
        expect(x.rank == 3 && x.shape[2] == inputs, "input is \(x.shape); it must be [batch, time, \(inputs)]")
        if let lengths {
            expect(
                lengths.count == x.shape[0] && lengths.allSatisfy { 0...x.shape[1] ~= $0 },
                "lengths are \(lengths); there must be \(x.shape[0]), from 0 to \(x.shape[1])")
        }
        return listed {
            let (ahead, back) = (forward.weights, backward?.weights)
            let packed = [forward.packed(ahead)] + (backward.flatMap { layer in back.map { [layer.packed($0)] } } ?? [])
            return recurrence(x, forward: ahead, backward: back, lengths: lengths, packed: packed)
        }
    }

    /// `LSTM 128 → 2 × 64`
    func description(_ name: String) -> String {
        let (inputs, hidden) = (forward.inputWeight.shape[0], forward.recurrentWeight.shape[0])
        return "\(name) \(inputs) → \(backward == nil ? "" : "2 × ")\(hidden)"
    }
}
