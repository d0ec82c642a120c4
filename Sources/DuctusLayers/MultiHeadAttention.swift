/// Attention of several heads (Vaswani et al. 2017): one projection to queries, keys and values, attention, and a
/// projection of what the heads found. A sequence attends to itself, or to another one.
///
/// ```swift
/// let layer = MultiHeadAttention(256, heads: 4)
/// layer(Tensor.zeros([16, 128, 256])).shape                                        // [16, 128, 256]
/// layer(Tensor.zeros([16, 9, 256]), attendingTo: Tensor.zeros([16, 128, 256])).shape   // [16, 9, 256]
/// ```
public struct MultiHeadAttention: Layer, CustomStringConvertible, Placed {
    /// To queries, keys and values side by side.
    public let projection: Dense
    /// From what the heads found.
    public let output: Dense
    /// How many heads share the channels evenly.
    public let heads: Int
    /// Whether a step sees only itself and those before it.
    public let isCausal: Bool
    let place = Place()

    /// From so many channels to as many, which `heads` must divide. If `causal`, a step sees only itself and those before
    /// it.
    public init(_ channels: Int, heads: Int, causal: Bool = false, bias: Bool = true) {
        precondition(
            heads > 0 && channels.isMultiple(of: heads),
            "MultiHeadAttention: \(channels) channels cannot be shared by \(heads) heads.")
        projection = Dense(channels, 3 * channels, bias: bias)
        output = Dense(channels, channels, bias: bias)
        (self.heads, isCausal) = (heads, causal)
    }

    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { self(x, mask: nil) }

    /// What every step of x finds in itself or in `memory`.
    ///
    /// - Parameters:
    ///   - x: what asks, `[batch, time, channels]`.
    ///   - memory: what is looked at, `[batch, keys, channels]`; x itself unless given.
    ///   - mask: which keys a step may see, of a shape that broadcasts to `[batch, time, keys]`.
    ///   - keyLengths: how many keys of every sample count; what comes after them is padding. At least one each.
    /// - Returns: `[batch, time, channels]`.
    public func callAsFunction(
        _ x: Tensor<Float>, attendingTo memory: Tensor<Float>? = nil, mask: Tensor<Bool>? = nil,
        keyLengths: [Int]? = nil
    ) -> Tensor<Float> {
        let channels = output.weight.shape[0]
        expect(
            x.rank == 3 && x.shape[2] == channels, "input is \(x.shape); it must be [batch, time, \(channels)]")
        if let memory {
            expect(
                memory.rank == 3 && memory.shape[0] == x.shape[0] && memory.shape[2] == channels,
                "memory is \(memory.shape); it must be [\(x.shape[0]), keys, \(channels)]")
        }
        let visible = visible(mask, keyLengths, queries: x.shape[1], keys: (memory ?? x).shape[1], batch: x.shape[0])
        return listed {
            guard let memory else {
                return output(selfAttention(projection(x), heads: heads, causal: isCausal, mask: visible))
            }
            return self(x, attendingTo: keysAndValues(of: memory), mask: visible)
        }
    }

    /// Some of the columns of the projection.
    func projected(_ x: Tensor<Float>, _ columns: Range<Int>) -> Tensor<Float> {
        projection.listed {
            dense(
                x, weight: projection.weight.value.sliced(columns, axis: 1),
                bias: projection.bias?.value.sliced(columns, axis: 0))
        }
    }

    /// What the mask and the lengths let be seen.
    private func visible(
        _ mask: Tensor<Bool>?, _ lengths: [Int]?, queries: Int, keys: Int, batch: Int
    ) -> Tensor<Bool>? {
        guard let lengths else { return mask }
        expect(
            lengths.count == batch && lengths.allSatisfy { (1...keys).contains($0) },
            "key lengths are \(lengths); they must be \(batch) numbers from 1 to \(keys)")
        guard let mask = mask?.broadcast(to: [batch, queries, keys]) else {
            return .visible(lengths, of: keys)
        }
        return Tensor(shape: mask.shape) { out in
            mask.withUnsafeBuffer { mask in
                for i in mask.indices { out[i] = mask[i] && i % keys < lengths[i / (queries * keys)] }
            }
        }
    }

    public var description: String { "MultiHeadAttention \(output.weight.shape[0]), \(heads) heads" }
}

extension Tensor where Scalar == Bool {
    /// Of every sample so many keys are seen, what follows is padding: `[batch, 1, keys]`, the mask of an attention.
    package static func visible(_ lengths: [Int], of keys: Int) -> Tensor {
        Tensor(lengths.flatMap { length in (0..<keys).map { $0 < length } }, shape: [lengths.count, 1, keys])
    }
}
