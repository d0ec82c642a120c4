

/// Names the character on a 28 × 28 image.
///
/// ```swift
/// let predictor = try CharacterPredictor("runs/characters-20260131-142500")
/// let digits = try CharacterDataset(kind: "mnist", directory: "data/mnist", split: "test")
/// predictor.predict(try digits.transformed(0).input).character   // "7"
/// ```
public struct CharacterPredictor: Predictor {
    /// What a character may be, and how surely it is that.
    public struct Output: Sendable, Equatable {
        /// The likeliest.
        public let character: String
        /// Its probability, from 0 to 1.
        public let confidence: Double
        /// The five likeliest classes, the first first.
        public let best: [Int]
    }

    private let network: any Network
    /// What the classes stand for.
    public let characters: Alphabet

    /// Reads a weights file for characters, or the best weights of a run's directory.
    ///
    /// - Throws: `ArchiveError` if there are none, or if they are for another task.
    public init(_ weights: String) throws {
        let file = try WeightsFile(weights, for: Self.task)
        let network = try file.network(as: (any CharacterNetwork).self, "character classifier")
        let characters: Alphabet = try file.recipe("characters")
        let classes = file.network.configuration.classes
        if let problem = Self.problem(network, classes: classes, characters: characters) {
            throw ArchiveError(file.path, "does not fit together: \(problem).")
        }
        self.init(network: network, characters: characters)
    }

    /// The name of the task in configurations and weights files.
    public static let task = "characters"

    /// Rows and columns of an image.
    public static let side = 28

    /// What the weights file of a character classifier says of it.
    /// - Throws: `EncodingError` for a number that JSON cannot hold.
    public static func model(
        _ network: any ConfigurableNetwork & CharacterNetwork, characters: Alphabet
    ) throws -> ModelConfiguration {
        try ModelConfiguration(task: task, network: network, recipe: ["characters": characters])
    }

    /// Why a network and characters do not fit together, as a clause; nil if they do.
    package static func problem(
        _ network: any CharacterNetwork, classes: Int, characters: Alphabet
    ) -> String? {
        guard network.pixels == side * side else {
            return "the network takes images of \(network.pixels) pixels, not of \(side) × \(side)"
        }
        // Nothing is left blank here: the blank stands behind the classes, unless there is a class that nothing belongs
        // to.
        let fits = characters.count == classes || characters.count == classes + 1 && characters.blank == classes
        return fits ? nil : "classes and characters differ in number"
    }

    /// A network in memory, such as one that is being trained; it gives logits for every class but the blank, which is
    /// the last.
    public init(network: any Network, characters: Alphabet) {
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
