

/// Reads a page of one paragraph at once, with a network that writes all its lines.
///
/// The network does not say where a line stands: every line has the box of the paragraph, and the confidence of the
/// whole text.
///
/// ```swift
/// let reader = try WholePageReader("runs/paragraphs-20260131-142500")
/// print(reader.read(try Image(contentsOf: "page.png")).text)
/// ```
public struct WholePageReader: PageRecognizer {
    /// What it can read.
    public let characters: Alphabet
    /// How texts are chosen: greedily, or by a beam search.
    public var decoding = Decoding.bestPath
    private let network: any TextGenerator
    private let input: ParagraphInput

    /// Reads a weights file for paragraphs, or the best weights of a run's directory.
    ///
    /// - Throws: `ArchiveError` if there are none, or if they are for another task.
    public init(_ weights: String) throws { try self.init(WeightsFile(weights, for: Self.task)) }

    init(_ file: WeightsFile) throws {
        let network = try file.network(as: (any TextGenerator).self, "text generator")
        let (characters, input): (Alphabet, ParagraphInput) = (try file.recipe("characters"), try file.recipe("input"))
        let classes = file.network.configuration.classes
        if let problem = Self.problem(network, classes: classes, characters: characters, input: input) {
            throw ArchiveError(file.path, "does not fit together: \(problem).")
        }
        self.init(network: network, characters: characters, input: input)
    }

    /// The name of the task in configurations and weights files.
    public static let task = "paragraphs"

    /// What the weights file of a paragraph recognizer says of it.
    /// - Throws: `EncodingError` for a number that JSON cannot hold.
    public static func model(
        _ network: any ConfigurableNetwork & TextGenerator, characters: Alphabet, input: ParagraphInput
    ) throws -> ModelConfiguration {
        try ModelConfiguration(task: task, network: network, recipe: ["characters": characters, "input": input])
    }

    /// Why a network, characters and a recipe do not fit together, as a clause; nil if they do.
    package static func problem(
        _ network: any TextGenerator, classes: Int, characters: Alphabet, input: ParagraphInput
    ) -> String? {
        guard network.height == input.height else {
            return "the network takes images of height \(network.height), the input recipe makes \(input.height)"
        }
        guard input.width >= network.minimumWidth else {
            return "the network takes images no narrower than \(network.minimumWidth), the input recipe makes \(input.width)"
        }
        return characters.count == classes ? nil : "classes and characters differ in number"
    }

    /// A network in memory; `input` must be what it is trained with.
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

    /// A paragraph of one line.
    public func readLine(_ image: Image, name: String) -> Page { read(image, name: name) { _ in } }
}
