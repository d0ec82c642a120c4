/// Multi-head attention (Vaswani et al. 2017): a projection to queries, keys and values, attention, and an output
/// projection. A sequence attends to itself or to another one.
///
/// ```swift
/// let layer = MultiHeadAttention(256, heads: 4)
/// layer(Tensor.zeros([16, 128, 256])).shape                                        // [16, 128, 256]
/// layer(Tensor.zeros([16, 9, 256]), attendingTo: Tensor.zeros([16, 128, 256])).shape   // [16, 9, 256]
/// ```
public struct MultiHeadAttention: Layer, CustomStringConvertible, Placed {
    /// The projection to queries, keys and values, side by side.
    public let projection: Dense
    /// The output projection.
    public let output: Dense
    /// The number of heads.
    public let heads: Int
    /// Whether a step attends only to itself and previous steps.
    public let isCausal: Bool
    let place = Place()

    /// `channels` input and output channels, which `heads` must divide. If `causal`, a step attends only to itself and
    /// previous steps.
    public init(_ channels: Int, heads: Int, causal: Bool = false, bias: Bool = true) {
        precondition(
            heads > 0 && channels.isMultiple(of: heads),
            "MultiHeadAttention: \(channels) channels cannot be divided among \(heads) heads.")
        projection = Dense(channels, 3 * channels, bias: bias)
        output = Dense(channels, channels, bias: bias)
        (self.heads, isCausal) = (heads, causal)
    }

    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { self(x, mask: nil) }

    /// Attention of a sequence to itself or to `memory`.
    ///
    /// - Parameters:
    ///   - x: the queries, `[batch, time, channels]`.
    ///   - memory: the sequence to attend to, `[batch, keys, channels]`; x itself if `nil`.
    ///   - mask: true where a step may attend to a key; broadcasts to `[batch, time, keys]`.
    ///   - keyLengths: the number of keys of each sample, at least 1; the rest is padding.
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

    /// Some columns of the projection.
    func projected(_ x: Tensor<Float>, _ columns: Range<Int>) -> Tensor<Float> {
        projection.listed {
            dense(
                x, weight: projection.weight.value.sliced(columns, axis: 1),
                bias: projection.bias?.value.sliced(columns, axis: 0))
        }
    }

    /// The mask and the lengths combined.
    func visible(
        _ mask: Tensor<Bool>?, _ lengths: [Int]?, queries: Int, keys: Int, batch: Int
    ) -> Tensor<Bool>? {
        guard let lengths else { return mask }
        expect(
            lengths.count == batch && lengths.allSatisfy { min(1, keys)...keys ~= $0 },
            "key lengths are \(lengths); they must be \(batch) numbers from \(min(1, keys)) to \(keys)")
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
    /// The attention mask of padded sequences, true for the first keys of each sample: `[batch, 1, keys]`.
    package static func visible(_ lengths: [Int], of keys: Int) -> Tensor {
        Tensor(lengths.flatMap { length in (0..<keys).map { $0 < length } }, shape: [lengths.count, 1, keys])
    }
}
