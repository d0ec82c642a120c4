/// Recognizes the text of single lines.
///
/// ```swift
/// let reader = try LineReader("runs/lines-20260131-142500")
/// let line = reader.predict(try Image(contentsOf: "line.png"))
/// print(line.text, line.confidence)
/// ```
public struct LineReader: Predictor, LanguageUser {
    /// A recognized line.
    public struct Output: Sendable, Equatable {
        /// The text, without spaces at the ends.
        public let text: String
        /// The confidence, 0 to 1; see ``BestPathDecoder/Reading/confidence``, ``PrefixBeamDecoder/Reading/confidence``, and
        /// `BeamSearch.Text.confidence`.
        public let confidence: Double
        /// The words of the text in order, with their positions; none if the network does not tell where characters are.
        public let words: [Word]
    }

    /// The characters that can be recognized.
    public let characters: Alphabet
    private let network: any LineNetwork
    private let input: LineInput
    /// The decoding.
    public var decoding = Decoding.bestPath
    /// The language models of the beam search. Every line is decoded with each of them, and the text with the best score
    /// wins, so that the language of a line is found without being told.
    public var languageModels: [LanguageModel] {
        get { priors.map(\.model) }
        set { priors = newValue.map { LanguagePrior($0, characters: characters) } }
    }
    private var priors: [LanguagePrior] = []

    /// Reads a weights file for lines, or the best weights of a run.
    ///
    /// If there are language models in the directory of the file, they are used in a beam search.
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
        guard hasCTC else { return }
        languageModels = try LanguageModel.all(beside: file.path)
        if !languageModels.isEmpty { decoding = .beam(width: Decoding.languageBeamWidth) }
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

    /// Recognizes lines. The result for a line depends on the others by no more than rounding.
    public func predict(_ images: [Image]) -> [Output] {
        guard network.separatesLines else { return parallelMap(images.count) { read([line(images[$0])])[0] } }
        // Not all lines of a data set are prepared at once.
        return stride(from: 0, to: images.count, by: 64).flatMap { start in
            let chunk = images[start...].prefix(64)
            let lines = parallelMap(chunk.count) { line(chunk[start + $0]) }
            var outputs: [Output?] = Array(repeating: nil, count: lines.count)
            for batch in Self.batches(lines) {
                for (index, output) in zip(batch, read(batch.map { lines[$0] })) { outputs[index] = output }
            }
            return outputs.compactMap { $0 }
        }
    }

    private func read(_ lines: [Line]) -> [Output] {
        let logits = output(of: lines)
        return parallelMap(lines.count) { n in
            decode(
                logits.sliced(n..<n + 1, axis: 0), widths: [lines[n].width], imageColumns: lines[n].imageColumns)[0]
        }
    }

    /// A line as the network expects it.
    private struct Line {
        /// `[height, width, 1]`
        let tensor: Tensor<Float>
        /// The columns of the image, which are not all if there is a margin.
        let imageColumns: Int

        var width: Int { tensor.shape[1] }
    }

    private func line(_ image: Image) -> Line {
        let aspect = min(Double(image.width) / Double(image.height), Double(input.maximumAspect))
        return Line(
            tensor: input.tensor(image), imageColumns: max(1, Int((aspect * Double(input.height)).rounded())))
    }

    /// The largest number of lines that are computed together.
    package static let batchSize = 8
    /// The largest number of columns of a batch, which bounds its memory.
    private static let batchColumns = 9216

    /// The indices of lines that are computed together: eight take a fifth less time than one by one.
    /// The narrowest is at least two thirds as wide as the widest, to which it is padded.
    private static func batches(_ lines: [Line]) -> [[Int]] {
        var batches: [[Int]] = []
        for index in lines.indices.sorted(by: { (lines[$1].width, $0) < (lines[$0].width, $1) }) {
            let batch = batches.last ?? []
            let widest = batch.first.map { lines[$0].width } ?? 0
            let isFull = batch.count == batchSize || (batch.count + 1) * widest > batchColumns
            if batch.isEmpty || isFull || 3 * lines[index].width < 2 * widest {
                batches.append([index])
            } else {
                batches[batches.count - 1].append(index)
            }
        }
        return batches
    }

