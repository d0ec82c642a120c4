/// Settings of paragraphs synthesized from the lines of many pages; see ``SynthesizedParagraphs``.
public struct ParagraphSynthesis: Configuration, Equatable {
    /// The number of paragraphs of an epoch; every epoch has new ones.
    public var count = 0
    /// The number of paragraphs for validation, if the pages are excluded.
    public var validationCount = 64
    /// Whether the pages themselves are samples, too, before the synthetic paragraphs.
    public var includesPages = true
    /// The minimum number of lines of a paragraph.
    public var minimumLines = 1
    /// The maximum number of lines of a paragraph. Fewer lines are easier to learn from at first.
    public var maximumLines = 15
    /// The maximum number of characters of a paragraph, including newlines.
    public var maximumLength = 680

    /// Paragraphs with the sizes of the Full Stack Deep Learning labs.
    public init(count: Int) { self.count = count }

    /// No synthetic paragraphs.
    public init() {}

    public var problem: String? {
        problem("count", count, in: 0...1_000_000_000)
            ?? problem("validationCount", validationCount, in: 0...1_000_000_000)
            ?? problem("maximumLines", maximumLines, in: 1...1000)
            ?? problem("minimumLines", minimumLines, in: 1...maximumLines)
            ?? problem("maximumLength", maximumLength, in: 1...65_536)
    }
}
