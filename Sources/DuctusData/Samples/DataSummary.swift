/// What is in a data set: counts, lengths of texts, characters, and pictures.
public struct DataSummary: Sendable, Codable, Equatable {
    /// A split.
    public struct Split: Sendable, Codable, Equatable {
        /// The name.
        public var name: String
        /// The number of samples.
        public var samples: Int
        /// The number of samples without a picture.
        public var missingImages: Int
        /// The number of pages; nil if they are not known.
        public var pages: Int?
        /// The number of writers; nil if they are not known.
        public var writers: Int?
        /// The number of characters.
        public var characters: Int
        /// The number of different characters.
        public var differentCharacters: Int
        /// The number of samples by the length of their text: ten ranges of equal width, from 1 to the longest.
        public var lengths: [LengthRange]
        /// The number of samples without a text.
        public var emptyTexts: Int
    }

    /// The samples whose texts have a length in a range.
    public struct LengthRange: Sendable, Codable, Equatable {
        /// The shortest length.
        public var from: Int
        /// The longest length.
        public var through: Int
        /// The number of samples.
        public var samples: Int
    }

    /// How often a character occurs.
    public struct CharacterCount: Sendable, Codable, Equatable {
        /// The character.
        public var character: String
        /// The number of occurrences.
        public var count: Int
    }

    /// What the samples are.
    public var unit: DataSamples.Unit
    /// The splits.
    public var splits: [Split]
    /// All characters, the most frequent first.
    public var characters: [CharacterCount]
    /// Those that the alphabet lacks, the most frequent first.
    public var unknownCharacters: [CharacterCount]
    /// The number of samples that have such characters.
    public var samplesWithUnknownCharacters: Int
    /// The characters of the alphabet that do not occur.
    public var absentCharacters: String

    /// Counts samples.
    ///
    /// - Parameters:
    ///   - data: the samples.
    ///   - alphabet: the alphabet that should cover the texts.
    public init(_ data: DataSamples, alphabet: Alphabet? = nil) {
        unit = data.unit
        splits = data.splits.map(Self.split)
        let texts = data.splits.flatMap { $0.samples.map(\.text) }
        let counts = Self.counts(texts.lazy.flatMap(\.composedScalars))
        characters = Self.sorted(counts)
        guard let alphabet else {
            (unknownCharacters, samplesWithUnknownCharacters, absentCharacters) = ([], 0, "")
            return
        }
        let unknown = Set(alphabet.unknownCharacters(in: texts.joined()))
        func scalars(_ text: String) -> [Unicode.Scalar] {
            alphabet.isDecomposed ? text.decomposedScalars : text.composedScalars
        }
        unknownCharacters = Self.sorted(Self.counts(texts.lazy.flatMap(scalars)).filter { unknown.contains($0.key) })
        samplesWithUnknownCharacters = texts.count { !alphabet.unknownCharacters(in: $0).isEmpty }
        let present = Set(texts.lazy.flatMap(scalars))
        absentCharacters = String(
            String.UnicodeScalarView(alphabet.characters.unicodeScalars.filter { !present.contains($0) }))
    }

    private static func split(_ split: DataSamples.Split) -> Split {
        let lengths = split.samples.map { $0.text.composedScalars.count }
        let (pages, writers) = (Set(split.samples.compactMap(\.page)), Set(split.samples.compactMap(\.writer)))
        return Split(
            name: split.name, samples: split.samples.count, missingImages: split.missingImages,
            pages: pages.isEmpty ? nil : pages.count, writers: writers.isEmpty ? nil : writers.count,
            characters: lengths.reduce(0, +),
            differentCharacters: Set(split.samples.lazy.flatMap { $0.text.composedScalars }).count,
            lengths: histogram(lengths), emptyTexts: lengths.count { $0 == 0 })
    }

    private static func histogram(_ lengths: [Int]) -> [LengthRange] {
        guard let longest = lengths.max(), longest > 0 else { return [] }
        let width = (longest + 9) / 10
        var ranges = stride(from: 1, through: longest, by: width).map {
            LengthRange(from: $0, through: min($0 + width - 1, longest), samples: 0)
        }
        for length in lengths where length > 0 { ranges[(length - 1) / width].samples += 1 }
        return ranges
    }

    private static func counts(_ scalars: some Sequence<Unicode.Scalar>) -> [Unicode.Scalar: Int] {
        scalars.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }

    private static func sorted(_ counts: [Unicode.Scalar: Int]) -> [CharacterCount] {
        counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
            CharacterCount(character: "\($0.key)", count: $0.value)
        }
    }
}
