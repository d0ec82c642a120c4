/// Writes a text token by token while it looks at a memory, such as the columns of an image.
///
/// Tokens are classes, and two more after them: ``start``, which stands before every text, and ``end``, which the
/// decoder writes after the last character.
///
/// ```swift
/// var state = decoder.start(memory, lengths: nil)
/// let logits = decoder.step(Tensor([decoder.start]), &state)   // [1, tokens]: the first character
/// ```
public protocol TextDecoder: Module {
    /// How many tokens there are: those of the classes, start and end.
    var tokens: Int { get }

    /// The state before the first step.
    /// - Parameters:
    ///   - memory: what is looked at, `[batch, keys, channels]`.
    ///   - lengths: how many keys of every sample count, at least one each; all, if absent.
    func start(_ memory: Tensor<Float>, lengths: [Int]?) -> TextDecoderState

    /// Reads one token a sample, `[batch]`, and makes logits for the one after it, `[batch, tokens]`.
    func step(_ token: Tensor<Int32>, _ state: inout TextDecoderState) -> Tensor<Float>

    /// The logits for the token after every token of a text, which depend on that token and those before it alone:
    /// teacher forcing (Williams and Zipser 1989).
    /// - Parameters:
    ///   - memory: what is looked at, `[batch, keys, channels]`.
    ///   - lengths: how many keys of every sample count, at least one each; all, if absent.
    ///   - prefix: tokens, the start first, `[batch, time]`.
    /// - Returns: `[batch, time, tokens]`, what ``step(_:_:)`` makes of one token after the other.
    func logits(_ memory: Tensor<Float>, lengths: [Int]?, prefix: Tensor<Int32>) -> Tensor<Float>

    /// Where the decoder looks while it reads a text, one token after the other: the shares of the memory's keys in what
    /// it finds, of each of its heads.
    /// - Parameters:
    ///   - memory: what is looked at, `[batch, keys, channels]`.
    ///   - lengths: how many keys of every sample count, at least one each; all, if absent.
    ///   - prefix: tokens, the start first, `[batch, time]`.
    /// - Returns: `[batch, heads, time, keys]`; every row sums to 1. Row t is what leads to the token after token t.
    func attentionWeights(_ memory: Tensor<Float>, lengths: [Int]?, prefix: Tensor<Int32>) -> Tensor<Float>
}

extension TextDecoder {
    /// The token before every text.
    public var start: Int32 { Int32(tokens - 2) }

    /// The token after every text.
    public var end: Int32 { Int32(tokens - 1) }

    /// Step by step.
    public func logits(_ memory: Tensor<Float>, lengths: [Int]?, prefix: Tensor<Int32>) -> Tensor<Float> {
        var state = start(memory, lengths: lengths)
        let columns = (0..<prefix.shape[1]).map { prefix.sliced($0..<$0 + 1, axis: 1).squeezingShape(at: 1) }
        return .stacked(columns.map { step($0, &state) }, axis: 1)
    }
}

/// What one step of a decoder leaves for the next.
public struct TextDecoderState: Sendable {
    /// What was made of the memory before the first step, samples along the first axis: the same at every step.
    public var memory: [Tensor<Float>]
    /// What the steps so far have left, samples along the first axis.
    public var recent: [Tensor<Float>]
    /// How many keys of every sample count; all, if absent.
    public var lengths: [Int]?
    /// Steps taken.
    public var steps = 0

    /// What a decoder has read, what it did last, and how long each memory is.
    public init(memory: [Tensor<Float>], recent: [Tensor<Float>] = [], lengths: [Int]? = nil) {
        (self.memory, self.recent, self.lengths) = (memory, recent, lengths)
    }

    /// The state of some samples; one may be there several times, to go on in several ways.
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
