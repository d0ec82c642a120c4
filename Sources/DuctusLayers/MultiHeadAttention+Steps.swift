/// What a sequence shows to those that attend to it, so that it is computed once however often it is looked at.
public struct KeysAndValues: Sendable {
    /// `[batch, keys, channels]`
    public var keys: Tensor<Float>
    /// `[batch, keys, channels]`
    public var values: Tensor<Float>

    /// Both `[batch, keys, channels]`, the heads side by side.
    public init(keys: Tensor<Float>, values: Tensor<Float>) { (self.keys, self.values) = (keys, values) }
}

extension MultiHeadAttention {
    /// What a sequence `[batch, keys, channels]` shows.
    public func keysAndValues(of memory: Tensor<Float>) -> KeysAndValues {
        let channels = output.weight.shape[0]
        let both = projected(memory, channels..<3 * channels).split(into: 2, axis: 2)
        return KeysAndValues(keys: both[0].dense(), values: both[1].dense())
    }

    /// Attends to what another sequence shows.
    /// - Parameters:
    ///   - x: what asks, `[batch, time, channels]`.
    ///   - memory: from ``keysAndValues(of:)`` of this layer.
    ///   - mask: which keys a step may see, of a shape that broadcasts to `[batch, time, keys]`.
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

    /// Attends to a sequence that grows by one step, x, and to that step itself.
    /// - Parameters:
    ///   - x: `[batch, 1, channels]`.
    ///   - past: what all steps before show, `nil` at the first; this step's keys and values come after them.
    public func step(_ x: Tensor<Float>, after past: inout KeysAndValues?) -> Tensor<Float> {
        listed {
            let parts = projection(x).split(into: 3, axis: 2)
            var seen = KeysAndValues(keys: parts[1], values: parts[2])
            if let past {
                seen.keys = .concatenated([past.keys, seen.keys], axis: 1)
                seen.values = .concatenated([past.values, seen.values], axis: 1)
            }
            past = seen
            return output(attention(query: parts[0], key: seen.keys, value: seen.values, heads: heads))
        }
    }
}

extension TransformerDecoderBlock {
    /// What one step of a sequence leaves for the next.
    public struct State: Sendable {
        /// What the encoded sequence shows: the same at every step.
        public var memory: KeysAndValues
        /// What the steps so far show; `nil` before the first.
        public var past: KeysAndValues?

        /// The keys and values of the memory, and those of the steps before.
        public init(memory: KeysAndValues, past: KeysAndValues? = nil) { (self.memory, self.past) = (memory, past) }
    }

    /// The state before the first step of a sequence that attends to `memory`, `[batch, keys, channels]`.
    public func start(attendingTo memory: Tensor<Float>) -> State {
        State(memory: crossAttention.keysAndValues(of: memory))
    }

    /// One step. Step by step, the outputs are those of the whole sequence, without computing again what came before.
    /// - Parameters:
    ///   - x: `[batch, 1, channels]`.
    ///   - state: what the steps before have left; this one is added.
    ///   - visible: which keys of the memory may be seen, of a shape that broadcasts to `[batch, 1, keys]`.
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
