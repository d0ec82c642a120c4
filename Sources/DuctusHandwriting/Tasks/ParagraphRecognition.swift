/// Learning to read images of whole paragraphs.
public struct ParagraphRecognition: TrainingTask {
    public static let name = WholePageReader.task

    /// Where paragraphs come from.
    public struct Source: Configuration {
        /// A kind of data that has pages: `iam`, `alto` or `page`.
        public var kind: Choice = "iam"
        /// `$NAME` at the start stands for an environment variable.
        public var directory = "$DUCTUS_DATA/iam"
        /// The split to train on.
        public var training = "train"
        /// The split that is evaluated after every epoch; none, if absent.
        public var validation: String? = "validation"
        /// How paragraphs are made up besides those of the pages, or in their place.
        public var paragraphs = ParagraphSynthesis()

        public init() {}
        public var problem: String? { problem("paragraphs", paragraphs) }
    }

    /// Where paragraphs come from.
    public var data = Source()
    /// What the network can read; the newline need not be named.
    public var characters = Alphabet.iam.characters
    /// How images of paragraphs become the network's input.
    public var input = ParagraphInput()

    public init() {}
    public var problem: String? { problem("data", data) ?? problem("input", input) }

    public func prepare(_ preparation: Preparation) throws -> TrainingPlan {
        let alphabet = try preparation.alphabet(
            characters.unicodeScalars.contains("\n") ? characters : characters + "\n")
        let training = preparation.experiment.training
        func paragraphs(_ split: String, _ synthesis: ParagraphSynthesis) throws -> ParagraphDataset {
            let paragraphs = try ParagraphDataset(
                kind: data.kind, directory: preparation.path(data.directory), split: split, characters: alphabet,
                input: input, synthesis: synthesis, seed: training.seed)
            if paragraphs.missingImages > 0 {
                preparation.note("\(paragraphs.missingImages) pages of split \(split) have no image and are left out.")
            }
            return paragraphs
        }
        let network = try preparation.network(
            classes: alphabet.count, as: (any ConfigurableNetwork & TextGenerator).self, "text generator")
        guard network.height == input.height else {
            throw ConfigurationError(
                preparation.file,
                "key \"input.height\" is \(input.height); the network \(type(of: network).name) takes \(network.height)")
        }
        try preparation.kind(data.kind, with: "pages", as: (any PageDataKind).self)
        let batches = try BatchLoader(
            paragraphs(data.training, data.paragraphs), batchSize: training.batchSize, shuffles: true,
            seed: training.seed, augmentation: training.augmentation, minimumWidth: network.minimumWidth)
        var unseen = data.paragraphs
        unseen.count = unseen.includesPages ? 0 : unseen.validationCount
        let validation = try data.validation.map { split in
            preparation.validationBatches(
                try preparation.examples(
                    paragraphs(split, unseen), named: "paragraphs of \(data.kind.name) \(split)"),
                minimumWidth: network.minimumWidth)
        }
        return TrainingPlan(
            network, model: try WholePageReader.model(network, characters: alphabet, input: input),
            characters: alphabet, loss: .teacherForcing(network),
            metrics: [.characterAccuracy(network, alphabet)], training: batches, validation: validation)
    }
}
