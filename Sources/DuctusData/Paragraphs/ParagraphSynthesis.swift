/// How paragraphs are made up of lines of many pages; see ``SynthesizedParagraphs``.
public struct ParagraphSynthesis: Configuration, Equatable {
    /// How many an epoch has; every epoch has its own.
    public var count = 0
    /// How many are validated with, where pages are not.
    public var validationCount = 64
    /// Whether the pages themselves are among the samples, before the paragraphs that are made up.
    public var includesPages = true
    /// The fewest lines of a paragraph.
    public var minimumLines = 1
    /// The most lines of a paragraph: few at first make learning easier.
    public var maximumLines = 15
    /// The most characters of a paragraph, newlines included.
    public var maximumLength = 680

    /// None; of the sizes of the Full Stack Deep Learning labs, if a count is given.
    public init(count: Int) { self.count = count }

    /// None are made up.
    public init() {}

    public var problem: String? {
        problem("count", count, in: 0...1_000_000_000)
            ?? problem("validationCount", validationCount, in: 0...1_000_000_000)
            ?? problem("maximumLines", maximumLines, in: 1...1000)
            ?? problem("minimumLines", minimumLines, in: 1...maximumLines)
            ?? problem("maximumLength", maximumLength, in: 1...65_536)
    }
}
