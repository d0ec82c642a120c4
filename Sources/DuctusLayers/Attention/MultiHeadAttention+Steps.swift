/// The projected keys and values of a sequence, computed once and attended to many times.
public struct KeysAndValues: Sendable {
    /// `[batch, keys, channels]`
    public var keys: Tensor<Float>
    /// `[batch, keys, channels]`
    public var values: Tensor<Float>

    /// Both `[batch, keys, channels]`, heads side by side.
    public init(keys: Tensor<Float>, values: Tensor<Float>) { (self.keys, self.values) = (keys, values) }
}

extension MultiHeadAttention {
    /// The keys and values of a sequence, `[batch, keys, channels]`.
    public func keysAndValues(of memory: Tensor<Float>) -> KeysAndValues {
        let channels = output.weight.shape[0]
        let both = projected(memory, channels..<3 * channels).split(into: 2, axis: 2)
        return KeysAndValues(keys: both[0].dense(), values: both[1].dense())
    }

    /// Attention to cached keys and values.
    /// - Parameters:
    ///   - x: the queries, `[batch, time, channels]`.
    ///   - memory: from ``keysAndValues(of:)`` of this layer.
    ///   - mask: true where a step may attend to a key; broadcasts to `[batch, time, keys]`.
    public func callAsFunction(
        _ x: Tensor<Float>, attendingTo memory: KeysAndValues, mask: Tensor<Bool>? = nil
    ) -> Tensor<Float> {
        listed {
            output(
                attention(
                    query: projected(x, 0..<output.weight.shape[0]), key: memory.keys, value: memory.values,
                    heads: heads, causal: isCausal, mask: mask))
        }
    }

    /// Causal self-attention of one more step of a sequence.
    /// - Parameters:
    ///   - x: the step, `[batch, 1, channels]`.
    ///   - past: keys and values of all previous steps, `nil` before the first; those of this step are appended.
    public func step(_ x: Tensor<Float>, after past: inout KeysAndValues?) -> Tensor<Float> {
        listed {
            let parts = projection(x).split(into: 3, axis: 2)
            var all = KeysAndValues(keys: parts[1], values: parts[2])
            if let past {
                all.keys = .concatenated([past.keys, all.keys], axis: 1)
                all.values = .concatenated([past.values, all.values], axis: 1)
            }
            past = all
            return output(attention(query: parts[0], key: all.keys, value: all.values, heads: heads))
        }
    }
}

extension TransformerDecoderBlock {
    /// The decoding state between steps.
    public struct State: Sendable {
        /// Keys and values of the encoded sequence, the same at every step.
        public var memory: KeysAndValues
        /// Keys and values of the steps so far; `nil` before the first.
        public var past: KeysAndValues?

        /// Keys and values of the encoded sequence and of the previous steps.
        public init(memory: KeysAndValues, past: KeysAndValues? = nil) { (self.memory, self.past) = (memory, past) }
    }

    /// The state before the first step, for attention to `memory`, `[batch, keys, channels]`.
    public func start(attendingTo memory: Tensor<Float>) -> State {
        State(memory: crossAttention.keysAndValues(of: memory))
    }

    /// One step. The outputs are those for the whole sequence, without recomputing previous steps.
    /// - Parameters:
    ///   - x: `[batch, 1, channels]`.
    ///   - state: the state after the previous steps; updated with this one.
    ///   - visible: true for the keys of the memory to attend to; broadcasts to `[batch, 1, keys]`.
    public func step(_ x: Tensor<Float>, from state: inout State, visible: Tensor<Bool>? = nil) -> Tensor<Float> {
        let memory = state.memory
        return listed {
            var y = norm.residual(x, selfAttentionNorm) { dropout(selfAttention.step($0, after: &state.past)) }
            y = norm.residual(y, crossAttentionNorm) {
                dropout(crossAttention($0, attendingTo: memory, mask: visible))
            }
            return norm.residual(y, feedForwardNorm) { dropout(feedForward($0)) }
        }
    }
}
