/// An LSTM decoder with attention to the memory and input feeding (Luong, Pham and Manning 2015).
///
/// With token y and memory m: h = LSTM([embedding y; a′], h′), c = softmax(h · m / √channels) m,
/// a = tanh(W [c; h]), logits = V a. Input feeding, the use of a in the next step, tells the decoder what it has attended
/// to. The matrix of the paper's score h W m is part of the encoder, whose last dense layer computes the memory.
public struct RecurrentDecoder: TextDecoder {
    package let embedding: Embedding
    package let recurrent: LSTM
    package let combine: Dense
    package let head: Dense
    private let dropout: Dropout

    /// - Parameters:
    ///   - tokens: the number of classes, plus the start and end tokens.
    ///   - embedding: the channels of the token embedding.
    ///   - channels: the channels of the memory and of the LSTM.
    ///   - dropout: the dropout rate before the head.
    public init(tokens: Int, embedding: Int, channels: Int, dropout: Double) {
        self.embedding = Embedding(tokens, embedding)
        recurrent = LSTM(embedding + channels, channels)
        combine = Dense(2 * channels, channels)
        head = Dense(channels, tokens)
        self.dropout = Dropout(dropout)
    }

    public var tokens: Int { head.weight.shape[1] }

    public func start(_ memory: Tensor<Float>, lengths: [Int]?) -> TextDecoderState {
        let zeros = Tensor<Float>.zeros([memory.shape[0], memory.shape[2]])
        return TextDecoderState(memory: [memory], recent: [zeros, zeros, zeros], lengths: lengths)
    }

    public func step(_ token: Tensor<Int32>, _ state: inout TextDecoderState) -> Tensor<Float> {
        let (memory, attended) = (state.memory[0], state.recent[2])
        let next = recurrent.step(
            .concatenated([embedding(token), attended], axis: 1),
            from: LSTM.State(output: state.recent[0], cell: state.recent[1]))
        let visible = state.lengths.map { Tensor.visible($0, of: memory.shape[1]) }
        let context = attention(
            query: next.output.expandingShape(at: 1), key: memory, value: memory, heads: 1, mask: visible)
        let output = combine(.concatenated([context.squeezingShape(at: 1), next.output], axis: 1)).tanh()
        state.recent = [next.output, next.cell, output]
        state.steps += 1
        return head(dropout(output))
    }

    /// The weights of the single head.
    public func attentionWeights(
        _ memory: Tensor<Float>, lengths: [Int]?, prefix: Tensor<Int32>
    ) -> Tensor<Float> {
        var state = start(memory, lengths: lengths)
        let queries = (0..<prefix.shape[1]).map { time in
            _ = step(prefix.sliced(time..<time + 1, axis: 1).squeezingShape(at: 1), &state)
            return state.recent[0]
        }
        return DuctusLayers.attentionWeights(
            query: .stacked(queries, axis: 1), key: memory, heads: 1,
            mask: lengths.map { .visible($0, of: memory.shape[1]) })
    }
}
