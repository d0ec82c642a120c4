import DuctusData

/// Synthetic lines of handwriting: words of a text written with fonts, each line in a random hand of its own.
///
/// For every line, a font is drawn first, then words that it can write. Line i depends only on the seed, i, the text
/// and the fonts, so lines can be generated in any order and by any number of threads.
///
/// ```swift
/// let lines = try FontLines(Font.handwriting(), text: "The pen moves over the page", count: 1_000)
/// try lines.line(0).text                                              // "moves over the"
/// let data = LineDataset(lines, characters: .iam)
/// ```
public struct FontLines: LineSource {
    public let count: Int
    /// The fonts that can write at least one word of the text.
    public let fonts: [Font]
    /// The range of words per line.
    public let words: ClosedRange<Int>
    /// The height of every image in pixels.
    public let height: Int
    /// The seed that determines all lines.
    public let seed: UInt64

    /// The words of the text that no font can write, once each, in order of first appearance.
    public let skippedWords: [String]

    private let wordings: [Wording]
    /// The fraction of lines that show parts of the lines above and below.
    private static let crowded = 0.25

    /// Creates lines from a text.
    ///
    /// - Parameters:
    ///   - fonts: the fonts to write with.
    ///   - text: the text whose words the lines consist of.
    ///   - words: the range of words per line.
    ///   - count: the number of lines.
    ///   - height: the height of every image in pixels.
    ///   - seed: the seed that determines all lines.
    /// - Throws: ``SynthesisError/unwritable(fonts:)`` if no font can write any word.
    public init(
        _ fonts: [Font], text: String, words: ClosedRange<Int> = 2...9, count: Int, height: Int = 64, seed: UInt64 = 1
    ) throws(SynthesisError) {
        precondition(
            count >= 0 && height > 0,
            "FontLines needs a nonnegative count and a positive height; got \(count) and \(height).")
        precondition(words.lowerBound > 0, "FontLines needs at least one word per line; got \(words.lowerBound).")
        let running = text.split(whereSeparator: \.isWhitespace).map(String.init)
        let able = fonts.compactMap { font in Wording(running, for: font).map { (font, $0) } }
        guard !able.isEmpty else { throw .unwritable(fonts: fonts.count) }
        (self.fonts, wordings) = (able.map(\.0), able.map(\.1))
        var known = wordings.reduce(into: Set<String>()) { $0.formUnion($1.words) }
        skippedWords = running.filter { known.insert($0).inserted }
        (self.count, self.words, self.height, self.seed) = (count, words, height, seed)
    }

    public func name(of index: Int) -> String { "line \(index)" }

    public func line(_ index: Int) throws -> (image: Image, text: String) {
        precondition((0..<count).contains(index), "Line \(index) is out of range for \(count) lines.")
        var random = RandomStream(seed: seed).split(index)
        let chosen = Int.random(in: 0..<fonts.count, using: &random)
        let text = wordings[chosen].text(of: words, using: &random)
        var neighbors = ["", ""]
        if random.isTrue(Self.crowded) {
            neighbors = neighbors.map { _ in wordings[chosen].text(of: words, using: &random) }
        }
        let hand = Hand(fonts[chosen], using: &random)
        let image = try hand.line(text, above: neighbors[0], below: neighbors[1], height: height, using: &random)
        return (image, text)
    }
}
