

/// Reads the text on images of single lines.
///
/// ```swift
/// let reader = try LineReader("runs/lines-20260131-142500")
/// let line = reader.predict(try Image(contentsOf: "line.png"))
/// print(line.text, line.confidence)
/// ```
public struct LineReader: Predictor {
    /// What a line says, and how surely.
    public struct Output: Sendable, Equatable {
        /// Without spaces at the ends; empty if nothing was read.
        public let text: String
        /// From 0 to 1; see ``BestPathDecoder/Reading/confidence``, ``PrefixBeamDecoder/Reading/confidence`` and
        /// `BeamSearch.Text.confidence`.
        public let confidence: Double
    }

    /// What it can read.
    public let characters: Alphabet
    private let network: any LineNetwork
    private let input: LineInput
    /// How texts are chosen.
    public var decoding = Decoding.bestPath

    /// Reads a weights file for lines, or the best weights of a run's directory.
    ///
    /// - Throws: `ArchiveError` if there are none, or if they are for another task.
    public init(_ weights: String) throws {
        try self.init(WeightsFile(weights, for: Self.task))
    }

    init(_ file: WeightsFile) throws {
        let network = try file.network(as: (any LineNetwork).self, "line recognizer")
        let (characters, input): (Alphabet, LineInput) = (try file.recipe("characters"), try file.recipe("input"))
        let classes = file.network.configuration.classes
        if let problem = Self.problem(network, classes: classes, characters: characters, input: input) {
            throw ArchiveError(file.path, "does not fit together: \(problem).")
        }
        self.init(network: network, characters: characters, input: input)
    }

    /// The name of the task in configurations and weights files.
    public static let task = "lines"

    /// What the weights file of a line recognizer says of it.
    /// - Throws: `EncodingError` for a number that JSON cannot hold.
    public static func model(
        _ network: any ConfigurableNetwork & LineNetwork, characters: Alphabet, input: LineInput = LineInput()
    ) throws -> ModelConfiguration {
        try ModelConfiguration(task: task, network: network, recipe: ["characters": characters, "input": input])
    }

    /// Why a network, characters and a recipe do not fit together, as a clause; nil if they do.
    package static func problem(
        _ network: any LineNetwork, classes: Int, characters: Alphabet, input: LineInput
    ) -> String? {
        guard network.height == input.height else {
            return "the network takes lines of height \(network.height), the input recipe makes \(input.height)"
        }
        return characters.count == classes ? nil : "classes and characters differ in number"
    }

    /// A network in memory; `input` must be what it is trained with.
    public init(network: any LineNetwork, characters: Alphabet, input: LineInput = LineInput()) {
        (self.network, self.characters, self.input) = (network, characters, input)
    }

    /// Every line is read by itself, so what a line says does not depend on its neighbours; lines share the threads.
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

    /// How texts are chosen in fact: a network with a step for every character leaves nothing to search.
    public var effectiveDecoding: Decoding { isSearched ? decoding : .bestPath }

    private var isSearched: Bool { network is any TextGenerator || network.alignment == .ctc }

    /// What a network's output says, for every sample of a batch.
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
        let reading = BestPathDecoder(classes: classes, blank: blank, joinsRepetitions: network.alignment == .ctc)
            .decode(logits)
        return Output(reading.labels, characters, confidence: reading.confidence)
    }
}

extension LineReader.Output {
    /// What classes or tokens say; start and end of a text, which are no classes, are left out.
    fileprivate init(_ tokens: [Int32], _ characters: Alphabet, confidence: Double) {
        self.init(text: characters.decode(tokens.filter { $0 < characters.count }).trimmed, confidence: confidence)
    }
}

extension String {
    /// Without spaces at the ends, which are paper rather than text.
    var trimmed: String {
        String(String(drop { $0 == " " }.reversed().drop { $0 == " " }).reversed())
    }
}
