

/// Reads the output of a network trained with connectionist temporal classification (CTC) by looking for the likeliest
/// text: the sum over all paths of classes that stand for it, not the likeliest path alone.
///
/// After every frame, the `width` likeliest beginnings of texts go on. For each, the paths that end in a blank and those
/// that do not are summed apart, because only after a blank does a repeated class begin a new character. With a width
/// that keeps every beginning the result is exact; otherwise what was dropped is missing from its probability.
///
/// ```swift
/// // Along the best path this is empty: the blank leads in both frames. Yet 0.64 of all paths say "a".
/// let (logBlank, logA): (Float, Float) = (-0.51, -0.92)
/// let reading = PrefixBeamDecoder(classes: 2, blank: 0).decode([logBlank, logA, logBlank, logA])
/// reading.labels                             // [1]
/// ```
///
/// See A. Hannun et al., *First-Pass Large Vocabulary Continuous Speech Recognition using Bi-Directional Recurrent
/// DNNs*, 2014, algorithm 1; here without a language model.
public struct PrefixBeamDecoder: Sendable {
    /// The number of classes in a frame, blank included.
    public let classes: Int
    /// The class that stands for "no character here".
    public let blank: Int
    /// How many beginnings go on.
    public let width: Int

    /// For a character set: its `Alphabet.count` and its `Alphabet.blank`.
    public init(classes: Int, blank: Int, width: Int = Decoding.defaultBeamWidth) {
        precondition(
            (0..<classes).contains(blank), "The blank must be one of the \(classes) classes, got \(blank).")
        precondition(width > 0, "PrefixBeamDecoder: \(width) beginnings cannot go on.")
        (self.classes, self.blank, self.width) = (classes, blank, width)
    }

    /// What was read, and how likely it is.
    public struct Reading: Equatable, Sendable {
        /// The classes of the characters in the order of time.
        public internal(set) var labels: [Int32] = []
        /// The logarithm of the sum over the paths that stand for the text, as far as they were kept; 0 at most.
        public internal(set) var logProbability = 0.0

        /// The probability shared among the characters, 0 to 1: its root of the order of their number. Of an empty text
        /// the probability itself.
        public var confidence: Double { min(1, exponential(logProbability / Double(max(labels.count, 1)))) }
    }

    /// A beginning of a text: a node of the tree of all that were met.
    private struct Beginning {
        var node: Int
        /// The share of paths that end in the blank, and of those that end in its last class.
        var blank: Double
        var label: Double
        var total: Double { blank + label }
    }

    /// Decodes `logits`, frame after frame of ``classes`` unnormalized scores. The softmax is taken here; scores that
    /// are already log-probabilities are decoded the same.
    ///
    /// Of texts that are equally likely, the one that was found first wins. A frame without any score above −∞ (or with
    /// only NaN) is passed over, and the reading has probability 0.
    public func decode(_ logits: [Float]) -> Reading {
        precondition(
            logits.count.isMultiple(of: classes),
            "The logits must be whole frames of \(classes) classes, got \(logits.count) values.")
        var tree = PrefixTree(classes: classes)
        var beam = [Beginning(node: 0, blank: 1, label: 0)]
        var logScale = 0.0
        for frame in 0..<(logits.count / classes) {
            guard let shares = Self.softmax(logits[(frame * classes)..<((frame + 1) * classes)]) else {
                logScale = -.infinity
                continue
            }
            beam = extended(beam, by: shares, &tree)
            // Sums of shares get small; that of a beam is 1.
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

    /// What becomes of the beginnings in one more frame: the likeliest of those that stay and of those that grow.
    private func extended(_ beam: [Beginning], by shares: [Double], _ tree: inout PrefixTree) -> [Beginning] {
        let places = Dictionary(uniqueKeysWithValues: beam.enumerated().map { ($1.node, $0) })
        // A text stays when its last class is drawn out, or a blank follows; its parent may become it, too.
        let kept = beam.map { beginning in
            let last = tree.label(of: beginning.node)
            var next = Beginning(node: beginning.node, blank: beginning.total * shares[blank], label: 0)
            if let last {
                next.label = beginning.label * shares[last]
                if let parent = places[tree.parent(of: beginning.node)] {
                    let before = beam[parent]
                    let isRepetition = tree.label(of: before.node) == last
                    next.label += (isRepetition ? before.blank : before.total) * shares[last]
                }
            }
            return next
        }
        var best = Best(width)
        for (place, beginning) in kept.enumerated() { best.insert(beginning.total, place, nil) }
        for (place, beginning) in beam.enumerated() {
            let last = tree.label(of: beginning.node)
            for label in 0..<classes where label != blank {
                let share = (label == last ? beginning.blank : beginning.total) * shares[label]
                guard best.takes(share) else { continue }
                if let child = tree.child(of: beginning.node, label), places[child] != nil { continue }
                best.insert(share, place, label)
            }
        }
        return best.candidates.map { candidate in
            guard let label = candidate.label else { return kept[candidate.place] }
            let node = tree.addChild(of: beam[candidate.place].node, label)
            return Beginning(node: node, blank: 0, label: candidate.share)
        }
    }

    /// The softmax of a frame; nil if no score is above −∞.
    private static func softmax(_ scores: ArraySlice<Float>) -> [Double]? {
        var highest = -Float.infinity
        for score in scores where score > highest { highest = score }
        guard highest > -.infinity else { return nil }
        let weights = scores.map { score in
            score.isNaN ? 0 : score == highest ? 1 : exponential(Double(score) - Double(highest))
        }
        let sum = weights.reduce(0, +)
        return weights.map { $0 / sum }
    }
}

/// The likeliest candidates, in the order of their shares; of equal ones, the first.
private struct Best {
    private(set) var candidates: [(share: Double, place: Int, label: Int?)] = []
    private let count: Int

    init(_ count: Int) { self.count = count }

    /// Whether a share is among the best.
    func takes(_ share: Double) -> Bool {
        share > 0 && (candidates.count < count || share > candidates[candidates.count - 1].share)
    }

    mutating func insert(_ share: Double, _ place: Int, _ label: Int?) {
        // The first stays although it may be improbable: there must be one.
        guard takes(share) || candidates.isEmpty else { return }
        if candidates.count == count { candidates.removeLast() }
        let index = candidates.firstIndex { $0.share < share } ?? candidates.count
        candidates.insert((share, place, label), at: index)
    }
}

/// The beginnings of texts as nodes of a tree; the root, node 0, is the empty text. Equal beginnings are one node.
private struct PrefixTree {
    private var nodes: [(parent: Int, label: Int)] = [(-1, -1)]
    private var children: [Int: Int] = [:]
    private let classes: Int

    init(classes: Int) { self.classes = classes }

    func parent(of node: Int) -> Int { nodes[node].parent }

    /// The last class of a beginning; none of the empty one.
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
