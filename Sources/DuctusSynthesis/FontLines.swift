import DuctusData

/// Lines of handwriting that nobody wrote: words of a text in the letters of fonts, each line in a hand of its own.
///
/// A line's font is drawn first, and then its words from those the font has all characters of. Line number i depends
/// on the seed, i, the text and the fonts alone, so lines can be made in any order and by any number of threads.
///
/// ```swift
/// let lines = try FontLines(Font.handwriting(), text: "The pen moves over the page", count: 1_000)
/// try lines.line(0).text                                              // "moves over the"
/// let data = LineDataset(lines, characters: .iam)
/// ```
public struct FontLines: LineSource {
    public let count: Int
    /// The fonts that can write some of the text.
    public let fonts: [Font]
    /// How many words a line has.
    public let words: ClosedRange<Int>
    /// The rows of every image.
    public let height: Int
    /// What all lines follow from.
    public let seed: UInt64

    /// The words of the text that no font can write, once each, in the order of their first appearance.
    public let wordsLeftOut: [String]

    private let wordings: [Wording]
    /// How many lines show the tips of their neighbours.
    private static let crowded = 0.25

    /// Lines of a text.
    ///
    /// - Parameters:
    ///   - fonts: the fonts to write with.
    ///   - text: what is written, in parts.
    ///   - words: how many words a line has.
    ///   - count: how many lines there are.
    ///   - height: the rows of every image.
    ///   - seed: what all lines follow from.
    /// - Throws: ``SynthesisError/unwritable(fonts:)`` if no font can write any word.
    public init(
        _ fonts: [Font], text: String, words: ClosedRange<Int> = 2...9, count: Int, height: Int = 64, seed: UInt64 = 1
    ) throws(SynthesisError) {
        precondition(count >= 0 && height > 0, "There cannot be \(count) lines of \(height) rows.")
        precondition(words.lowerBound > 0, "A line has at least one word, not \(words.lowerBound).")
        let running = text.split(whereSeparator: \.isWhitespace).map(String.init)
        let able = fonts.compactMap { font in Wording(running, for: font).map { (font, $0) } }
        guard !able.isEmpty else { throw .unwritable(fonts: fonts.count) }
        (self.fonts, wordings) = (able.map(\.0), able.map(\.1))
        var known = wordings.reduce(into: Set<String>()) { $0.formUnion($1.words) }
        wordsLeftOut = running.filter { known.insert($0).inserted }
        (self.count, self.words, self.height, self.seed) = (count, words, height, seed)
    }

    public func name(of index: Int) -> String { "line \(index)" }

    public func line(_ index: Int) throws -> (image: Image, text: String) {
        precondition((0..<count).contains(index), "There is no line \(index) among \(count).")
        var random = RandomStream(seed: seed).split(index)
        let chosen = Int.random(in: 0..<fonts.count, using: &random)
        let text = wordings[chosen].text(of: words, using: &random)
        var neighbours = ["", ""]
        if random.isTrue(Self.crowded) {
            neighbours = neighbours.map { _ in wordings[chosen].text(of: words, using: &random) }
        }
        let hand = Hand(fonts[chosen], using: &random)
        let image = try hand.line(text, above: neighbours[0], below: neighbours[1], height: height, using: &random)
        return (image, text)
    }
}
