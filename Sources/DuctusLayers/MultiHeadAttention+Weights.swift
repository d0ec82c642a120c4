extension MultiHeadAttention {
    /// Where every step of x looks in another sequence, for each head.
    ///
    /// - Parameters:
    ///   - x: what asks, `[batch, time, channels]`.
    ///   - memory: what is looked at, `[batch, keys, channels]`.
    ///   - keyLengths: how many keys of every sample count; what comes after them is padding. At least one each.
    /// - Returns: `[batch, heads, time, keys]`; every row sums to 1.
    public func attentionWeights(
        _ x: Tensor<Float>, attendingTo memory: Tensor<Float>, keyLengths: [Int]? = nil
    ) -> Tensor<Float> {
        DuctusAutograd.attentionWeights(
            query: projected(x, 0..<output.weight.shape[0]), key: keysAndValues(of: memory).keys, heads: heads,
            mask: keyLengths.map { .visible($0, of: memory.shape[1]) })
    }
}

extension TransformerDecoderBlock {
    /// Where every step of x looks in the memory, for each head: `[batch, heads, time, keys]`, rows that sum to 1.
    ///
    /// - Parameters:
    ///   - x: `[batch, time, channels]`.
    ///   - memory: the encoded sequence, `[batch, keys, channels]`.
    ///   - memoryLengths: how many of the memory's steps count, by sample.
    public func attentionWeights(
        _ x: Tensor<Float>, attendingTo memory: Tensor<Float>, memoryLengths: [Int]? = nil
    ) -> Tensor<Float> {
        let y = norm.residual(x, selfAttentionNorm) { selfAttention($0) }
        return crossAttention.attentionWeights(
            norm == .before ? crossAttentionNorm(y) : y, attendingTo: memory, keyLengths: memoryLengths)
    }
}
