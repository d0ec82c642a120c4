import CDuctusKernels

/// Multi-head scaled dot-product attention (Vaswani et al. 2017): softmax(q kᵀ / √(channels / heads)) v for each head,
/// on its slice of the channels.
///
/// - Parameters:
///   - query: `[batch, queries, channels]`.
///   - key: `[batch, keys, channels]`.
///   - value: `[batch, keys, channels]`.
///   - heads: the number of heads; it must divide the channels.
///   - causal: whether query i attends only to keys 0 … i.
///   - mask: true where a query may attend to a key; broadcasts to `[batch, queries, keys]`. Every query needs at least
///     one key.
/// - Returns: `[batch, queries, channels]`.
public func attention<Scalar: FloatingScalar>(
    query: Tensor<Scalar>, key: Tensor<Scalar>, value: Tensor<Scalar>, heads: Int, causal: Bool = false,
    mask: Tensor<Bool>? = nil
) -> Tensor<Scalar> {
    precondition(
        query.rank == 3 && key.rank == 3 && key.shape == value.shape && query.shape[0] == key.shape[0]
            && query.shape[2] == key.shape[2],
        "attention: query is \(query.shape), key \(key.shape), value \(value.shape); they must be "
            + "[batch, queries, channels], [batch, keys, channels] and [batch, keys, channels].")
    let attention = Attention<Scalar>(
        batch: query.shape[0], queries: query.shape[1], keys: key.shape[1], channels: query.shape[2], heads: heads,
        stride: query.shape[2], causal: causal, mask: mask)
    return Tensor.operation(of: [query, key, value], attention.attributes) {
        let (q, k, v) = (query.detached().dense(), key.detached().dense(), value.detached().dense())
        let isRecorded = query.isRecorded || key.isRecorded || value.isRecorded
        let (output, probabilities) = withPointers(to: q, k, v) { attention.forward($0, $1, $2, saves: isRecorded) }
        return output.recorded(inputs: [query, key, value]) { upstream in
            let gradients = [q, k, v].map { Tensor<Scalar>.scratch($0.count).reshaped(to: $0.shape) }
            withPointers(to: q, k, v, probabilities, upstream, gradients[0], gradients[1], gradients[2]) {
                attention.backward(
                    $0, $1, $2, $3, $4, UnsafeMutablePointer(mutating: $5), UnsafeMutablePointer(mutating: $6),
                    UnsafeMutablePointer(mutating: $7))
            }
            return gradients
        }
    }
}

/// Self-attention. The input holds queries, keys and values side by side, as one projection computes them:
/// `[batch, time, 3 channels]` → `[batch, time, channels]`.
public func selfAttention<Scalar: FloatingScalar>(
    _ projection: Tensor<Scalar>, heads: Int, causal: Bool = false, mask: Tensor<Bool>? = nil
) -> Tensor<Scalar> {
    precondition(
        projection.rank == 3 && projection.shape[2].isMultiple(of: 3),
        "selfAttention: input is \(projection.shape); it must be [batch, time, 3 channels].")
    let (time, channels) = (projection.shape[1], projection.shape[2] / 3)
    let attention = Attention<Scalar>(
        batch: projection.shape[0], queries: time, keys: time, channels: channels, heads: heads, stride: 3 * channels,
        causal: causal, mask: mask)
    return Tensor.operation(of: [projection], attention.attributes) {
        let plain = projection.detached().dense()
        let (output, probabilities) = withPointers(to: plain) {
            attention.forward($0, $0 + channels, $0 + 2 * channels, saves: projection.isRecorded)
        }
        return output.recorded(from: projection) { upstream in
            Tensor(shape: plain.shape) { out in
                guard let dx = out.baseAddress else { return }
                withPointers(to: plain, probabilities, upstream) { x, probabilities, dy in
                    attention.backward(
                        x, x + channels, x + 2 * channels, probabilities, dy, dx, dx + channels, dx + 2 * channels)
                }
            }
        }
    }
}

/// The geometry of one attention. Heads are strided slices of the channels and are never copied.
private struct Attention<Scalar: FloatingScalar>: Sendable {
    let batch: Int, queries: Int, keys: Int, channels: Int, heads: Int
    /// Elements between consecutive rows of queries, keys and values.
    let stride: Int
    let causal: Bool
    let mask: Tensor<Bool>?
    private var width: Int { channels / heads }
    private var scale: Double { 1 / Double(width).squareRoot() }

    init(
        batch: Int, queries: Int, keys: Int, channels: Int, heads: Int, stride: Int, causal: Bool, mask: Tensor<Bool>?
    ) {
        precondition(
            heads > 0 && channels.isMultiple(of: heads),
            "attention: \(channels) channels cannot be divided among \(heads) heads.")
        Observation.observer?.didMultiply(2 * batch * queries * keys * channels)
        (self.batch, self.queries, self.keys) = (batch, queries, keys)
        (self.channels, self.heads, self.stride, self.causal) = (channels, heads, stride, causal)
        self.mask = mask?.broadcast(to: [batch, queries, keys]).dense()
    }

    var attributes: [Operation.Attribute] { [("heads", "\(heads)"), ("causal", "\(causal)")] }

