import DuctusModels

/// Names the character on a 28 × 28 image.
public struct CharacterPredictor: Predictor {
    public struct Output: Sendable, Equatable {
        public let character: String
        public let confidence: Double
        /// The five likeliest classes, the first first.
        public let best: [Int]
    }

    private let network: any Network
    /// What the classes stand for.
    public let characters: CharacterSet

    public init(_ weights: String) throws {
        let file = try WeightsFile(weights, for: .characters)
        guard let characters = file.characters else {
            preconditionFailure("Weights for characters have a character set.")
        }
        self.init(network: file.network, characters: characters)
    }

    public init(network: any Network, characters: CharacterSet) {
        (self.network, self.characters) = (network, characters)
    }

    /// - Parameter inputs: `[28, 28, 1]` each, ink up to 1 on 0.
    public func predict(_ inputs: [Tensor<Float>]) -> [Output] {
        guard let first = inputs.first else { return [] }
        let batch = Tensor(inputs.flatMap(\.scalars), shape: Shape([inputs.count] + first.shape))
        let probabilities = network(batch).softmax()
        let classes = probabilities.shape[1]
        let scalars = probabilities.scalars
        return inputs.indices.map { n in
            let row = scalars[n * classes..<(n + 1) * classes]
            let best = row.indices.sorted { (row[$1], $0) < (row[$0], $1) }.prefix(5).map { $0 - n * classes }
            return Output(
                character: characters.decode([Int32(best[0])]),
                confidence: Double(row[n * classes + best[0]]), best: Array(best))
        }
    }
}
