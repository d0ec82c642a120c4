import DuctusModels

/// Reads a page of one paragraph at once, with a network that writes all its lines.
///
/// The network does not say where a line stands: every line has the box of the paragraph, and the confidence of the
/// whole text.
///
/// ```swift
/// let reader = try WholeParagraphReader("runs/paragraphs-20260131-142500")
/// print(reader.read(try Image(contentsOf: "page.png")).text)
/// ```
public struct WholeParagraphReader: PageReader {
    /// What it can read.
    public let characters: CharacterSet
    /// How texts are chosen: greedily, or by a beam search.
    public var decoding = Decoding.bestPath
    private let network: any TextGenerator
    private let input: ParagraphInput

    /// Reads a weights file for paragraphs, or the best weights of a run's directory.
    ///
    /// - Throws: `ArchiveError` if there are none, or if they are for another task.
    public init(_ weights: String) throws { try self.init(WeightsFile(weights, for: .paragraphs)) }

    init(_ file: WeightsFile) throws {
        guard let network = file.network as? any TextGenerator, let characters = file.characters else {
            throw ArchiveError(file.path, "holds a network that writes no text.")
        }
        self.init(network: network, characters: characters, input: file.paragraph)
    }

    /// A network in memory; `input` must be what it is trained with.
    public init(network: any TextGenerator, characters: CharacterSet, input: ParagraphInput) {
        (self.network, self.characters, self.input) = (network, characters, input)
    }

    public func read(_ page: Image, name: String, whenRead: (LineReading) -> Void) -> PageReading {
        var lines: [LineReading] = []
        if let (paragraph, box) = input.paragraph(on: page) {
            let memory = network(paragraph.expandingShape(at: 0))
            let text = decoding.search.texts(network, memory)[0]
            lines = characters.decode(text.tokens.filter { $0 < characters.count }).split(separator: "\n")
                .map { LineReading(text: String($0).trimmed, confidence: text.confidence, box: box) }
                .filter { !$0.text.isEmpty }
        }
        for line in lines { whenRead(line) }
        return PageReading(image: name, width: page.width, height: page.height, lines: lines)
    }

    /// A paragraph of one line.
    public func readLine(_ image: Image, name: String) -> PageReading { read(image, name: name) { _ in } }
}
