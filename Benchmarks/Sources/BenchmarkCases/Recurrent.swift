import Ductus

/// One recurrent layer over a batch of sequences.
struct Sequences: Sendable {
    let time: Int, batch: Int, inputs: Int, hidden: Int
    var isBidirectional = false

    var name: String { "T\(time) B\(batch) I\(inputs) H\(hidden)" }

    /// Floating-point operations of a forward pass with so many gates.
    func flops(gates: Int) -> Double {
        2 * Double(time * batch) * Double(gates * hidden) * Double(inputs + hidden) * (isBidirectional ? 2 : 1)
    }

    var x: Tensor<Float> { random([batch, time, inputs]) }
}

extension Case {
    static let recurrent =
        [
            Sequences(time: 100, batch: 32, inputs: 128, hidden: 128),
            Sequences(time: 100, batch: 32, inputs: 512, hidden: 256),
            Sequences(time: 100, batch: 32, inputs: 128, hidden: 128, isBidirectional: true),
            Sequences(time: 100, batch: 32, inputs: 256, hidden: 256, isBidirectional: true),
            Sequences(time: 100, batch: 1, inputs: 128, hidden: 128),
            Sequences(time: 100, batch: 1, inputs: 256, hidden: 256, isBidirectional: true),
        ].flatMap(lstm) + gru(Sequences(time: 100, batch: 32, inputs: 128, hidden: 128))

    private static func lstm(_ s: Sequences) -> [Case] {
        let name = (s.isBidirectional ? "bilstm " : "lstm ") + s.name
        return [
            Case(name + " fwd", .flops(s.flops(gates: 4))) {
                let (x, layer) = (s.x, LSTM(s.inputs, s.hidden, bidirectional: s.isBidirectional))
                return { _ = layer(x) }
            },
            Case(name + " fwd+bwd", .flops(s.flops(gates: 4)) * 3) {
                let layer = LSTM(s.inputs, s.hidden, bidirectional: s.isBidirectional)
                return forwardAndBackward([s.x]) { layer($0[0]) }
            },
        ]
    }

    private static func gru(_ s: Sequences) -> [Case] {
        [
            Case("gru \(s.name) fwd", .flops(s.flops(gates: 3))) {
                let (x, layer) = (s.x, GRU(s.inputs, s.hidden))
                return { _ = layer(x) }
            },
            Case("gru \(s.name) fwd+bwd", .flops(s.flops(gates: 3)) * 3) {
                let layer = GRU(s.inputs, s.hidden)
                return forwardAndBackward([s.x]) { layer($0[0]) }
            },
        ]
    }
}
