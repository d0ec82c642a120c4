/// Self-attention of several heads over `[batch, time, channels]` (Vaswani et al. 2017): one projection to queries, keys
/// and values, attention, and a projection of what the heads found.
///
/// ```swift
/// let layer = MultiHeadAttention(256, heads: 4)
/// layer(Tensor.zeros([16, 128, 256])).shape   // [16, 128, 256]
/// ```
public struct MultiHeadAttention: Layer, CustomStringConvertible {
    /// To queries, keys and values side by side.
    public let projection: Dense
    public let output: Dense
    public let heads: Int
    /// Whether a step sees only itself and those before it.
    public let isCausal: Bool

    public init(_ channels: Int, heads: Int, causal: Bool = false, bias: Bool = true) {
        precondition(
            heads > 0 && channels.isMultiple(of: heads),
            "MultiHeadAttention: \(channels) channels cannot be shared by \(heads) heads.")
        projection = Dense(channels, 3 * channels, bias: bias)
        output = Dense(channels, channels, bias: bias)
        (self.heads, isCausal) = (heads, causal)
    }

    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { self(x, mask: nil) }

    /// - Parameter mask: which steps a step may see, of a shape that broadcasts to `[batch, time, time]`.
    public func callAsFunction(_ x: Tensor<Float>, mask: Tensor<Bool>?) -> Tensor<Float> {
        let channels = output.weight.shape[0]
        expect(
            x.rank == 3 && x.shape[2] == channels,
            projection.weight.layerPath("projection.weight") + "(\(self))",
            "input is \(x.shape); it must be [batch, time, \(channels)]")
        return output(selfAttention(projection(x), heads: heads, causal: isCausal, mask: mask))
    }

    public var description: String { "MultiHeadAttention \(output.weight.shape[0]), \(heads) heads" }
}
