/// Recognizes the text of single lines.
///
/// ```swift
/// let reader = try LineReader("runs/lines-20260131-142500")
/// let line = reader.predict(try Image(contentsOf: "line.png"))
/// print(line.text, line.confidence)
/// ```
public struct LineReader: Predictor {
    /// A recognized line.
    public struct Output: Sendable, Equatable {
        /// The text, without spaces at the ends.
        public let text: String
        /// The confidence, 0 to 1; see ``BestPathDecoder/Reading/confidence``, ``PrefixBeamDecoder/Reading/confidence``, and
        /// `BeamSearch.Text.confidence`.
        public let confidence: Double
    }

    /// The characters that can be recognized.
    public let characters: Alphabet
    private let network: any LineNetwork
    private let input: LineInput
    /// The decoding.
    public var decoding = Decoding.bestPath

    /// Reads a weights file for lines, or the best weights of a run.
    ///
    /// - Throws: `ArchiveError` if it is missing or for another task, `ConfigurationError` if its metadata are invalid.
    public init(_ weights: String) throws {
        try self.init(WeightsFile(weights, for: Self.task))
    }

    init(_ file: WeightsFile) throws {
        let network = try file.network(as: (any LineNetwork).self, "line recognizer")
        let (characters, input): (Alphabet, LineInput) = (try file.recipe("characters"), try file.recipe("input"))
        let classes = file.network.configuration.classes
        if let problem = Self.problem(network, classes: classes, characters: characters, input: input) {
            throw ArchiveError(file.path, "is inconsistent: \(problem).")
        }
        self.init(network: network, characters: characters, input: input)
    }

    /// The name of the task in configurations and weights files.
    public static let task = "lines"

    /// The model configuration of a line recognizer.
    /// - Throws: `EncodingError` for a number that JSON cannot represent.
    public static func model(
        _ network: any ConfigurableNetwork & LineNetwork, characters: Alphabet, input: LineInput = LineInput()
    ) throws -> ModelConfiguration {
        try ModelConfiguration(task: task, network: network, recipe: ["characters": characters, "input": input])
    }

    /// The inconsistency between a network, an alphabet, and preprocessing, as a clause; nil if there is none.
    package static func problem(
        _ network: any LineNetwork, classes: Int, characters: Alphabet, input: LineInput
    ) -> String? {
        guard network.height == input.height else {
            return "the network takes lines of height \(network.height); \"input.height\" is \(input.height)"
        }
        guard characters.count == classes else {
            return "the network has \(classes) classes; the alphabet has \(characters.count), including the blank"
        }
        return nil
    }

    /// Creates a reader from a network and the preprocessing that it was trained with.
    public init(network: any LineNetwork, characters: Alphabet, input: LineInput = LineInput()) {
        (self.network, self.characters, self.input) = (network, characters, input)
    }

    /// Recognizes lines in parallel. The result for a line does not depend on the others.
    public func predict(_ images: [Image]) -> [Output] {
        parallelMap(images.count) { read(images[$0]) }
    }

    private func read(_ image: Image) -> Output {
        let line = input.tensor(image)
        let width = line.shape[1]
        let missing = max(network.minimumWidth - width, 0)
        let batch = line.padded(before: 0, after: missing, axis: 1).expandingShape(at: 0)
        return decode(network(batch, widths: [width]), widths: [width])[0]
    }

    /// The decoding that is used: always `bestPath` for networks with one character per step.
    public var effectiveDecoding: Decoding { isSearched ? decoding : .bestPath }

    private var isSearched: Bool { network is any TextGenerator || network.alignment == .ctc }

    /// Decodes the output of the network for a batch.
    package func decode(_ output: Tensor<Float>, widths: [Int]) -> [Output] {
        if let generator = network as? any TextGenerator {
            return decoding.search.texts(generator, output, widths: widths).map {
                Output($0.tokens, characters, confidence: $0.confidence)
            }
        }
        return widths.indices.map { n in
            let steps = min(max(network.steps(width: widths[n]), 1), output.shape[1])
            return decode(output.row(n).sliced(0..<steps, axis: 0).scalars)
        }
    }

    private func decode(_ logits: [Float]) -> Output {
        let (classes, blank) = (characters.count, characters.blank)
        if let width = effectiveDecoding.beamWidth {
            let reading = PrefixBeamDecoder(classes: classes, blank: blank, width: width).decode(logits)
            return Output(reading.labels, characters, confidence: reading.confidence)
        }
        let reading = BestPathDecoder(classes: classes, blank: blank, mergesRepetitions: network.alignment == .ctc)
            .decode(logits)
        return Output(reading.labels, characters, confidence: reading.confidence)
    }
}

extension LineReader.Output {
    /// The text of classes or tokens; start and end tokens, which have no class, are removed.
    fileprivate init(_ tokens: [Int32], _ characters: Alphabet, confidence: Double) {
        self.init(text: characters.decode(tokens.filter { $0 < characters.count }).trimmed, confidence: confidence)
    }
}

extension String {
    /// The string without spaces at both ends.
    var trimmed: String {
        String(String(drop { $0 == " " }.reversed().drop { $0 == " " }).reversed())
    }
}
