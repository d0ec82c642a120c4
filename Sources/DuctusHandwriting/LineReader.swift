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
    private let batchSize = 16

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

    /// Lines of similar width share a batch; the outputs are in the order of the images.
    public func predict(_ images: [Image]) -> [Output] {
        let inputs = images.map { input.tensor($0) }
        let order = inputs.indices.sorted { (inputs[$0].shape[1], $0) < (inputs[$1].shape[1], $1) }
        var outputs = [Output](repeating: Output(text: "", confidence: 0), count: images.count)
        for start in stride(from: 0, to: order.count, by: batchSize) {
            let indices = Array(order[start..<min(start + batchSize, order.count)])
            let cache = ExampleCache(
                examples: indices.map { Example(input: inputs[$0], labels: Tensor([Int32]())) },
                names: indices.map { "\($0)" }, expectation: Expectation(shape: [], classes: characters.count))
            let batch = BatchLoader(
                cache, batchSize: batchSize, shuffles: false, minimumWidth: network.minimumWidth
            ).batch(Array(indices.indices), epoch: 0)
            let readings = decode(network(batch.input), widths: batch.widths)
            for (index, reading) in zip(indices, readings) { outputs[index] = reading }
        }
        return outputs
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
