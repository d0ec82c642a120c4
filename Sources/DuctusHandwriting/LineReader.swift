import DuctusModels

/// Reads the text on images of single lines.
public struct LineReader: Predictor {
    public struct Output: Sendable, Equatable {
        public let text: String
        /// From 0 to 1; see ``BestPathDecoder``.
        public let confidence: Double
    }

    public let characters: CharacterSet
    private let network: any LineNetwork
    private let input: LineInput

    public init(_ weights: String) throws {
        let file = try WeightsFile(weights, for: .lines)
        guard let network = file.network as? any LineNetwork, let characters = file.characters else {
            throw ArchiveError(file.path, "holds a network that reads no lines.")
        }
        self.init(network: network, characters: characters, input: file.input)
    }

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

    /// The best path of every sample of a batch.
    func decode(_ logits: Tensor<Float>, widths: [Int]) -> [Output] {
        let decoder = BestPathDecoder(classes: characters.count, blank: characters.blank)
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
