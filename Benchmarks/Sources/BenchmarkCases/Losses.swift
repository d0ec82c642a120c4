import Ductus

extension Case {
    private static let (time, batch, classes, length) = (100, 32, 83, 40)
    private static let shape = "T\(time) B\(batch) C\(classes) L\(length)"

    /// Ours takes logits, so that the softmax is always part of it; both cases of the peers are rated against it.
    static let losses = [
        Case("ctc \(shape) fwd") {
            let (logits, loss) = ctc()
            return { _ = loss(logits) }
        },
        Case("ctc \(shape) fwd+bwd") { ctcGradient() },
        Case("ctc+log_softmax \(shape) fwd+bwd") { ctcGradient() },
    ]

    private static func ctcGradient() -> () -> Void {
        let (logits, loss) = ctc()
        return { _ = valueAndGradient(at: [logits]) { loss($0[0]) } }
    }

    private static func ctc() -> (logits: Tensor<Float>, loss: (Tensor<Float>) -> Tensor<Float>) {
        let labels = randomLabels([batch, length], in: 1..<Int32(classes))
        let lengths = Array(repeating: length, count: batch)
        return (random([batch, time, classes]), { ctcLoss($0, labels: labels, labelLengths: lengths).mean() })
    }
}
