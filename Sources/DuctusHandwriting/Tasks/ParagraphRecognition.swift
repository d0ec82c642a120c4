/// Training a recognizer of whole paragraphs.
public struct ParagraphRecognition: TrainingTask {
    public static let name = WholePageReader.task

    /// The data set.
    public struct Source: Configuration {
        /// A kind of data with pages, such as `iam`, `alto`, or `page`.
        public var kind: Choice = "iam"
        /// The directory. An environment variable `$NAME` at the start is replaced.
        public var directory = "$DUCTUS_DATA/iam"
        /// The training split.
        public var training = "train"
        /// The validation split; no validation if absent.
        public var validation: String? = "validation"
        /// The synthesis of paragraphs from lines, in addition to those of the pages or instead of them.
        public var paragraphs = ParagraphSynthesis()

        /// The defaults.
        public init() {}

        public var problem: String? { problem("paragraphs", paragraphs) }
    }

    /// The data set.
    public var data = Source()
    /// The characters to recognize; the newline is added if it is missing.
    public var characters = Alphabet.iam.characters
    /// The preprocessing of paragraphs.
    public var input = ParagraphInput()

    /// The defaults.
    public init() {}

    public var problem: String? { problem("data", data) ?? problem("input", input) }

    public func prepare(_ preparation: Preparation) throws -> TrainingPlan {
        let alphabet = try preparation.alphabet(
            characters.unicodeScalars.contains("\n") ? characters : characters + "\n")
        let training = preparation.experiment.training
        func dataset(_ split: String, _ synthesis: ParagraphSynthesis) throws -> ParagraphDataset {
            try ParagraphDataset(
                kind: data.kind, directory: preparation.path(data.directory), split: split, characters: alphabet,
                input: input, synthesis: synthesis, seed: training.seed)
        }
        func paragraphs(_ split: String, _ synthesis: ParagraphSynthesis) throws -> ParagraphDataset {
            let paragraphs = try dataset(split, synthesis)
            if paragraphs.missingImages > 0 {
                preparation.note(
                    "\(paragraphs.missingImages) pages of the split \(split) have no image and are skipped.")
            }
            return paragraphs
        }
        let network = try preparation.network(
            classes: alphabet.count, as: (any ConfigurableNetwork & TextGenerator).self, "text generator")
        guard network.height == input.height else {
            throw ConfigurationError(
                preparation.file,
                "key \"input.height\" is \(input.height); \(type(of: network).name) takes \(network.height)")
        }
        try preparation.kind(data.kind, with: "pages", as: (any PageDataKind).self)
        let samples = try paragraphs(data.training, data.paragraphs)
        // Synthesized paragraphs are new in every epoch; they follow from the pages and the seed.
        try preparation.record(
            dataset(data.training, ParagraphSynthesis()), named: "paragraphs of \(data.kind.name) \(data.training)")
        let batches: BatchLoader
        do {
            batches = try BatchLoader(
                samples, batchSize: training.batchSize, shuffles: true, seed: training.seed,
                augmentation: training.augmentation, minimumWidth: network.minimumWidth)
        } catch AlphabetError.unknown {
            throw alphabet.refusal(
                of: try dataset(data.training, ParagraphSynthesis()).pages.map { ($0.name, $0.page.text) },
                file: preparation.file,
                remedy: "add them to the key \"characters\"")
        }
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
            metrics: [.characterAccuracy(network, alphabet)], training: batches, validation: validation,
            transcription: transcription(of: network, alphabet))
    }
}
