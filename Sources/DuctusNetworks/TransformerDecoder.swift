/// The decoder of the transformer, with attention to previous tokens and to the memory (Vaswani et al. 2017).
///
/// The embedding of each token is scaled by √channels and gets a sinusoidal positional encoding; the decoder blocks and a
/// dense layer follow. ``step(_:_:)`` caches the keys and values of previous steps, so that n tokens take n steps.
public struct TransformerDecoder: TextDecoder {
    package let embedding: Embedding
    package let blocks: [TransformerDecoderBlock]
    package let norm: LayerNorm?
    package let head: Dense
    private let positions: SinusoidalPositions
    private let dropout: Dropout

    /// - Parameters:
    ///   - tokens: the number of classes, plus the start and end tokens.
    ///   - channels: the channels of memory and decoder.
    ///   - layers: the number of blocks.
    ///   - heads: the number of attention heads, which must divide `channels`.
    ///   - hidden: the hidden features of the feed-forward networks.
    ///   - norm: the position of layer normalization in the blocks; `before` adds a final normalization.
    ///   - dropout: the dropout rate after the positional encoding and in the blocks.
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

    private func output(_ x: Tensor<Float>) -> Tensor<Float> { head(norm.map { $0(x) } ?? x) }

    public func logits(_ memory: Tensor<Float>, lengths: [Int]?, prefix: Tensor<Int32>) -> Tensor<Float> {
        output(
            blocks.reduce(embedded(prefix, from: 0)) { $1($0, attendingTo: memory, memoryLengths: lengths) })
    }

    /// The weights of all heads, block by block.
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
        let cached = blocks.map { $0.start(attendingTo: memory).memory }
        return TextDecoderState(memory: cached.flatMap { [$0.keys, $0.values] }, lengths: lengths)
    }

    public func step(_ token: Tensor<Int32>, _ state: inout TextDecoderState) -> Tensor<Float> {
        let visible = state.lengths.map { Tensor.visible($0, of: state.memory[0].shape[1]) }
        var x = embedded(token.expandingShape(at: 1), from: state.steps)
        var recent: [Tensor<Float>] = []
        for (index, block) in blocks.enumerated() {
            func pair(_ list: [Tensor<Float>]) -> KeysAndValues {
                KeysAndValues(keys: list[2 * index], values: list[2 * index + 1])
            }
            var blockState = TransformerDecoderBlock.State(
                memory: pair(state.memory), past: state.steps == 0 ? nil : pair(state.recent))
            x = block.step(x, from: &blockState, visible: visible)
            if let past = blockState.past { recent += [past.keys, past.values] }
        }
        state.recent = recent
        state.steps += 1
        return output(x).squeezingShape(at: 1)
    }
}
