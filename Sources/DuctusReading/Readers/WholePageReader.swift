/// Recognizes a page with one paragraph in one step, with an autoregressive network.
///
/// The network does not locate lines: every line has the box of the paragraph and the confidence of the whole text.
///
/// ```swift
/// let reader = try WholePageReader("runs/paragraphs-20260131-142500")
/// print(reader.read(try Image(contentsOf: "page.png")).text)
/// ```
public struct WholePageReader: PageRecognizer {
    /// The characters that can be recognized.
    public let characters: Alphabet
    /// The decoding: greedy, or a beam search.
    public var decoding = Decoding.bestPath
    private let network: any TextGenerator
    private let input: ParagraphInput

    /// Reads a weights file for paragraphs, or the best weights of a run.
    ///
    /// - Throws: `ArchiveError` if it is missing or for another task, `ConfigurationError` if its metadata are invalid.
    public init(_ weights: String) throws { try self.init(WeightsFile(weights, for: Self.task)) }

    init(_ file: WeightsFile) throws {
        let network = try file.network(as: (any TextGenerator).self, "text generator")
        let (characters, input): (Alphabet, ParagraphInput) = (try file.recipe("characters"), try file.recipe("input"))
        let classes = file.network.configuration.classes
        if let problem = Self.problem(network, classes: classes, characters: characters, input: input) {
            throw ArchiveError(file.path, "is inconsistent: \(problem).")
        }
        self.init(network: network, characters: characters, input: input)
    }

    /// The name of the task in configurations and weights files.
    public static let task = "paragraphs"

    /// The model configuration of a paragraph recognizer.
    /// - Throws: `EncodingError` for a number that JSON cannot represent.
    public static func model(
        _ network: any ConfigurableNetwork & TextGenerator, characters: Alphabet, input: ParagraphInput
    ) throws -> ModelConfiguration {
        try ModelConfiguration(task: task, network: network, recipe: ["characters": characters, "input": input])
    }

    /// The inconsistency between a network, an alphabet, and preprocessing, as a clause; nil if there is none.
    package static func problem(
        _ network: any TextGenerator, classes: Int, characters: Alphabet, input: ParagraphInput
    ) -> String? {
        guard network.height == input.height else {
            return "the network takes images of height \(network.height); \"input.height\" is \(input.height)"
        }
        guard input.width >= network.minimumWidth else {
            return
                "the network takes images of width \(network.minimumWidth) or more; \"input.width\" is \(input.width)"
        }
        guard characters.count == classes else {
            return "the network has \(classes) classes; the alphabet has \(characters.count), including the blank"
        }
        return nil
    }

    /// Creates a reader from a network and the preprocessing that it was trained with.
    public init(network: any TextGenerator, characters: Alphabet, input: ParagraphInput) {
        (self.network, self.characters, self.input) = (network, characters, input)
    }

    public func read(_ page: Image, name: String, whenRead: (Page.Line) -> Void) -> Page {
        var lines: [Page.Line] = []
        if let (paragraph, box) = input.paragraph(on: page) {
            let memory = network(paragraph.expandingShape(at: 0))
            let text = decoding.search.texts(network, memory)[0]
            lines = characters.decode(text.tokens.filter { $0 < characters.count }).split(separator: "\n")
                .map { Page.Line(text: String($0).trimmed, confidence: text.confidence, box: box) }
                .filter { !$0.text.isEmpty }
        }
        for line in lines { whenRead(line) }
        return Page(image: name, width: page.width, height: page.height, lines: lines)
    }

    /// Recognizes a paragraph of one line.
    public func readLine(_ image: Image, name: String) -> Page { read(image, name: name) { _ in } }
}