    /// The output of the network for some lines.
    private func output(of lines: [Line]) -> Tensor<Float> {
        let width = lines.reduce(network.minimumWidth) { max($0, $1.width) }
        let batch = lines.map {
            $0.tensor.padded(before: 0, after: width - $0.width, axis: 1).expandingShape(at: 0)
        }
        return network(batch.count == 1 ? batch[0] : .concatenated(batch, axis: 0), widths: lines.map(\.width))
    }

    /// The logits of a line, and where their steps lie on its image.
    package func logits(of image: Image) -> [Float] {
        let line = line(image)
        let output = self.output(of: [line])
        let steps = min(max(network.steps(width: line.width), 1), output.shape[1])
        return output.row(0).sliced(0..<steps, axis: 0).scalars
    }

    /// The decoding that is used: always `bestPath` for networks with one character per step.
    public var effectiveDecoding: Decoding { network is any TextGenerator || hasCTC ? decoding : .bestPath }

    private var hasCTC: Bool { !(network is any TextGenerator) && network.alignment == .ctc }

    /// Decodes the output of the network for a batch.
    ///
    /// - Parameter imageColumns: the columns of the images in the input; by default, all that are not margin.
    package func decode(_ output: Tensor<Float>, widths: [Int], imageColumns: Int? = nil) -> [Output] {
        if let generator = network as? any TextGenerator {
            return decoding.search.texts(generator, output, widths: widths).map {
                Output($0.tokens, characters, confidence: $0.confidence)
            }
        }
        return widths.indices.map { n in
            let steps = min(max(network.steps(width: widths[n]), 1), output.shape[1])
            let geometry = StepGeometry(
                network, input: input, columns: widths[n], imageColumns: imageColumns)
            return decode(output.row(n).sliced(0..<steps, axis: 0).scalars, geometry)
        }
    }

    private func decode(_ logits: [Float], _ geometry: StepGeometry) -> Output {
        let (classes, blank) = (characters.count, characters.blank)
        guard let width = effectiveDecoding.beamWidth else {
            let reading = BestPathDecoder(classes: classes, blank: blank, mergesRepetitions: network.alignment == .ctc)
                .decode(logits)
            return Output(
                reading.labels, characters, confidence: reading.confidence, words: words(reading.characters, geometry))
        }
        let (readings, prior) = search(logits, width: width)
        let alignment = ForcedAlignment(classes: classes, blank: blank, prior: prior)
        let aligned = alignment.characters(of: readings[0].labels, in: logits) ?? []
        return Output(
            readings[0].labels, characters, confidence: readings[0].confidence,
            words: words(aligned, geometry, among: prior == nil ? [] : readings))
    }

    /// The most likely texts, best first; with language models, those of the language whose best text is the best.
    private func search(
        _ logits: [Float], width: Int
    ) -> (readings: [PrefixBeamDecoder.Reading], prior: LanguagePrior?) {
        func readings(_ prior: LanguagePrior?) -> [PrefixBeamDecoder.Reading] {
            PrefixBeamDecoder(
                classes: characters.count, blank: characters.blank, width: width, prior: prior,
                leastProbability: prior == nil ? 0 : Decoding.leastProbability
            ).decode(logits, best: prior == nil ? 1 : width)
        }
        guard let first = priors.first else { return (readings(nil), nil) }
        var best = (readings: readings(first), prior: first)
        for prior in priors.dropFirst() {
            let other = readings(prior)
            if other[0].score > best.readings[0].score { best = (other, prior) }
        }
        return best
    }
}

extension LineReader.Output {
    /// The text of classes or tokens; start and end tokens, which have no class, are removed.
    fileprivate init(
        _ tokens: [Int32], _ characters: Alphabet, confidence: Double, words: [LineReader.Word] = []
    ) {
        self.init(
            text: characters.decode(tokens.filter { $0 < characters.count }).trimmed, confidence: confidence,
            words: words)
    }
}

extension String {
    /// The string without spaces at both ends.
    var trimmed: String {
        String(String(drop { $0 == " " }.reversed().drop { $0 == " " }).reversed())
    }
}
