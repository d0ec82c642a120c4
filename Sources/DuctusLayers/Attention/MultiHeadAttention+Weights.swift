extension MultiHeadAttention {
    /// The attention weights of every step of x over another sequence, for each head.
    ///
    /// - Parameters:
    ///   - x: the queries, `[batch, time, channels]`.
    ///   - memory: the sequence to attend to, `[batch, keys, channels]`.
    ///   - keyLengths: the number of keys of each sample, at least 1; the rest is padding.
    /// - Returns: `[batch, heads, time, keys]`; each row sums to 1.
    public func attentionWeights(
        _ x: Tensor<Float>, attendingTo memory: Tensor<Float>, keyLengths: [Int]? = nil
    ) -> Tensor<Float> {
        DuctusAutograd.attentionWeights(
            query: projected(x, 0..<output.weight.shape[0]), key: keysAndValues(of: memory).keys, heads: heads,
            mask: visible(nil, keyLengths, queries: x.shape[1], keys: memory.shape[1], batch: x.shape[0]))
    }
}

extension TransformerDecoderBlock {
    /// The attention weights of every step of x over the memory, for each head: `[batch, heads, time, keys]`; each row sums
    /// to 1.
    ///
    /// - Parameters:
    ///   - x: `[batch, time, channels]`.
    ///   - memory: the encoded sequence, `[batch, keys, channels]`.
    ///   - memoryLengths: the number of steps of each sample's memory; the rest is padding.
    public func attentionWeights(
        _ x: Tensor<Float>, attendingTo memory: Tensor<Float>, memoryLengths: [Int]? = nil
    ) -> Tensor<Float> {
        let y = norm.residual(x, selfAttentionNorm) { selfAttention($0) }
        return crossAttention.attentionWeights(
            norm == .before ? crossAttentionNorm(y) : y, attendingTo: memory, keyLengths: memoryLengths)
    }
}
