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
/// See A. Hannun et al., *First-Pass Large Vocabulary Continuous Speech Recognition using Bi-Directional Recurrent
/// DNNs*, 2014, algorithm 1; here without a language model.
public struct PrefixBeamDecoder: Sendable {
    /// The number of classes, including the blank.
    public let classes: Int
    /// The class of the blank.
    public let blank: Int
    /// The beam width: the number of hypotheses that are kept after every frame.
    public let width: Int

    /// - Parameters:
    ///   - classes: the number of classes, `Alphabet.count`.
    ///   - blank: the class of the blank, `Alphabet.blank`.
    ///   - width: the beam width, at least 1.
    public init(classes: Int, blank: Int, width: Int = Decoding.defaultBeamWidth) {
        precondition(
            (0..<classes).contains(blank), "PrefixBeamDecoder: blank is \(blank); it must be one of \(classes) classes."
        )
        precondition(width > 0, "PrefixBeamDecoder: width is \(width); it must be at least 1.")
        (self.classes, self.blank, self.width) = (classes, blank, width)
    }

    /// A decoded text with its probability.
    public struct Reading: Equatable, Sendable {
        /// The classes of the characters in order.
        public internal(set) var labels: [Int32] = []
        /// The log-probability of the text, without the paths that were pruned; at most 0.
        public internal(set) var logProbability = 0.0

        /// The probability of the text to the power of 1 / length, 0 to 1; for an empty text the probability itself.
        public var confidence: Double { min(1, exponential(logProbability / Double(max(labels.count, 1)))) }
    }

    /// A hypothesis: a prefix of a text, as a node of the prefix tree.
    private struct Hypothesis {
        var node: Int
        /// The probabilities of the paths that end in a blank and in the last class.
        var blank: Double
        var label: Double
        var total: Double { blank + label }
    }

    /// Decodes logits, ``classes`` for every frame. Log-probabilities give the same result.
    ///
    /// The first of equally likely texts wins. A frame without a logit above −∞ is skipped, and the text has probability 0.
    public func decode(_ logits: [Float]) -> Reading {
        precondition(
            logits.count.isMultiple(of: classes),
            "PrefixBeamDecoder: got \(logits.count) logits; their number must be a multiple of \(classes).")
        var tree = PrefixTree(classes: classes)
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
        return Reading(
            labels: tree.labels(of: beam[0].node), logProbability: min(0, logScale + logarithm(beam[0].total)))
    }

    /// The most likely hypotheses after one more frame, among those that stay the same and those that are extended.
    private func extended(_ beam: [Hypothesis], by shares: [Double], _ tree: inout PrefixTree) -> [Hypothesis] {
        let places = Dictionary(uniqueKeysWithValues: beam.enumerated().map { ($1.node, $0) })
        // A hypothesis stays the same if its last class is repeated or a blank follows; its parent may be extended to it.
        let kept = beam.map { hypothesis in
            let last = tree.label(of: hypothesis.node)
            var next = Hypothesis(node: hypothesis.node, blank: hypothesis.total * shares[blank], label: 0)
            if let last {
                next.label = hypothesis.label * shares[last]
                if let parent = places[tree.parent(of: hypothesis.node)] {
                    let before = beam[parent]
                    let isRepetition = tree.label(of: before.node) == last
                    next.label += (isRepetition ? before.blank : before.total) * shares[last]
                }
            }
            return next
        }
        var best = Best(width)
        for (place, hypothesis) in kept.enumerated() { best.insert(hypothesis.total, place, nil) }
        for (place, hypothesis) in beam.enumerated() {
            let last = tree.label(of: hypothesis.node)
            for label in 0..<classes where label != blank {
                let share = (label == last ? hypothesis.blank : hypothesis.total) * shares[label]
                guard best.takes(share) else { continue }
                if let child = tree.child(of: hypothesis.node, label), places[child] != nil { continue }
                best.insert(share, place, label)
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

/// The prefixes of texts as nodes of a tree whose root, node 0, is the empty text.
private struct PrefixTree {
    private var nodes: [(parent: Int, label: Int)] = [(-1, -1)]
    private var children: [Int: Int] = [:]
    private let classes: Int

    init(classes: Int) { self.classes = classes }

    func parent(of node: Int) -> Int { nodes[node].parent }

    /// The last class of a prefix; nil for the empty one.
    func label(of node: Int) -> Int? { node == 0 ? nil : nodes[node].label }

    func child(of node: Int, _ label: Int) -> Int? { children[node * classes + label] }

    mutating func addChild(of node: Int, _ label: Int) -> Int {
        if let child = child(of: node, label) { return child }
        nodes.append((node, label))
        children[node * classes + label] = nodes.count - 1
        return nodes.count - 1
    }

    func labels(of node: Int) -> [Int32] {
        var (labels, node) = ([Int32](), node)
        while node != 0 {
            labels.append(Int32(nodes[node].label))
            node = nodes[node].parent
        }
        return labels.reversed()
    }
}
