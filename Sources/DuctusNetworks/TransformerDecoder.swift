/// A decoder that looks at what it has written, and then at the memory, with attention: the decoder of the transformer
/// (Vaswani et al. 2017).
///
/// Tokens become √channels times their embedding, plus sinusoidal positions; then come the blocks and a dense layer.
/// ``step(_:_:)`` keeps the keys and values of the steps before, so that a text of n tokens costs n steps.
public struct TransformerDecoder: TextDecoder {
    package let embedding: Embedding
    package let blocks: [TransformerDecoderBlock]
    package let norm: LayerNorm?
    package let head: Dense
    private let positions: SinusoidalPositions
    private let dropout: Dropout

    /// - Parameters:
    ///   - tokens: classes, start and end.
    ///   - channels: those of the memory and of every step.
    ///   - layers: how many blocks.
    ///   - heads: of every attention; they share the channels.
    ///   - hidden: the width of the dense layers inside the blocks.
    ///   - norm: where blocks normalise; `before` needs one more normalisation at the end.
    ///   - dropout: after the positions and in the blocks.
    public init(
        tokens: Int, channels: Int, layers: Int, heads: Int, hidden: Int, norm: NormPosition, dropout: Double
    ) {
        embedding = Embedding(tokens, channels)
        blocks = (0..<layers).map { _ in
            TransformerDecoderBlock(
                channels, heads: heads, hidden: hidden, activation: .relu, norm: norm, dropout: dropout)
        }
        self.norm = norm == .before ? LayerNorm(channels) : nil
        head = Dense(channels, tokens)
        positions = SinusoidalPositions(channels)
        self.dropout = Dropout(dropout)
    }

    public var tokens: Int { head.weight.shape[1] }

    /// `[batch, time]` → `[batch, time, channels]`
    private func embedded(_ tokens: Tensor<Int32>, from step: Int) -> Tensor<Float> {
        let scale = Float(embedding.weight.shape[1]).squareRoot()
        return dropout(positions(embedding(tokens) * scale, from: step))
    }

    private func answer(_ x: Tensor<Float>) -> Tensor<Float> { head(norm.map { $0(x) } ?? x) }

    public func logits(_ memory: Tensor<Float>, lengths: [Int]?, prefix: Tensor<Int32>) -> Tensor<Float> {
        answer(
            blocks.reduce(embedded(prefix, from: 0)) { $1($0, attendingTo: memory, memoryLengths: lengths) })
    }

    /// Of all heads of the first block, then of those of the next.
    public func attentionWeights(
        _ memory: Tensor<Float>, lengths: [Int]?, prefix: Tensor<Int32>
    ) -> Tensor<Float> {
        var x = embedded(prefix, from: 0)
        let weights = blocks.map { block in
            defer { x = block(x, attendingTo: memory, memoryLengths: lengths) }
            return block.attentionWeights(x, attendingTo: memory, memoryLengths: lengths)
        }
        return .concatenated(weights, axis: 1)
    }

    public func start(_ memory: Tensor<Float>, lengths: [Int]?) -> TextDecoderState {
        let shown = blocks.map { $0.start(attendingTo: memory).memory }
        return TextDecoderState(memory: shown.flatMap { [$0.keys, $0.values] }, lengths: lengths)
    }

    public func step(_ token: Tensor<Int32>, _ state: inout TextDecoderState) -> Tensor<Float> {
        let visible = state.lengths.map { Tensor.visible($0, of: state.memory[0].shape[1]) }
        var x = embedded(token.expandingShape(at: 1), from: state.steps)
        var recent: [Tensor<Float>] = []
        for (index, block) in blocks.enumerated() {
            func pair(_ list: [Tensor<Float>]) -> KeysAndValues {
                KeysAndValues(keys: list[2 * index], values: list[2 * index + 1])
            }
            var own = TransformerDecoderBlock.State(
                memory: pair(state.memory), past: state.steps == 0 ? nil : pair(state.recent))
            x = block.step(x, from: &own, visible: visible)
            if let past = own.past { recent += [past.keys, past.values] }
        }
        state.recent = recent
        state.steps += 1
        return answer(x).squeezingShape(at: 1)
    }
}
