/// How lines are made up of images of single characters; see ``SynthesizedLines``.
public struct LineSynthesis: LineDataKind, Equatable {
    public static let name = "emnist-lines"
    /// How many lines the split `train` has.
    public var count = 10_000
    /// How many lines the split `test` has.
    public var testCount = 1_000
    /// Characters of the longest line, spaces included.
    public var maximumLength = 34
    /// The least share of its width by which an image covers the one before.
    public var minimumOverlap = 0.0
    /// The largest such share. A line has one overlap, drawn between the two.
    public var maximumOverlap = 0.33
    /// Whether a character looks the same wherever it stands in a line; if not, every one is drawn anew.
    public var repeatsImages = false
    /// Whether all images are as wide as the longest line may be; if not, as wide as their text.
    public var isPadded = false
    /// A text file, or `iam:DIRECTORY` for what the training forms of the IAM database say; a short text that comes
    /// with Ductus, if absent. A leading environment variable is replaced: `iam:$DUCTUS_DATA/iam`.
    public var text: String?
    /// What texts, images and overlaps follow from.
    public var seed: UInt64 = 1

    /// 10,000 lines of at most 34 characters, as the Full Stack Deep Learning labs have them.
    public init() {}

    public var problem: String? {
        problem("count", count, in: 1...1_000_000_000) ?? problem("testCount", testCount, in: 1...1_000_000_000)
            ?? problem("maximumLength", maximumLength, in: 1...10_000)
            ?? problem("maximumOverlap", maximumOverlap, in: 0...0.95)
            ?? problem("minimumOverlap", minimumOverlap, in: 0...maximumOverlap)
    }

    /// Lines of EMNIST's characters: those of a split, `train` or `test`, are made of that split's images.
    public func lines(in directory: String, split: String) throws -> (lines: any LineSource, missingImages: Int) {
        (try SynthesizedLines(emnist: directory, split: split, synthesis: self), 0)
    }
}

extension LineSynthesis {
    /// A short text with all digits and letters: what is written where ``text`` is empty.
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