    /// The output and, if `saves`, the probabilities `[batch, heads, queries, keys]`.
    func forward(
        _ q: UnsafePointer<Scalar>, _ k: UnsafePointer<Scalar>, _ v: UnsafePointer<Scalar>, saves: Bool
    ) -> (output: Tensor<Scalar>, probabilities: Tensor<Scalar>) {
        let (kernels, size) = (Scalar.kernels, queries * keys)
        let (keyPanels, valuePanels) = (kernels.packed_count(width, keys), kernels.packed_count(keys, width))
        let probabilities = Tensor<Scalar>.scratch(saves ? batch * heads * size : 0)
        let output = Tensor<Scalar>(shape: [batch, queries, channels]) { out in
            guard out.count > 0 else { return }
            guard keys > 0 else { return out.zero() }
            withPointers(to: probabilities) { saved in
                forEachHead(scratch: 2 * size + max(keyPanels, valuePanels)) { head, scratch in
                    let (scores, panels) = (scratch, scratch + 2 * size)
                    let p = saves ? UnsafeMutablePointer(mutating: saved) + head.number * size : scores + size
                    kernels.pack(width, keys, k + head.keys, 1, stride, panels)
                    kernels.axpby(keyPanels, scale, panels, 0, panels)
                    kernels.multiply(
                        queries, width, keys, q + head.queries, stride, panels, nil, DUCTUS_IDENTITY, false, scores,
                        keys)
                    applyMask(scores, head.sample)
                    kernels.softmax(queries, keys, false, scores, p)
                    kernels.pack(keys, width, v + head.keys, stride, 1, panels)
                    kernels.multiply(
                        queries, keys, width, p, keys, panels, nil, DUCTUS_IDENTITY, false,
                        out.baseAddress! + head.output, channels)
                }
            }
        }
        return (output, probabilities)
    }

    /// Sets the scores of masked keys to −∞.
    private func applyMask(_ scores: UnsafeMutablePointer<Scalar>, _ n: Int) {
        guard causal || mask != nil else { return }
        let everyQueryHasKeys =
            mask.map { mask in
                withPointers(to: mask) {
                    Scalar.kernels.mask_scores(queries, keys, causal, $0 + n * queries * keys, scores)
                }
            } ?? Scalar.kernels.mask_scores(queries, keys, causal, nil, scores)
        precondition(everyQueryHasKeys, "attention: the mask leaves a query of sample \(n) without keys.")
    }

    /// Writes the gradients of queries, keys and values.
    func backward(
        _ q: UnsafePointer<Scalar>, _ k: UnsafePointer<Scalar>, _ v: UnsafePointer<Scalar>,
        _ probabilities: UnsafePointer<Scalar>, _ upstream: UnsafePointer<Scalar>, _ dq: UnsafeMutablePointer<Scalar>,
        _ dk: UnsafeMutablePointer<Scalar>, _ dv: UnsafeMutablePointer<Scalar>
    ) {
        guard queries > 0, keys > 0, width > 0 else {
            // Nothing depends on keys that nobody reads, nor on queries that read none.
            dq.zero(batch * queries * stride)
            dk.zero(batch * keys * stride)
            dv.zero(batch * keys * stride)
            return
        }
        let (kernels, size) = (Scalar.kernels, queries * keys)
        let (valuePanels, keyPanels) = (kernels.packed_count(width, keys), kernels.packed_count(keys, width))
        forEachHead(scratch: 2 * size + max(keyPanels, valuePanels)) { head, dp in
            let (p, ds, panels) = (probabilities + head.number * size, dp + size, dp + 2 * size)
            let dy = upstream + head.output
            Scalar.gemm(true, false, keys, width, queries, 1, p, keys, dy, channels, 0, dv + head.keys, stride)
            kernels.pack(width, keys, v + head.keys, 1, stride, panels)
            kernels.multiply(queries, width, keys, dy, channels, panels, nil, DUCTUS_IDENTITY, false, dp, keys)
            kernels.softmax_gradient(queries, keys, false, p, dp, ds)
            kernels.pack(keys, width, k + head.keys, stride, 1, panels)
            kernels.axpby(keyPanels, scale, panels, 0, panels)
            kernels.multiply(
                queries, keys, width, ds, keys, panels, nil, DUCTUS_IDENTITY, false, dq + head.queries, stride)
            Scalar.gemm(
                true, false, keys, width, queries, Scalar(scale), ds, keys, q + head.queries, stride, 0,
                dk + head.keys, stride)
        }
    }

    /// One head of one sample, and the offsets of its first rows.
    private struct Head {
        let number: Int, sample: Int
        let queries: Int, keys: Int, output: Int
    }

    /// Calls `body` with every head and `count` elements of scratch memory.
    private func forEachHead(scratch count: Int, _ body: (Head, UnsafeMutablePointer<Scalar>) -> Void) {
        parallel(batch * heads) { number in
            let (sample, first) = (number / heads, number % heads * width)
            let head = Head(
                number: number, sample: sample, queries: sample * queries * stride + first,
                keys: sample * keys * stride + first, output: sample * queries * channels + first)
            withPointers(to: Tensor<Scalar>.scratch(count)) { body(head, UnsafeMutablePointer(mutating: $0)) }
        }
    }
}
