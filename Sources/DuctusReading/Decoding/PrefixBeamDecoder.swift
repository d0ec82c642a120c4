/// Prefix beam search for the most likely text in the output of a network trained with connectionist temporal
/// classification (CTC): the probability of a text is the sum over all of its paths.
///
/// After every frame, the `width` most likely hypotheses are kept. The paths of a hypothesis that end in a blank are summed
/// separately, because a repeated class is a new character only after a blank. If the beam width is large enough for all
/// hypotheses, the result is exact; otherwise the probability lacks the paths that were pruned.
///
/// ```swift
/// // The best path is empty, but the paths of "a" have a probability of 0.64.
/// let (logBlank, logA): (Float, Float) = (-0.51, -0.92)
/// let reading = PrefixBeamDecoder(classes: 2, blank: 0).decode([logBlank, logA, logBlank, logA])
/// reading.labels                             // [1]
/// ```
///
/// With a ``LanguagePrior``, the text with the largest product of probability and prior is searched for: every extension of
/// a hypothesis multiplies its paths by the factor of the new character.
///
/// See A. Hannun et al., *First-Pass Large Vocabulary Continuous Speech Recognition using Bi-Directional Recurrent
/// DNNs*, 2014, algorithm 1; here with characters in place of words.
public struct PrefixBeamDecoder: Sendable {
    /// The number of classes, including the blank.
    public let classes: Int
    /// The class of the blank.
    public let blank: Int
    /// The beam width: the number of hypotheses that are kept after every frame.
    public let width: Int
    /// The prior of texts; all are equally likely if nil.
    public let prior: LanguagePrior?
    /// The smallest probability in its frame with which a class extends hypotheses.
    public let leastProbability: Double

    /// - Parameters:
    ///   - classes: the number of classes, `Alphabet.count`.
    ///   - blank: the class of the blank, `Alphabet.blank`.
    ///   - width: the beam width, at least 1.
    ///   - prior: the prior of texts; all are equally likely if nil.
    ///   - leastProbability: the smallest probability in its frame with which a class extends hypotheses.
    public init(
        classes: Int, blank: Int, width: Int = Decoding.defaultBeamWidth, prior: LanguagePrior? = nil,
        leastProbability: Double = 0
    ) {
        precondition(
            (0..<classes).contains(blank), "PrefixBeamDecoder: blank is \(blank); it must be one of \(classes) classes."
        )
        precondition(width > 0, "PrefixBeamDecoder: width is \(width); it must be at least 1.")
        (self.classes, self.blank, self.width) = (classes, blank, width)
        (self.prior, self.leastProbability) = (prior, leastProbability)
    }

    /// A decoded text with its probability.
    public struct Reading: Equatable, Sendable {
        /// The classes of the characters in order.
        public internal(set) var labels: [Int32] = []
        /// The log-probability of the text, without the paths that were pruned; at most 0.
        public internal(set) var logProbability = 0.0
        /// The sum of the log-probability and the logarithm of the prior.
        public internal(set) var score = 0.0

        /// The probability of the text to the power of 1 / length, 0 to 1; for an empty text the probability itself.
        public var confidence: Double { min(1, exponential(logProbability / Double(max(labels.count, 1)))) }
    }

    /// A hypothesis: a prefix of a text, as a node of the prefix tree.
    private struct Hypothesis {
        var node: Int
        /// The probabilities of the paths that end in a blank and in the last class, times the prior of the prefix.
        var blank: Double
        var label: Double
        var total: Double { blank + label }
    }

    /// Decodes logits, ``classes`` for every frame. Log-probabilities give the same result.
    ///
    /// The first of equally likely texts wins. A frame without a logit above −∞ is skipped, and the text has probability 0.
    public func decode(_ logits: [Float]) -> Reading { decode(logits, best: 1)[0] }

