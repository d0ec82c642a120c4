/// Best path decoding of the output of a network trained with connectionist temporal classification (CTC): the most likely
/// class of every frame, with repetitions merged and blanks removed.
///
/// ```swift
/// let decoder = BestPathDecoder(classes: 3, blank: 0)
/// let reading = decoder.decode([0, 9, 0,  0, 9, 0,  9, 0, 0,  0, 9, 0,  0, 0, 9])
/// reading.labels                             // [1, 1, 2]
/// ```
///
/// See A. Graves et al., *Connectionist Temporal Classification*, 2006, section 3.2 ("best path decoding").
public struct BestPathDecoder: Sendable {
    /// The number of classes, including the blank.
    public let classes: Int

    /// The class of the blank.
    public let blank: Int

    /// Whether repetitions of a class are merged, as in CTC.
    public let mergesRepetitions: Bool

    /// - Parameters:
    ///   - classes: the number of classes, `Alphabet.count`.
    ///   - blank: the class of the blank, `Alphabet.blank`.
    ///   - mergesRepetitions: `false` for networks with one frame per character.
    public init(classes: Int, blank: Int, mergesRepetitions: Bool = true) {
        precondition(
            (0..<classes).contains(blank), "BestPathDecoder: blank is \(blank); it must be one of \(classes) classes.")
        self.classes = classes
        self.blank = blank
        self.mergesRepetitions = mergesRepetitions
    }

    /// A decoded text with its confidence.
    public struct Reading: Equatable, Sendable {
        /// The characters in order, with the frames in which their class is the most likely.
        public internal(set) var characters: [DecodedCharacter] = []

        /// The smallest probability of the blank among the blank frames; 1 if there are none.
        var leastBlankProbability = 1.0

        /// The classes of the characters.
        public var labels: [Int32] { characters.map(\.label) }

        /// The geometric mean of the probabilities of the characters, 0 to 1. It does not depend on the length of the text
        /// and is low if a single character is improbable.
        ///
        /// For an empty text, the smallest probability of the blank; 1 without frames.
        public var confidence: Double {
            guard !characters.isEmpty else { return leastBlankProbability }
            let logarithms = characters.reduce(0) { $0 + logarithm($1.probability) }
            return min(1, exponential(logarithms / Double(characters.count)))
        }
    }

    /// Decodes logits, ``classes`` for every frame. Log-probabilities give the same result.
    ///
    /// The first of equal logits wins. A frame without a logit above −∞ is blank with probability 0.
    public func decode(_ logits: [Float]) -> Reading {
        precondition(
            logits.count.isMultiple(of: classes),
            "BestPathDecoder: got \(logits.count) logits; their number must be a multiple of \(classes).")
        var reading = Reading()
        var previous = blank
        for frame in 0..<(logits.count / classes) {
            let (best, probability) = mostLikely(in: logits[(frame * classes)..<((frame + 1) * classes)])
            if best == blank {
                reading.leastBlankProbability = min(reading.leastBlankProbability, probability)
            } else if best == previous && mergesRepetitions {
                let last = reading.characters.count - 1
                let character = reading.characters[last]
                reading.characters[last].probability = max(character.probability, probability)
                reading.characters[last].frames = character.frames.lowerBound..<(frame + 1)
            } else {
                reading.characters.append(
                    DecodedCharacter(label: Int32(best), probability: probability, frames: frame..<(frame + 1)))
            }
            previous = best
        }
        return reading
    }

    /// The class with the largest logit and its probability.
    private func mostLikely(in scores: ArraySlice<Float>) -> (label: Int, probability: Double) {
        guard let probabilities = scores.softmax(), let highest = probabilities.max(),
            let best = probabilities.firstIndex(of: highest)
        else { return (blank, 0) }
        return (best, highest)
    }
}
