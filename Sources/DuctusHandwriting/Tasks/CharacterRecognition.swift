/// Learning to classify images of single characters.
public struct CharacterRecognition: TrainingTask {
    public static let name = CharacterPredictor.task

    /// Where characters come from.
    public struct Source: Configuration {
        /// A kind of data that has characters: `mnist` or `emnist`.
        public var kind: Choice = "mnist"
        /// `$NAME` at the start stands for an environment variable.
        public var directory = "$DUCTUS_DATA/mnist"
        /// The split to train on.
        public var training = "train"
        /// The split that is evaluated after every epoch; none, if absent.
        public var validation: String? = "test"
        /// At most so many training samples, drawn at random; all, if absent.
        public var limit: Int?
        /// Whether classes that are larger than the mean are cut to it for training.
        public var isBalanced = false

        public init() {}
        public var problem: String? { problem("limit", limit, in: 1...1_000_000_000) }
    }

    /// Where characters come from.
    public var data = Source()

    public init() {}
    public var problem: String? { problem("data", data) }

    public func prepare(_ preparation: Preparation) throws -> TrainingPlan {
        let (directory, seed) = (try preparation.path(data.directory), preparation.experiment.training.seed)
        try preparation.kind(data.kind, with: "characters", as: (any CharacterDataKind).self)
        func characters(_ split: String, isBalanced: Bool = false) throws -> CharacterDataset {
            try CharacterDataset(
                kind: data.kind, directory: directory, split: split, isBalanced: isBalanced, seed: seed)
        }
        let training = try characters(data.training, isBalanced: data.isBalanced)
        let validation = try data.validation.map { try characters($0) }
        let names = training.images.classNames
        let alphabet = try Alphabet(validating: names.joined(), blank: names.count)
        let network = try preparation.network(
            classes: names.count, as: (any ConfigurableNetwork & CharacterNetwork).self, "character classifier")
        if let problem = CharacterPredictor.problem(network, classes: names.count, characters: alphabet) {
            throw ConfigurationError(preparation.file, problem)
        }
        return TrainingPlan(
            network, model: try CharacterPredictor.model(network, characters: alphabet), characters: alphabet,
            loss: .softmaxCrossEntropy, metrics: [.accuracy],
            training: preparation.trainingBatches(
                // Single characters take no longer to transform than to read back.
                try preparation.examples(
                    training.sampled(data.limit ?? .max, seed: seed), named: "\(data.kind.name) \(data.training)",
                    isKept: false)),
            validation: try validation.map {
                preparation.validationBatches(
                    try preparation.examples(
                        $0, named: "\(data.kind.name) \(data.validation ?? "")", isKept: false))
            })
    }
}
