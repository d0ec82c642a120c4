/// The attention weights of ``attention(query:key:value:heads:causal:mask:)``, softmax(q kᵀ / √(channels / heads)): the
/// weight of every value in the output of a query.
///
/// This is for inspection and visualization; attention itself computes its weights faster and does not return them.
///
/// ```swift
/// let weights = attentionWeights(query: x, key: memory, heads: 4)      // [batch, 4, queries, keys]
/// let map = weights.mean(axes: [1])                                    // [batch, queries, keys], averaged over heads
/// ```
///
/// - Parameters:
///   - query: `[batch, queries, channels]`.
///   - key: `[batch, keys, channels]`.
///   - heads: the number of heads; it must divide the channels.
///   - mask: true where a query may attend to a key; broadcasts to `[batch, queries, keys]`. Every query needs at least
///     one key.
/// - Returns: `[batch, heads, queries, keys]`; each row sums to 1.
public func attentionWeights<Scalar: FloatingScalar>(
    query: Tensor<Scalar>, key: Tensor<Scalar>, heads: Int, mask: Tensor<Bool>? = nil
) -> Tensor<Scalar> {
    precondition(
        query.rank == 3 && key.rank == 3 && query.shape[0] == key.shape[0] && query.shape[2] == key.shape[2],
        "attentionWeights: query is \(query.shape), key \(key.shape); they must be [batch, queries, channels] and "
            + "[batch, keys, channels].")
    let (batch, queries, keys, channels) = (query.shape[0], query.shape[1], key.shape[1], query.shape[2])
    precondition(
        heads > 0 && channels.isMultiple(of: heads),
        "attentionWeights: \(channels) channels cannot be divided among \(heads) heads.")
    let visible = mask?.broadcast(to: [batch, queries, keys])
    precondition(
        visible?.any(axes: [2]).all().item() ?? true, "attentionWeights: the mask leaves a query without keys.")
    let width = channels / heads
    func splitHeads(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        x.reshaped(to: [batch, x.shape[1], heads, width]).permuted([0, 2, 1, 3])
    }
    let scores = splitHeads(query).matmul(splitHeads(key).transposed()) * Scalar(1 / Double(width).squareRoot())
    guard let visible else { return scores.softmax() }
    return scores.replacing(with: -Scalar.infinity, where: (.!visible).expandingShape(at: 1)).softmax()
}
