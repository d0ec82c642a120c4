/// Beam search for the most likely text of a ``TextGenerator``.
///
/// At every step the `width` most likely hypotheses are extended; one that predicts the end token is finished. Width 1 is
/// greedy decoding, which always takes the most likely token. The result is the finished hypothesis with the largest
/// log-probability divided by a power of its length (length normalization, Wu et al. 2016), without which short texts
/// would win. The search ends when no open hypothesis scores higher than the best finished one.
///
/// ```swift
/// let texts = BeamSearch(width: 4).texts(network, network(images))
/// characters.decode(texts[0].tokens)         // "A MOVE to stop"
/// ```
public struct BeamSearch: Sendable, Equatable {
    /// The beam width: the number of hypotheses that are extended at every step.
    public var width: Int
    /// The exponent of the length that log-probabilities are divided by: 1 compares means per token, 0 whole texts.
    public var lengthPower: Double

    /// Greedy by default.
    public init(width: Int = 1, lengthPower: Double = 1) {
        precondition(width > 0, "BeamSearch: width is \(width); it must be at least 1.")
        (self.width, self.lengthPower) = (width, lengthPower)
    }

    /// A decoded text and its probability.
    public struct Text: Sendable, Equatable {
        /// The tokens without start and end.
        public var tokens: [Int32] = []
        /// The sum over all tokens, including the end token or the first one cut off.
        public var logProbability = 0.0
        /// Whether the end token was predicted; otherwise the text reached the maximum length.
        public var isFinished = false

        /// The geometric mean of the probabilities of all tokens, including the last: from 0 to 1.
        public var confidence: Double { min(1, exponential(logProbability / Double(tokens.count + 1))) }
    }

    /// The best text for every sample of a memory.
    ///
    /// - Parameters:
    ///   - network: the network whose decoder generates the texts.
    ///   - memory: its output for the images.
    ///   - widths: the widths of the images without padding; unpadded if `nil`.
    public func texts(_ network: any TextGenerator, _ memory: Tensor<Float>, widths: [Int]? = nil) -> [Text] {
        let lengths = widths.map { network.memoryLengths(widths: $0, of: memory.shape[1]) }
        return texts(network.decoder, memory, lengths: lengths, maximumLength: network.maximumLength)
    }

    /// The best text of at most `maximumLength` tokens for every sample of a memory.
    public func texts(
        _ decoder: some TextDecoder, _ memory: Tensor<Float>, lengths: [Int]? = nil, maximumLength: Int
    ) -> [Text] {
        let samples = memory.shape[0]
        var finished = [[Text]](repeating: [], count: samples)
        /// Open hypotheses and their samples; the decoder's state has a row for each.
        var hypotheses = (0..<samples).map { (sample: $0, text: Text()) }
        var state = decoder.start(memory, lengths: lengths)
        for _ in 0...maximumLength where !hypotheses.isEmpty {
            let last = hypotheses.map { $0.text.tokens.last ?? decoder.start }
            let logits = decoder.step(Tensor(last), &state)
            var rows: [Int] = []
            var next: [(sample: Int, text: Text)] = []
            for (sample, candidates) in candidates(logits, hypotheses) {
                for (row, token, logProbability) in candidates {
                    var text = hypotheses[row].text
                    text.logProbability = logProbability
                    text.isFinished = token == decoder.end
                    if text.isFinished || text.tokens.count == maximumLength {
                        finished[sample].append(text)
                    } else {
                        text.tokens.append(token)
                        rows.append(row)
                        next.append((sample, text))
                    }
                }
            }
            let best = finished.map { $0.map(score).max() ?? -.infinity }
            var open = [Double](repeating: -.infinity, count: samples)
            for (sample, text) in next { open[sample] = max(open[sample], score(text)) }
            let continues = next.map { open[$0.sample] > best[$0.sample] }
            hypotheses = zip(next, continues).filter(\.1).map(\.0)
            rows = zip(rows, continues).filter(\.1).map(\.0)
            if !rows.isEmpty { state = state.selecting(rows) }
        }
        // Where nothing was predicted, nothing has been read.
        return finished.map { $0.max { score($0) < score($1) } ?? Text(logProbability: -.infinity) }
    }

    private typealias Candidate = (row: Int, token: Int32, logProbability: Double)

    /// The `width` most likely extensions of every sample's hypotheses. Of equal ones, the first.
    private func candidates(
        _ logits: Tensor<Float>, _ hypotheses: [(sample: Int, text: Text)]
    ) -> [(sample: Int, candidates: [Candidate])] {
        let count = min(width, logits.shape[1])
        let (values, indices) = logits.logSoftmax().topK(count)
        let (logProbabilities, tokens) = (values.scalars, indices.scalars)
        var result: [(sample: Int, candidates: [Candidate])] = []
        for (row, (sample, text)) in hypotheses.enumerated() {
            if result.last?.sample != sample { result.append((sample, [])) }
            for index in row * count..<(row + 1) * count {
                let sum = text.logProbability + Double(logProbabilities[index])
                // Not a number predicts nothing.
                result[result.count - 1].candidates.append((row, tokens[index], sum.isNaN ? -.infinity : sum))
            }
        }
        return result.map { sample, candidates in
            let order = candidates.indices.sorted {
                (-candidates[$0].logProbability, $0) < (-candidates[$1].logProbability, $1)
            }
            return (sample, order.prefix(width).map { candidates[$0] })
        }
    }

    /// The length-normalized log-probability.
    private func score(_ text: Text) -> Double {
        text.logProbability / power(Double(text.tokens.count + 1), lengthPower)
    }
}
