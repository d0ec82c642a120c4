/// Paragraphs synthesized from the lines of many pages: random lines stacked until the canvas or the maximum length of
/// a text is full.
///
/// A network that reads whole paragraphs would memorize the texts of the few real pages. Synthetic paragraphs are
/// unlimited; paragraph i depends on the seed and on i alone.
public struct SynthesizedParagraphs: Sendable {
    /// The settings of the paragraphs.
    public let synthesis: ParagraphSynthesis
    /// The scaled images of all lines, and their texts.
    private let lines: [(image: Image, text: String)]
    private let input: ParagraphInput
    private let stream: RandomStream

    /// Reads the images of all lines, several pages in parallel.
    ///
    /// - Throws: ``DatasetError`` if no line fits a paragraph, or `ImageError`.
    public init(
        _ pages: [TranscribedPage], synthesis: ParagraphSynthesis = ParagraphSynthesis(),
        input: ParagraphInput = ParagraphInput(), seed: UInt64 = 1
    ) throws {
        precondition(
            0 < synthesis.minimumLines && synthesis.minimumLines <= synthesis.maximumLines,
            "A paragraph cannot have \(synthesis.minimumLines) to \(synthesis.maximumLines) lines.")
        (self.synthesis, self.input, stream) = (synthesis, input, RandomStream(seed: seed))
        let perPage = parallelMap(pages.count) { index in
            Result { try Self.lines(of: pages[index], input, synthesis.maximumLength) }
        }
        lines = try perPage.flatMap { try $0.get() }
        guard !lines.isEmpty else {
            throw DatasetError.malformed(
                file: pages.first?.name ?? "", reason: "no page has a line with a text that fits a paragraph")
        }
    }

    private static func lines(
        of page: TranscribedPage, _ input: ParagraphInput, _ maximumLength: Int
    ) throws -> [(image: Image, text: String)] {
        let image = try page.image().grayscale()
        return page.lines(on: image).compactMap { line in
            guard !line.text.isEmpty, line.text.composedScalars.count <= maximumLength,
                let cut = image.reduced(line.box, to: input, pageWidth: image.width),
                cut.width <= input.width, cut.height <= input.height
            else { return nil }
            return (cut, line.text)
        }
    }

    /// Checks that the alphabet has all characters of the lines, and the newline.
    func check(_ characters: Alphabet) throws(AlphabetError) {
        for line in lines { _ = try characters.encode(line.text, sample: "“\(line.text)”") }
        if synthesis.maximumLines > 1 { _ = try characters.encode("\n", sample: "a paragraph of lines") }
    }

    /// A paragraph, dark on light, and its lines joined by newlines.
    public func paragraph(_ index: Int) -> (image: Image, text: String) {
        precondition(index >= 0, "There is no paragraph \(index).")
        var random = stream.split(index)
        var chosen: [(image: Image, text: String)] = []
        var (height, length) = (0, -1)
        for _ in 0..<Int.random(in: synthesis.minimumLines...synthesis.maximumLines, using: &random) {
            let line = lines[Int.random(in: 0..<lines.count, using: &random)]
            height += line.image.height
            length += line.text.composedScalars.count + 1
            guard height <= input.height, length <= synthesis.maximumLength else { break }
            chosen.append(line)
        }
        let width = chosen.map(\.image.width).max() ?? 0
        let pixels = chosen.flatMap { line in
            line.image.padded(right: width - line.image.width, fill: line.image.background).pixels
        }
        let image = Image(
            width: width, height: width > 0 ? pixels.count / width : 0, channels: 1, pixels: pixels)
        return (image, chosen.map(\.text).joined(separator: "\n"))
    }
}
