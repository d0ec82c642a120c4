/// Finds what a ``TextGenerator`` would write, likely texts first.
///
/// At every step, the `width` likeliest beginnings go on; a beginning that meets the end is a text. With width 1 that
/// is the greedy search: always the likeliest token. Of the texts found, the best is the one with the largest
/// log-probability divided by a power of the number of its tokens (Wu et al. 2016), for without that short texts would
/// win: every token costs something. The search ends when no beginning is better than the best text.
///
/// ```swift
/// let texts = BeamSearch(width: 4).texts(network, network(images))
/// characters.decode(texts[0].classes)        // "A MOVE to stop"
/// ```
public struct BeamSearch: Sendable, Equatable {
    /// How many beginnings go on.
    public var width: Int
    /// The power of the length that log-probabilities are divided by: 1 compares means over tokens, 0 whole texts.
    public var lengthPower: Double

    /// Greedy, unless a width is given.
    public init(width: Int = 1, lengthPower: Double = 1) {
        precondition(width > 0, "BeamSearch: \(width) beginnings cannot go on.")
        (self.width, self.lengthPower) = (width, lengthPower)
    }

    /// A text, and how likely it is.
    public struct Text: Sendable, Equatable {
        /// What was written, start and end left out.
        public var tokens: [Int32] = []
        /// The sum over all tokens, and the end or what was cut off.
        public var logProbability = 0.0
        /// Whether the end was written, rather than the longest length met.
        public var isFinished = false

        /// The probability of a token, as a geometric mean over all and the end: from 0 to 1.
        public var confidence: Double { min(1, exponential(logProbability / Double(tokens.count + 1))) }
    }

    /// The best text for every sample of a memory.
    ///
    /// - Parameters:
    ///   - network: what writes.
    ///   - memory: its output for the images.
    ///   - widths: those of the images, where narrower ones were followed by paper.
    public func texts(_ network: any TextGenerator, _ memory: Tensor<Float>, widths: [Int]? = nil) -> [Text] {
        let lengths = widths.map { network.memoryLengths(widths: $0, of: memory.shape[1]) }
        return texts(network.decoder, memory, lengths: lengths, maximumLength: network.maximumLength)
    }

    /// The best text for every sample of a memory, of at most so many tokens.
    public func texts(
        _ decoder: some TextDecoder, _ memory: Tensor<Float>, lengths: [Int]? = nil, maximumLength: Int
    ) -> [Text] {
        let samples = memory.shape[0]
        var finished = [[Text]](repeating: [], count: samples)
        /// Beginnings, and which sample each is of; the decoder's state has a row for each.
        var beginnings = (0..<samples).map { (sample: $0, text: Text()) }
        var state = decoder.start(memory, lengths: lengths)
        for _ in 0...maximumLength where !beginnings.isEmpty {
            let last = beginnings.map { $0.text.tokens.last ?? decoder.start }
            let logits = decoder.step(Tensor(last), &state)
            var rows: [Int] = []
            var next: [(sample: Int, text: Text)] = []
            for (sample, candidates) in candidates(logits, beginnings) {
                for (row, token, logProbability) in candidates {
                    var text = beginnings[row].text
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
            var hopes = [Double](repeating: -.infinity, count: samples)
            for (sample, text) in next { hopes[sample] = max(hopes[sample], score(text)) }
            let isGoingOn = next.map { hopes[$0.sample] > best[$0.sample] }
            beginnings = zip(next, isGoingOn).filter(\.1).map(\.0)
            rows = zip(rows, isGoingOn).filter(\.1).map(\.0)
            if !rows.isEmpty { state = state.selecting(rows) }
        }
        return finished.map { $0.max { score($0) < score($1) } ?? Text() }
    }

    private typealias Candidate = (row: Int, token: Int32, logProbability: Double)

    /// The `width` likeliest continuations of every sample's beginnings. Of equal ones, the first.
    private func candidates(
        _ logits: Tensor<Float>, _ beginnings: [(sample: Int, text: Text)]
    ) -> [(sample: Int, candidates: [Candidate])] {
        let count = min(width, logits.shape[1])
        let (values, indices) = logits.logSoftmax().topK(count)
        let (gains, tokens) = (values.scalars, indices.scalars)
        var result: [(sample: Int, candidates: [Candidate])] = []
        for (row, (sample, text)) in beginnings.enumerated() {
            if result.last?.sample != sample { result.append((sample, [])) }
            for index in row * count..<(row + 1) * count {
                result[result.count - 1].candidates.append(
                    (row, tokens[index], text.logProbability + Double(gains[index])))
            }
        }
        return result.map { sample, candidates in
            let order = candidates.indices.sorted {
                (-candidates[$0].logProbability, $0) < (-candidates[$1].logProbability, $1)
            }
            return (sample, order.prefix(width).map { candidates[$0] })
        }
    }

    /// What texts and beginnings are compared by.
    private func score(_ text: Text) -> Double {
        text.logProbability / power(Double(text.tokens.count + 1), lengthPower)
    }
}
