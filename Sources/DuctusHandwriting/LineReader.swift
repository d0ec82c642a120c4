import DuctusModels

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
        /// From 0 to 1; see ``BestPathDecoder/Reading/confidence`` and `BeamSearch.Text.confidence`.
        public let confidence: Double
    }

    /// What it can read.
    public let characters: CharacterSet
    private let network: any LineNetwork
    private let input: LineInput
    /// How a network that writes, a `TextGenerator`, finds its texts; others are read along their best path.
    public var search = BeamSearch()

    /// Reads a weights file for lines, or the best weights of a run's directory.
    ///
    /// - Throws: `ArchiveError` if there are none, or if they are for another task.
    public init(_ weights: String) throws {
        let file = try WeightsFile(weights, for: .lines)
        guard let network = file.network as? any LineNetwork, let characters = file.characters else {
            throw ArchiveError(file.path, "holds a network that reads no lines.")
        }
        self.init(network: network, characters: characters, input: file.input)
    }

    /// A network in memory; `input` must be what it is trained with.
    public init(network: any LineNetwork, characters: CharacterSet, input: LineInput = LineInput()) {
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
        return decode(network(batch), widths: [width])[0]
    }

    /// How characters are chosen: `best-path`, `greedy` or `beam` and its width.
    var decoder: String {
        guard network is any TextGenerator else { return "best-path" }
        return search.width == 1 ? "greedy" : "beam \(search.width)"
    }

    /// What a network's output says, for every sample of a batch.
    func decode(_ output: Tensor<Float>, widths: [Int]) -> [Output] {
        guard let generator = network as? any TextGenerator else { return bestPaths(output, widths: widths) }
        return search.texts(generator, output, widths: widths).map {
            let text = characters.decode($0.tokens.filter { $0 < characters.count })
            return Output(text: text.trimmed, confidence: $0.confidence)
        }
    }

    private func bestPaths(_ logits: Tensor<Float>, widths: [Int]) -> [Output] {
        let decoder = BestPathDecoder(
            classes: characters.count, blank: characters.blank, joinsRepetitions: network.alignment == .ctc)
        return widths.indices.map { n in
            let steps = min(max(network.steps(width: widths[n]), 1), logits.shape[1])
            let reading = decoder.decode(logits.row(n).sliced(0..<steps, axis: 0).scalars)
            let text = characters.decode(reading.labels)
            return Output(text: text.trimmed, confidence: reading.confidence)
        }
    }
}

extension String {
    /// Without spaces at the ends, which are paper rather than text.
    fileprivate var trimmed: String {
        String(String(drop { $0 == " " }.reversed().drop { $0 == " " }).reversed())
    }
}
