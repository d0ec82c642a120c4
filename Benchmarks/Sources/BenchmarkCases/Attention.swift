import Ductus

/// Normalized multi-head self-attention with a skip connection.
private struct AttentionBlock: Layer {
    let norm = LayerNorm(256)
    let attention = MultiHeadAttention(256, heads: 4)

    func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { x + attention(norm(x)) }
}

extension Case {
    static let attention: [Case] = {
        let (name, shape) = ("attention B16 T128 d256 h4", [16, 128, 256] as Shape)
        // Projections, then scores and their use.
        let work = Work.flops(2 * Double(16 * 128) * Double(256 * 768 + 256 * 256 + 2 * 128 * 256))
        return [
            Case(name + " fwd", work) {
                let (x, layer) = (random(shape), AttentionBlock())
                return { _ = layer(x) }
            },
            Case(name + " fwd+bwd", work * 3) {
                let layer = AttentionBlock()
                return forwardAndBackward([random(shape)]) { layer($0[0]) }
            },
        ]
    }()
}
