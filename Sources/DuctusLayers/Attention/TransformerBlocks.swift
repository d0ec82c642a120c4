/// The position of layer normalization in transformer blocks.
public enum NormPosition: String, Sendable, Codable, CaseIterable {
    /// Pre-norm: x + f(norm(x)), which trains deep networks more stably (Xiong et al. 2020).
    case before
    /// Post-norm: norm(x + f(x)), as in the original (Vaswani et al. 2017).
    case after
}

/// The position-wise feed-forward network of a transformer: two dense layers, applied to every step by itself
/// (Vaswani et al. 2017).
public struct FeedForward: Layer, CustomStringConvertible, Placed {
    /// From `channels` to `hidden` features, with the activation.
    public let inner: Dense
    /// Back to `channels` features.
    public let outer: Dense
    private let dropout: Dropout
    let place = Place()

    /// `channels` input and output features, `hidden` features between the layers; `dropout` is the rate there. Weights
    /// are Glorot's whatever the activation; biases start at zero.
    public init(_ channels: Int, hidden: Int, activation: Activation = .gelu, dropout: Double = 0) {
        inner = Dense(
            weight: Initializer.glorotUniform.values([channels, hidden]), bias: .zeros([hidden]),
            activation: activation)
        outer = Dense(hidden, channels)
        self.dropout = Dropout(dropout)
    }

    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { listed { outer(dropout(inner(x))) } }

    public var description: String { "FeedForward \(inner.weight.shape[0]), \(inner.weight.shape[1]) inside" }
}

/// A transformer encoder block: self-attention, then a feed-forward network, each with a residual connection (Vaswani et
/// al. 2017).
///
/// ```swift
/// let encoder = Sequential {
///     SinusoidalPositions(128)
///     for _ in 0..<4 { TransformerEncoderBlock(128, heads: 4, hidden: 512, dropout: 0.1) }
///     LayerNorm(128)
/// }
/// ```
public struct TransformerEncoderBlock: Layer, CustomStringConvertible, Placed {
    /// The self-attention.
    public let attention: MultiHeadAttention
    /// The normalization of the attention.
    public let attentionNorm: LayerNorm
    /// The feed-forward network.
    public let feedForward: FeedForward
    /// The normalization of the feed-forward network.
    public let feedForwardNorm: LayerNorm
    /// The position of the normalizations.
    public let norm: NormPosition
    private let dropout: Dropout
    let place = Place()

    /// `channels` input and output channels, `hidden` features inside the feed-forward network; `dropout` is the rate after
    /// attention and feed-forward network and inside the latter.
    public init(
        _ channels: Int, heads: Int, hidden: Int, activation: Activation = .gelu, norm: NormPosition = .before,
        causal: Bool = false, dropout: Double = 0
    ) {
        attention = MultiHeadAttention(channels, heads: heads, causal: causal)
        attentionNorm = LayerNorm(channels)
        feedForward = FeedForward(channels, hidden: hidden, activation: activation, dropout: dropout)
        feedForwardNorm = LayerNorm(channels)
        (self.norm, self.dropout) = (norm, Dropout(dropout))
    }

    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { self(x, lengths: nil) }

    /// The output for sequences of different lengths.
    ///
    /// - Parameters:
    ///   - x: `[batch, time, channels]`.
    ///   - mask: true where a step may attend to another; broadcasts to `[batch, time, time]`.
    ///   - lengths: the length of each sequence, at least 1; the rest is padding.
    public func callAsFunction(
        _ x: Tensor<Float>, mask: Tensor<Bool>? = nil, lengths: [Int]?
    ) -> Tensor<Float> {
        listed {
            let y = norm.residual(x, attentionNorm) { dropout(attention($0, mask: mask, keyLengths: lengths)) }
            return norm.residual(y, feedForwardNorm) { dropout(feedForward($0)) }
        }
    }

    public var description: String { "TransformerEncoderBlock \(attention.output.weight.shape[0])" }
}

/// A transformer decoder block: causal self-attention, cross-attention to an encoded sequence, then a feed-forward network,
/// each with a residual connection (Vaswani et al. 2017).
///
/// ```swift
/// let block = TransformerDecoderBlock(128, heads: 4, hidden: 512)
/// block(Tensor.zeros([8, 20, 128]), attendingTo: Tensor.zeros([8, 50, 128])).shape   // [8, 20, 128]
/// ```
public struct TransformerDecoderBlock: Module, CustomStringConvertible, Placed {
    /// The causal self-attention.
    public let selfAttention: MultiHeadAttention
    /// The normalization of the self-attention.
    public let selfAttentionNorm: LayerNorm
    /// The attention to the encoded sequence.
    public let crossAttention: MultiHeadAttention
    /// The normalization of the cross-attention.
    public let crossAttentionNorm: LayerNorm
    /// The feed-forward network.
    public let feedForward: FeedForward
    /// The normalization of the feed-forward network.
    public let feedForwardNorm: LayerNorm
    /// The position of the normalizations.
    public let norm: NormPosition
    let dropout: Dropout
    let place = Place()

    /// `channels` input and output channels, `hidden` features inside the feed-forward network; `dropout` is the rate after
    /// both attentions and the feed-forward network and inside the latter.
    public init(
        _ channels: Int, heads: Int, hidden: Int, activation: Activation = .gelu, norm: NormPosition = .before,
        dropout: Double = 0
    ) {
        selfAttention = MultiHeadAttention(channels, heads: heads, causal: true)
        selfAttentionNorm = LayerNorm(channels)
        crossAttention = MultiHeadAttention(channels, heads: heads)
        crossAttentionNorm = LayerNorm(channels)
        feedForward = FeedForward(channels, hidden: hidden, activation: activation, dropout: dropout)
        feedForwardNorm = LayerNorm(channels)
        (self.norm, self.dropout) = (norm, Dropout(dropout))
    }

    /// The output for a sequence and the encoded sequence that it attends to.
    ///
    /// - Parameters:
    ///   - x: `[batch, time, channels]`.
    ///   - memory: the encoded sequence, `[batch, keys, channels]`.
    ///   - lengths: the length of each sequence of x, at least 1; the rest is padding.
    ///   - memoryLengths: the same for the memory.
    /// - Returns: `[batch, time, channels]`.
    public func callAsFunction(
        _ x: Tensor<Float>, attendingTo memory: Tensor<Float>, lengths: [Int]? = nil, memoryLengths: [Int]? = nil
    ) -> Tensor<Float> {
        listed {
            var y = norm.residual(x, selfAttentionNorm) { dropout(selfAttention($0, keyLengths: lengths)) }
            y = norm.residual(y, crossAttentionNorm) {
                dropout(crossAttention($0, attendingTo: memory, keyLengths: memoryLengths))
            }
            return norm.residual(y, feedForwardNorm) { dropout(feedForward($0)) }
        }
    }

    public var description: String { "TransformerDecoderBlock \(selfAttention.output.weight.shape[0])" }
}

extension NormPosition {
    /// The residual connection around `body`, with the normalization before or after.
    func residual(
        _ x: Tensor<Float>, _ norm: LayerNorm, _ body: (Tensor<Float>) -> Tensor<Float>
    ) -> Tensor<Float> {
        switch self {
        case .before: x + body(norm(x))
        case .after: norm(x + body(x))
        }
    }
}
