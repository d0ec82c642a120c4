/// Training a classifier of single characters.
public struct CharacterRecognition: TrainingTask {
    public static let name = CharacterPredictor.task

    /// The data set.
    public struct Source: Configuration {
        /// A kind of data with characters, such as `mnist` or `emnist`.
        public var kind: Choice = "mnist"
        /// The directory. An environment variable `$NAME` at the start is replaced.
        public var directory = "$DUCTUS_DATA/mnist"
        /// The training split.
        public var training = "train"
        /// The validation split; no validation if absent.
        public var validation: String? = "test"
        /// The maximum number of training samples, drawn at random; all of them if absent.
        public var limit: Int?
        /// Whether training classes above the mean size are reduced to it.
        public var isBalanced = false

        /// The defaults.
        public init() {}

        public var problem: String? { problem("limit", limit, in: 1...1_000_000_000) }
    }

    /// The data set.
    public var data = Source()

    /// The defaults.
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
                try preparation.examples(
                    training.sampled(data.limit ?? .max, seed: seed), named: "\(data.kind.name) \(data.training)",
                    isCached: false)),
            validation: try validation.map {
                preparation.validationBatches(
                    try preparation.examples(
                        $0, named: "\(data.kind.name) \(data.validation ?? "")", isCached: false))
            }
        ) { logits, batch in
            zip(batch.labels.scalars, logits.argmax().scalars).map { (names[Int($0)], names[Int($1)]) }
        }
    }
}
