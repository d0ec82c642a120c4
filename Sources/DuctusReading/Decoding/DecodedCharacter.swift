/// A character in the output of a network trained with connectionist temporal classification (CTC).
public struct DecodedCharacter: Equatable, Sendable {
    /// The class.
    public let label: Int32
    /// The largest probability of the class in its frames, 0 to 1; with a ``LanguagePrior``, given the characters before it.
    public internal(set) var probability: Double
    /// The consecutive frames of the character.
    public internal(set) var frames: Range<Int>
}

/// Forced alignment of a text with the output of a network trained with CTC: the frames of every character on the most
/// likely path of the text.
///
/// For the text of the best path, these are the characters of ``BestPathDecoder``.
///
/// ```swift
/// let alignment = ForcedAlignment(classes: 3, blank: 0)
/// alignment.characters(of: [1, 2], in: logits)?[0].frames       // 3..<5
/// ```
///
/// See A. Graves et al., *Connectionist Temporal Classification*, 2006, section 4.1: the lattice of the text with blanks
/// between its characters, here with the maximum over paths instead of their sum (A. Viterbi, 1967).
public struct ForcedAlignment: Sendable {
    /// The number of classes, including the blank.
    public let classes: Int
    /// The class of the blank.
    public let blank: Int
    /// The prior of texts; all are equally likely if nil.
    public let prior: LanguagePrior?

    /// - Parameters:
    ///   - classes: the number of classes, `Alphabet.count`.
    ///   - blank: the class of the blank, `Alphabet.blank`.
    ///   - prior: the prior of texts; all are equally likely if nil. It affects probabilities, not frames.
    public init(classes: Int, blank: Int, prior: LanguagePrior? = nil) {
        precondition(
            (0..<classes).contains(blank), "ForcedAlignment: blank is \(blank); it must be one of \(classes) classes.")
        (self.classes, self.blank, self.prior) = (classes, blank, prior)
    }

    /// The characters of a text with their frames; nil if there are too few frames for the text.
    ///
    /// - Parameters:
    ///   - labels: the classes of the characters, without blanks.
    ///   - logits: ``classes`` for every frame. Log-probabilities give the same result. A frame without a logit above −∞
    ///     counts as equally likely for all classes, with probability 0.
    public func characters(of labels: [Int32], in logits: [Float]) -> [DecodedCharacter]? {
        precondition(
            logits.count.isMultiple(of: classes),
            "ForcedAlignment: got \(logits.count) logits; their number must be a multiple of \(classes).")
        precondition(
            labels.allSatisfy { (0..<classes).contains(Int($0)) && Int($0) != blank },
            "ForcedAlignment: a label is the blank, or not one of \(classes) classes.")
        let frames = logits.count / classes
        let repetitions = zip(labels, labels.dropFirst()).count { $0 == $1 }
        guard frames >= labels.count + repetitions else { return nil }
        let probabilities = (0..<frames).map { frame in
            logits[(frame * classes)..<((frame + 1) * classes)].softmax() ?? Array(repeating: 0, count: classes)
        }
        let states = path(of: labels, probabilities)
        var characters: [DecodedCharacter] = []
        var bestFrames: [Int] = []
        for (frame, state) in states.enumerated() where !state.isMultiple(of: 2) {
            let label = labels[state / 2]
            let probability = probabilities[frame][Int(label)]
            if state / 2 < characters.count {
                let last = characters.count - 1
                if probability > characters[last].probability { bestFrames[last] = frame }
                characters[last].probability = max(characters[last].probability, probability)
                characters[last].frames = characters[last].frames.lowerBound..<(frame + 1)
            } else {
                characters.append(
                    DecodedCharacter(label: label, probability: probability, frames: frame..<(frame + 1)))
                bestFrames.append(frame)
            }
        }
        guard let prior else { return characters }
        var state = prior.model.lineStart
        for (index, frame) in bestFrames.enumerated() {
            let label = Int(characters[index].label)
            characters[index].probability = share(of: label, after: state, probabilities[frame], prior)
            state = prior.extending(state, by: label).next
        }
        return characters
    }

    /// The share of a class in the products of probability and factor of the prior of all classes; that of the blank is 1.
    private func share(
        of label: Int, after state: LanguageModel.State, _ probabilities: [Double], _ prior: LanguagePrior
    ) -> Double {
        func product(_ other: Int) -> Double {
            probabilities[other] * (other == blank ? 1 : exponential(prior.extending(state, by: other).logFactor))
        }
        let sum = probabilities.indices.reduce(0) { sum, other in
            probabilities[other] >= Decoding.leastProbability || other == label ? sum + product(other) : sum
        }
        return sum > 0 ? product(label) / sum : 0
    }

    /// The most likely state in every frame. State 2n + 1 is character n, the others are blanks.
    private func path(of labels: [Int32], _ probabilities: [[Double]]) -> [Int] {
        let states = 2 * labels.count + 1
        guard let first = probabilities.first else { return [] }
        func label(_ state: Int) -> Int { state.isMultiple(of: 2) ? blank : Int(labels[state / 2]) }
        // The logarithm of the smallest number that is not 0 keeps impossible frames finite.
        func score(_ frame: [Double], _ state: Int) -> Double {
            logarithm(max(frame[label(state)], .leastNonzeroMagnitude))
        }
        var scores = (0..<states).map { $0 < 2 ? score(first, $0) : -.infinity }
        var steps: [UInt8] = []
        steps.reserveCapacity(states * probabilities.count)
        for frame in probabilities.dropFirst() {
            var next = scores
            for state in 0..<states {
                // The path stays, comes from the state before, or skips a blank between different characters.
                var (best, step) = (scores[state], UInt8(0))
                if state > 0, scores[state - 1] > best { (best, step) = (scores[state - 1], 1) }
                if state > 2, !state.isMultiple(of: 2), labels[state / 2] != labels[state / 2 - 1],
                    scores[state - 2] > best
                {
                    (best, step) = (scores[state - 2], 2)
                }
                next[state] = best > -.infinity ? best + score(frame, state) : best
                steps.append(step)
            }
            scores = next
        }
        var state = states - 1
        if states > 1, scores[states - 2] > scores[state] { state = states - 2 }
        var path = [state]
        for frame in (1..<max(probabilities.count, 1)).reversed() {
            state -= Int(steps[(frame - 1) * states + state])
            path.append(state)
        }
        return path.reversed()
    }
}
