#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Reads the output of a network trained with connectionist temporal classification (CTC) along its best path: the
/// likeliest class of every frame, repetitions joined, blanks dropped.
///
/// ```swift
/// let decoder = BestPathDecoder(classes: 3, blank: 0)
/// let reading = decoder.decode([0, 9, 0,  0, 9, 0,  9, 0, 0,  0, 9, 0,  0, 0, 9])
/// reading.labels                             // [1, 1, 2]
/// ```
///
/// See A. Graves et al., *Connectionist Temporal Classification*, 2006, section 3.2 ("best path decoding").
public struct BestPathDecoder: Sendable {
    /// The number of classes in a frame, blank included.
    public let classes: Int

    /// The class that stands for "no character here".
    public let blank: Int

    /// Whether frames that repeat a class are one character, as CTC has it.
    public let joinsRepetitions: Bool

    /// For a character set: its `Alphabet.count` and its `Alphabet.blank`. Of a network that gives every
    /// character a frame of its own, repetitions are not joined.
    public init(classes: Int, blank: Int, joinsRepetitions: Bool = true) {
        precondition(
            (0..<classes).contains(blank), "The blank must be one of the \(classes) classes, got \(blank).")
        self.classes = classes
        self.blank = blank
        self.joinsRepetitions = joinsRepetitions
    }

    /// What was read, and how surely.
    public struct Reading: Equatable, Sendable {
        /// One character of the reading.
        public struct Character: Equatable, Sendable {
            /// Its class.
            public let label: Int32
            /// The highest probability it reaches in its run of frames, 0 to 1.
            public internal(set) var probability: Double
            /// The run of frames in which it is the likeliest class.
            public internal(set) var frames: Range<Int>
        }

        /// The characters in the order of time.
        public internal(set) var characters: [Character] = []

        /// The lowest probability of the blank among the frames that are blank; 1 if there is none.
        var leastBlankProbability = 1.0

        /// The classes of the characters.
        public var labels: [Int32] { characters.map(\.label) }

        /// The geometric mean of the characters' probabilities, 0 to 1: independent of the length of the line, and
        /// low as soon as one character is improbable.
        ///
        /// For an empty reading, the blank's probability in the frame that came closest to a character; 1 without
        /// frames.
        public var confidence: Double {
            guard !characters.isEmpty else { return leastBlankProbability }
            let logarithms = characters.reduce(0) { $0 + log($1.probability) }
            return min(1, exp(logarithms / Double(characters.count)))
        }
    }

    /// Decodes `logits`, frame after frame of ``classes`` unnormalized scores. The softmax is taken here; scores that
    /// are already log-probabilities are decoded the same.
    ///
    /// Of equal scores the first wins. A frame without any score above −∞ (or with only NaN) counts as blank, with
    /// probability 0.
    public func decode(_ logits: [Float]) -> Reading {
        precondition(
            logits.count.isMultiple(of: classes),
            "The logits must be whole frames of \(classes) classes, got \(logits.count) values.")
        var reading = Reading()
        var previous = blank
        for frame in 0..<(logits.count / classes) {
            let (best, probability) = likeliest(in: logits[(frame * classes)..<((frame + 1) * classes)])
            if best == blank {
                reading.leastBlankProbability = min(reading.leastBlankProbability, probability)
            } else if best == previous && joinsRepetitions {
                let last = reading.characters.count - 1
                let character = reading.characters[last]
                reading.characters[last].probability = max(character.probability, probability)
                reading.characters[last].frames = character.frames.lowerBound..<(frame + 1)
            } else {
                let character = Reading.Character(
                    label: Int32(best), probability: probability, frames: frame..<(frame + 1))
                reading.characters.append(character)
            }
            previous = best
        }
        return reading
    }

    /// The class with the highest score and its softmax probability, `1 / Σ exp(score − highest)`, which cannot
    /// overflow.
    private func likeliest(in scores: ArraySlice<Float>) -> (label: Int, probability: Double) {
        var best = blank
        var highest = -Float.infinity
        for (label, score) in scores.enumerated() where score > highest {
            best = label
            highest = score
        }
        guard highest > -.infinity else { return (blank, 0) }
        var sum = 0.0
        for score in scores where !score.isNaN {
            sum += score == highest ? 1 : exp(Double(score - highest))
        }
        return (best, 1 / sum)
    }
}
