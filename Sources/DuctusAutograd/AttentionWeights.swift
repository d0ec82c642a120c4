/// Where ``attention(query:key:value:heads:causal:mask:)`` looks, softmax(q kᵀ / √(channels / heads)): the share of every
/// value in what a query finds.
///
/// It is for looking at: attention itself keeps its weights to itself, and computes them faster.
///
/// ```swift
/// let weights = attentionWeights(query: x, key: memory, heads: 4)      // [batch, 4, queries, keys]
/// let map = weights.mean(axes: [1])                                    // [batch, queries, keys], of all heads
/// ```
///
/// - Parameters:
///   - query: `[batch, queries, channels]`.
///   - key: `[batch, keys, channels]`.
///   - heads: how many; they share the channels evenly, one after the other.
///   - mask: which keys a query may see, of a shape that broadcasts to `[batch, queries, keys]`. Every query must see
///     one at least.
/// - Returns: `[batch, heads, queries, keys]`; every row sums to 1.
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
        "attentionWeights: \(channels) channels cannot be shared by \(heads) heads.")
    let width = channels / heads
    func shared(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        x.reshaped(to: [batch, x.shape[1], heads, width]).permuted([0, 2, 1, 3])
    }
    let scores = shared(query).matmul(shared(key).transposed()) * Scalar(1 / Double(width).squareRoot())
    guard let mask else { return scores.softmax() }
    let hidden = (.!mask).broadcast(to: [batch, queries, keys]).expandingShape(at: 1)
    return scores.replacing(with: -Scalar.infinity, where: hidden).softmax()
}
