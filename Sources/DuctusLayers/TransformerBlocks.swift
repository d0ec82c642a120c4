/// Where a transformer's blocks normalise.
public enum NormPosition: String, Sendable, Codable, CaseIterable {
    /// Before every part: x + f(norm(x)). Deep networks learn more easily so (Xiong et al. 2020).
    case before
    /// After every sum: norm(x + f(x)), as in the original (Vaswani et al. 2017).
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

/// One block of a transformer's encoder: a sequence attends to itself, then every step goes through two dense layers;
/// around both lead residual connections (Vaswani et al. 2017).
///
/// ```swift
/// let encoder = Sequential {
///     SinusoidalPositions(128)
///     for _ in 0..<4 { TransformerEncoderBlock(128, heads: 4, hidden: 512, dropout: 0.1) }
///     LayerNorm(128)
/// }
/// ```
public struct TransformerEncoderBlock: Layer, CustomStringConvertible, Placed {
    /// The sequence's attention to itself.
    public let attention: MultiHeadAttention
    /// Before or after it.
    public let attentionNorm: LayerNorm
    /// The two dense layers.
    public let feedForward: FeedForward
    /// Before or after them.
    public let feedForwardNorm: LayerNorm
    /// Where the block normalises.
    public let norm: NormPosition
    private let dropout: Dropout
    let place = Place()

    /// From so many channels to as many. `hidden` is the width between the two dense layers, `dropout` the rate after
    /// every part.
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
    ///   - mask: which steps a step may see, of a shape that broadcasts to `[batch, time, time]`.
    ///   - lengths: how many steps of every sample count; nobody sees the padding after them.
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

/// One block of a transformer's decoder: a sequence attends to what came before in itself, then to an encoded sequence,
/// then every step goes through two dense layers; residual connections lead around all three (Vaswani et al. 2017).
///
/// ```swift
/// let block = TransformerDecoderBlock(128, heads: 4, hidden: 512)
/// block(Tensor.zeros([8, 20, 128]), attendingTo: Tensor.zeros([8, 50, 128])).shape   // [8, 20, 128]
/// ```
public struct TransformerDecoderBlock: Module, CustomStringConvertible, Placed {
    /// The sequence's attention to itself, causal.
    public let selfAttention: MultiHeadAttention
    /// Before or after it.
    public let selfAttentionNorm: LayerNorm
    /// The attention to the encoded sequence.
    public let crossAttention: MultiHeadAttention
    /// Before or after it.
    public let crossAttentionNorm: LayerNorm
    /// The two dense layers.
    public let feedForward: FeedForward
    /// Before or after them.
    public let feedForwardNorm: LayerNorm
    /// Where the block normalises.
    public let norm: NormPosition
    let dropout: Dropout
    let place = Place()

    /// From so many channels to as many. `hidden` is the width between the two dense layers, `dropout` the rate after
    /// every part.
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

    /// The output for a sequence and what it attends to.
    ///
    /// - Parameters:
    ///   - x: `[batch, time, channels]`.
    ///   - memory: the encoded sequence, `[batch, keys, channels]`.
    ///   - lengths: how many steps of x count, by sample.
    ///   - memoryLengths: how many of the memory's.
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
    /// x plus what `body` makes of it, normalised before or after.
    func residual(
        _ x: Tensor<Float>, _ norm: LayerNorm, _ body: (Tensor<Float>) -> Tensor<Float>
    ) -> Tensor<Float> {
        switch self {
        case .before: x + body(norm(x))
        case .after: norm(x + body(x))
        }
    }
}