    /// The texts with the largest scores, best first: at least one, and at most `count` or ``width``.
    public func decode(_ logits: [Float], best count: Int) -> [Reading] {
        precondition(count > 0, "PrefixBeamDecoder: best is \(count); it must be at least 1.")
        precondition(
            logits.count.isMultiple(of: classes),
            "PrefixBeamDecoder: got \(logits.count) logits; their number must be a multiple of \(classes).")
        var tree = PrefixTree(prior: prior)
        var beam = [Hypothesis(node: 0, blank: 1, label: 0)]
        var logScale = 0.0
        for frame in 0..<(logits.count / classes) {
            guard let shares = logits[(frame * classes)..<((frame + 1) * classes)].softmax() else {
                logScale = -.infinity
                continue
            }
            beam = extended(beam, by: shares, &tree)
            // Normalization prevents underflow.
            let sum = beam.reduce(0) { $0 + $1.total }
            for index in beam.indices {
                beam[index].blank /= sum
                beam[index].label /= sum
            }
            logScale += logarithm(sum)
        }
        return beam.prefix(count).map { hypothesis in
            let score = logScale + logarithm(hypothesis.total)
            return Reading(
                labels: tree.labels(of: hypothesis.node),
                logProbability: min(0, score - tree.logPrior(of: hypothesis.node)), score: score)
        }
    }

    /// The most likely hypotheses after one more frame, among those that stay the same and those that are extended.
    private func extended(_ beam: [Hypothesis], by shares: [Double], _ tree: inout PrefixTree) -> [Hypothesis] {
        for (place, hypothesis) in beam.enumerated() { tree.setPlace(of: hypothesis.node, place) }
        defer { for hypothesis in beam { tree.setPlace(of: hypothesis.node, nil) } }
        // A hypothesis stays the same if its last class is repeated or a blank follows; its parent may be extended to it.
        let kept = beam.map { hypothesis in
            let last = tree.label(of: hypothesis.node)
            var next = Hypothesis(node: hypothesis.node, blank: hypothesis.total * shares[blank], label: 0)
            if let last {
                next.label = hypothesis.label * shares[last]
                if let parent = tree.place(of: tree.parent(of: hypothesis.node)) {
                    let before = beam[parent]
                    let isRepetition = tree.label(of: before.node) == last
                    next.label +=
                        (isRepetition ? before.blank : before.total) * shares[last] * tree.factor(of: hypothesis.node)
                }
            }
            return next
        }
        var best = Best(width)
        for (place, hypothesis) in kept.enumerated() { best.insert(hypothesis.total, place, nil) }
        let largestFactor = prior?.largestFactor ?? 1
        let labels = shares.indices.filter { $0 != blank && shares[$0] >= leastProbability && shares[$0] > 0 }
        for (place, hypothesis) in beam.enumerated() {
            let last = tree.label(of: hypothesis.node)
            for label in labels {
                let share = (label == last ? hypothesis.blank : hypothesis.total) * shares[label]
                guard best.takes(share * largestFactor) else { continue }
                let child = tree.addChild(of: hypothesis.node, label)
                guard tree.place(of: child) == nil else { continue }
                best.insert(share * tree.factor(of: child), place, label)
            }
        }
        return best.candidates.map { candidate in
            guard let label = candidate.label else { return kept[candidate.place] }
            let node = tree.addChild(of: beam[candidate.place].node, label)
            return Hypothesis(node: node, blank: 0, label: candidate.share)
        }
    }
}

/// The most likely candidates, most likely first; ties are broken by order.
private struct Best {
    private(set) var candidates: [(share: Double, place: Int, label: Int?)] = []
    private let count: Int

    init(_ count: Int) { self.count = count }

    /// Whether a candidate with this share would be kept.
    func takes(_ share: Double) -> Bool {
        share > 0 && (candidates.count < count || share > candidates[candidates.count - 1].share)
    }

    mutating func insert(_ share: Double, _ place: Int, _ label: Int?) {
        // At least one candidate is kept, even if its share is 0.
        guard takes(share) || candidates.isEmpty else { return }
        if candidates.count == count { candidates.removeLast() }
        let index = candidates.firstIndex { $0.share < share } ?? candidates.count
        candidates.insert((share, place, label), at: index)
    }
}
