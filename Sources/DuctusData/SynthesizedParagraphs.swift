import DuctusTensors

/// Paragraphs made up of lines of many pages: 1 to 15 of them, drawn at random and set one below the other, as far as
/// image and text have room.
///
/// Real pages are too few for a network that reads whole paragraphs to learn more than their texts. Paragraph number i
/// depends on the seed and on i alone.
public struct SynthesizedParagraphs: Sendable {
    /// The most lines of a paragraph.
    public static let maximumLines = 15
    /// The most characters of a paragraph, newlines included.
    public static let maximumLength = 680

    /// How many paragraphs there are.
    public let count: Int
    /// The images of all lines, reduced, and what they say.
    private let lines: [(image: Image, text: String)]
    private let stream: RandomStream

    /// Reads the images of all lines, a page at a time and pages at the same time.
    public init(_ pages: [TranscribedPage], count: Int, seed: UInt64 = 1) throws {
        let perPage = parallelMap(pages.count) { index in Result { try Self.lines(of: pages[index]) } }
        lines = try perPage.flatMap { try $0.get() }
        (self.count, stream) = (count, RandomStream(seed: seed))
        guard !lines.isEmpty || count == 0 else {
            throw DatasetError.malformed(
                file: pages.first?.name ?? "", reason: "no page has a line that is written on and fits a paragraph")
        }
    }

    private static func lines(of page: TranscribedPage) throws -> [(image: Image, text: String)] {
        let image = try page.image().grayscale()
        return page.lines.compactMap { line in
            guard !line.text.isEmpty, line.text.composedScalars.count <= maximumLength,
                let cut = image.reduced(line.box, ofPageWidth: image.width),
                cut.width <= ParagraphDataset.width, cut.height <= ParagraphDataset.height
            else { return nil }
            return (cut, line.text)
        }
    }

    /// A paragraph, dark on light, and its lines joined by newlines.
    public func paragraph(_ index: Int) -> (image: Image, text: String) {
        precondition((0..<count).contains(index), "There is no paragraph \(index) among \(count).")
        var random = stream.split(index)
        var chosen: [(image: Image, text: String)] = []
        var (height, length) = (0, -1)
        for _ in 0..<Int.random(in: 1...Self.maximumLines, using: &random) {
            let line = lines[Int.random(in: 0..<lines.count, using: &random)]
            height += line.image.height
            length += line.text.composedScalars.count + 1
            guard height <= ParagraphDataset.height, length <= Self.maximumLength else { break }
            chosen.append(line)
        }
        let width = chosen.map(\.image.width).max() ?? 0
        let pixels = chosen.flatMap { line in
            line.image.padded(right: width - line.image.width, fill: line.image.paper).pixels
        }
        let image = Image(
            width: width, height: width > 0 ? pixels.count / width : 0, channels: 1, pixels: pixels)
        return (image, chosen.map(\.text).joined(separator: "\n"))
    }
}
