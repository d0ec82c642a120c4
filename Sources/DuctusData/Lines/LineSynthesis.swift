/// Settings of lines synthesized from images of single characters; see ``SynthesizedLines``.
public struct LineSynthesis: LineDataKind, Equatable {
    public static let name = "emnist-lines"

    /// The number of lines of the split `train`.
    public var count = 10_000
    /// The number of lines of the split `test`.
    public var testCount = 1_000
    /// The maximum number of characters of a line, including spaces.
    public var maximumLength = 34
    /// The minimum overlap of neighboring characters, as a fraction of their width.
    public var minimumOverlap = 0.0
    /// The maximum overlap. Every line has one overlap, drawn between the two.
    public var maximumOverlap = 0.33
    /// Whether all occurrences of a character in a line have the same image.
    public var repeatsImages = false
    /// Whether all images are as wide as the longest possible line, rather than as wide as their text.
    public var isPadded = false
    /// A text file, or `iam:DIRECTORY` for the text of the training forms of the IAM database; by default, a short text
    /// that comes with Ductus. A leading environment variable is expanded: `iam:$DUCTUS_DATA/iam`.
    public var text: String?
    /// The seed of texts, images and overlaps.
    public var seed: UInt64 = 1

    /// 10,000 lines of at most 34 characters, as in the Full Stack Deep Learning labs.
    public init() {}

    public var problem: String? {
        problem("count", count, in: 1...1_000_000_000) ?? problem("testCount", testCount, in: 1...1_000_000_000)
            ?? problem("maximumLength", maximumLength, in: 1...10_000)
            ?? problem("maximumOverlap", maximumOverlap, in: 0...0.95)
            ?? problem("minimumOverlap", minimumOverlap, in: 0...maximumOverlap)
    }

    /// Lines of the characters of a split of EMNIST, `train` or `test`.
    public func lines(in directory: String, split: String) throws -> (lines: any LineSource, missingImages: Int) {
        (try SynthesizedLines(emnist: directory, split: split, synthesis: self), 0)
    }
}

extension LineSynthesis {
    /// A short text with all digits and letters, the default of ``text``.
    public static let defaultText = """
        In 1452 Zita Quick began to copy the book of hours. She cut 37 quills, ruled 68 leaves and mixed her ink
        from oak galls, iron and gum. Every morning at 5 she wrote until the light failed, and every line took her
        longer than the one before. Jacob Vane paid 90 florins for the work; Xavier, who kept the keys, wanted it
        finished by Easter. The hand she wrote was round and upright. A letter was made of strokes, each drawn in
        its own order and direction, and whoever knew that order could tell one scribe from another after 500 years.
        Feet and serifs came last. When the pen ran dry in the middle of a word, the next stroke was darker, and so
        we know today where she paused. Runs of words were joined, then parted; full stops were small, capitals
        large and red. Yellow was dear, and blue was dearer. Nobody counted the mistakes. Kind readers scraped them
        away with a knife and wrote over the rough place. Later came paper, cheap and grey, and with it letters,
        lists, bills, diaries and maps. Uncle Otto noted the weather on 12 March 1783: rain, wind from the west, the
        river higher than ever. Grace Hughes sold 24 eggs and bought salt. Lawyers wrote quickly. Children wrote
        slowly, lazy lovers badly. Bakers did sums. Post went by horse and took 6 days from Dover to York. Machines
        learn the same way we do, by looking at many hands. Show them a million strokes and they find what is common
        to every A and what sets a Q apart from an O. Very few rules are needed, only patience and examples.
        """
}
