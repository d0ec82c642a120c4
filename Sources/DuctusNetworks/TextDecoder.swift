/// An autoregressive decoder: generates a text token by token while it attends to a memory, such as the columns of an image.
///
/// Tokens are the classes, followed by ``start``, which precedes every text, and ``end``, which follows it.
///
/// ```swift
/// var state = decoder.start(memory, lengths: nil)
/// let logits = decoder.step(Tensor([decoder.start]), &state)   // [1, tokens]: for the first character
/// ```
public protocol TextDecoder: Module {
    /// The number of tokens: the classes, plus start and end.
    var tokens: Int { get }

    /// The state before the first step.
    /// - Parameters:
    ///   - memory: the encoded input, `[batch, keys, channels]`.
    ///   - lengths: the number of keys of each sample, at least 1; all if `nil`.
    func start(_ memory: Tensor<Float>, lengths: [Int]?) -> TextDecoderState

    /// The logits of the next token, `[batch, tokens]`, after one more token of each sample, `[batch]`.
    func step(_ token: Tensor<Int32>, _ state: inout TextDecoderState) -> Tensor<Float>

    /// The logits of the token after every token of a text, which depend only on that token and those before it, for teacher
    /// forcing (Williams and Zipser 1989).
    /// - Parameters:
    ///   - memory: the encoded input, `[batch, keys, channels]`.
    ///   - lengths: the number of keys of each sample, at least 1; all if `nil`.
    ///   - prefix: tokens, starting with the start token, `[batch, time]`.
    /// - Returns: `[batch, time, tokens]`, the logits of ``step(_:_:)`` for one token after the other.
    func logits(_ memory: Tensor<Float>, lengths: [Int]?, prefix: Tensor<Int32>) -> Tensor<Float>

    /// The attention weights over the memory for every token of a text, for each head.
    /// - Parameters:
    ///   - memory: the encoded input, `[batch, keys, channels]`.
    ///   - lengths: the number of keys of each sample, at least 1; all if `nil`.
    ///   - prefix: tokens, starting with the start token, `[batch, time]`.
    /// - Returns: `[batch, heads, time, keys]`; each row sums to 1. Row t has the weights for predicting the token after
    ///   token t.
    func attentionWeights(_ memory: Tensor<Float>, lengths: [Int]?, prefix: Tensor<Int32>) -> Tensor<Float>
}

extension TextDecoder {
    /// The start token, which precedes every text.
    public var start: Int32 { Int32(tokens - 2) }

    /// The end token, which follows every text.
    public var end: Int32 { Int32(tokens - 1) }

    /// The logits of one step after the other.
    public func logits(_ memory: Tensor<Float>, lengths: [Int]?, prefix: Tensor<Int32>) -> Tensor<Float> {
        var state = start(memory, lengths: lengths)
        let columns = (0..<prefix.shape[1]).map { prefix.sliced($0..<$0 + 1, axis: 1).squeezingShape(at: 1) }
        return .stacked(columns.map { step($0, &state) }, axis: 1)
    }
}

/// The state of a decoder between steps.
public struct TextDecoderState: Sendable {
    /// Tensors computed from the memory before the first step, the same at every step; the first axis is the batch.
    public var memory: [Tensor<Float>]
    /// Tensors updated by every step; the first axis is the batch.
    public var recent: [Tensor<Float>]
    /// The number of keys of each sample; all if `nil`.
    public var lengths: [Int]?
    /// The number of steps taken.
    public var steps = 0

    /// A state before the first step.
    public init(memory: [Tensor<Float>], recent: [Tensor<Float>] = [], lengths: [Int]? = nil) {
        (self.memory, self.recent, self.lengths) = (memory, recent, lengths)
    }

    /// The state of some samples, possibly repeated, as when beam search extends one hypothesis in several ways.
    public func selecting(_ samples: [Int]) -> TextDecoderState {
        let count = memory.first?.shape[0] ?? 0
        guard samples != Array(0..<count) else { return self }
        let indices = Tensor(samples.map { Int32($0) })
        var result = self
        result.memory = memory.map { $0.gathered(at: indices, axis: 0) }
        result.recent = recent.map { $0.gathered(at: indices, axis: 0) }
        result.lengths = lengths.map { lengths in samples.map { lengths[$0] } }
        return result
    }
}
