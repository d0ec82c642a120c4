/// Classifies characters on images of 28 × 28 pixels.
///
/// ```swift
/// let predictor = try CharacterPredictor("runs/characters-20260131-142500")
/// let digits = try CharacterDataset(kind: "mnist", directory: "data/mnist", split: "test")
/// predictor.predict(try digits.transformed(0).input).character   // "7"
/// ```
public struct CharacterPredictor: Predictor {
    /// A classified character.
    public struct Output: Sendable, Equatable {
        /// The most likely character.
        public let character: String
        /// Its probability, 0 to 1.
        public let confidence: Double
        /// The five most likely classes, most likely first.
        public let best: [Int]
    }

    private let network: any Network
    /// The characters of the classes.
    public let characters: Alphabet

    /// Reads a weights file for characters, or the best weights of a run.
    ///
    /// - Throws: `ArchiveError` if it is missing or for another task, `ConfigurationError` if its metadata are invalid.
    public init(_ weights: String) throws {
        let file = try WeightsFile(weights, for: Self.task)
        let network = try file.network(as: (any CharacterNetwork).self, "character classifier")
        let characters: Alphabet = try file.recipe("characters")
        let classes = file.network.configuration.classes
        if let problem = Self.problem(network, classes: classes, characters: characters) {
            throw ArchiveError(file.path, "is inconsistent: \(problem).")
        }
        self.init(network: network, characters: characters)
    }

    /// The name of the task in configurations and weights files.
    public static let task = "characters"

    /// The height and width of an image in pixels.
    public static let side = 28

    /// The model configuration of a character classifier.
    /// - Throws: `EncodingError` for a number that JSON cannot represent.
    public static func model(
        _ network: any ConfigurableNetwork & CharacterNetwork, characters: Alphabet
    ) throws -> ModelConfiguration {
        try ModelConfiguration(task: task, network: network, recipe: ["characters": characters])
    }

    /// The inconsistency between a network and an alphabet, as a clause; nil if there is none.
    package static func problem(
        _ network: any CharacterNetwork, classes: Int, characters: Alphabet
    ) -> String? {
        guard network.pixels == side * side else {
            return "the network takes images of \(network.pixels) pixels; characters have \(side) × \(side)"
        }
        // The blank is not a class of its own, unless the network has an unused class for it.
        let fits = characters.count == classes || characters.count == classes + 1 && characters.blank == classes
        return fits ? nil : "the network has \(classes) classes for \(characters.characters.count) characters"
    }

    /// Creates a classifier from a network, such as one that is being trained. The blank is the last class, and the network
    /// needs no logit for it.
    public init(network: any Network, characters: Alphabet) {
        (self.network, self.characters) = (network, characters)
    }

    /// Classifies images.
    /// - Parameter inputs: images `[28, 28, 1]` with ink up to 1 on a background of 0.
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
