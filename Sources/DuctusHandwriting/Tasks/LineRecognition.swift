/// Learning to read images of single lines.
public struct LineRecognition: TrainingTask {
    public static let name = LineReader.task

    /// What is done with lines whose text has characters that the network cannot read.
    public enum UnknownCharacters: String, Codable, Sendable {
        /// The first of them is an error that names character and line.
        case refused
        /// They are left out, and counted.
        case skipped
    }

    /// Where lines come from.
    public struct Source: Configuration {
        /// A kind of data that has lines, such as `iam`, `lines`, `emnist-lines`, `alto` or `page`.
        public var kind: Choice = "iam"
        /// `$NAME` at the start stands for an environment variable.
        public var directory = "$DUCTUS_DATA/iam"
        /// The split to train on.
        public var training = "train"
        /// The split that is evaluated after every epoch; none, if absent.
        public var validation: String? = "validation"
        /// At most so many training lines of this source, drawn at random; all, if absent.
        public var limit: Int?
        /// More data to train on: the same split of other data sets.
        public var extra: [Extra] = []

        public init() {}
        public var problem: String? { problem("limit", limit, in: 1...1_000_000_000) }
    }

    /// Another data set.
    public struct Extra: Codable, Sendable, Equatable {
        /// A kind of data that has lines.
        public var kind: Choice
        /// `$NAME` at the start stands for an environment variable.
        public var directory: String

        /// A data set of a kind.
        public init(kind: Choice, directory: String) { (self.kind, self.directory) = (kind, directory) }
    }

    /// Where lines come from.
    public var data = Source()
    /// What the network can read.
    public var characters = Alphabet.iam.characters
    /// Whether accents are characters of their own; see `Alphabet`.
    public var decomposes = false
    /// What is done with lines whose text has other characters.
    public var unknownCharacters = UnknownCharacters.refused
    /// How images of lines become the network's input.
    public var input = LineInput()

    public init() {}
    public var problem: String? { problem("data", data) ?? problem("input", input) }

    public func prepare(_ preparation: Preparation) throws -> TrainingPlan {
        let alphabet = try preparation.alphabet(characters, isDecomposed: decomposes)
        // Before any data are read: what is wrong with a configuration should be said at once.
        let network = try preparation.network(
            classes: alphabet.count, as: (any ConfigurableNetwork & LineNetwork).self, "line recognizer")
        guard network.height == input.height else {
            throw ConfigurationError(
                preparation.file,
                "key \"input.height\" is \(input.height); the network \(type(of: network).name) takes \(network.height)")
        }
        for kind in [data.kind] + data.extra.map(\.kind) {
            try preparation.kind(kind, with: "lines", as: (any LineDataKind).self)
        }
        func lines(_ kind: Choice, _ directory: String, _ split: String, _ limit: Int? = nil) throws -> ExampleCache {
            let lines = try LineDataset(
                kind: kind, directory: preparation.path(directory), split: split, characters: alphabet, input: input)
            if lines.missingImages > 0 {
                preparation.note("\(lines.missingImages) lines of split \(split) have no image and are left out.")
            }
            let known =
                unknownCharacters == .refused
                ? Array(0..<lines.count)
                : try (0..<lines.count).filter { alphabet.unknownCharacters(in: try lines.source.text(of: $0)).isEmpty }
            if known.count < lines.count {
                preparation.note(
                    "\(lines.count - known.count) of \(lines.count) lines of \(kind.name) \(split) have other characters "
                        + "and are left out.")
            }
            return try preparation.examples(
                Subset(lines, indices: known).sampled(limit ?? .max, seed: preparation.experiment.training.seed),
                named: "\(kind.name) \(split)")
        }
        var training = try lines(data.kind, data.directory, data.training, data.limit)
        for extra in data.extra {
            training = training.joined(with: try lines(extra.kind, extra.directory, data.training))
        }
        let validation = try data.validation.map { try lines(data.kind, data.directory, $0) }
        warn(about: training, network, preparation)
        return TrainingPlan(
            network, model: try LineReader.model(network, characters: alphabet, input: input), characters: alphabet,
            loss: .lines(network, blank: alphabet.blank), metrics: [.characterAccuracy(network, alphabet)],
            training: preparation.trainingBatches(training, minimumWidth: network.minimumWidth),
            validation: validation.map {
                preparation.validationBatches($0, minimumWidth: network.minimumWidth)
            })
    }

    /// Says which lines cannot be learned as they are.
    private func warn(about lines: ExampleCache, _ network: any LineNetwork, _ preparation: Preparation) {
        func warn(_ problem: String, where hasProblem: (Example) -> Bool) {
            let names = zip(lines.examples, lines.names).filter { hasProblem($0.0) }.map(\.1)
            guard !names.isEmpty else { return }
            preparation.note(
                "\(names.count) lines \(problem): " + names.prefix(5).joined(separator: ", ")
                    + (names.count > 5 ? ", …" : "."))
        }
        if let generator = network as? any TextGenerator {
            warn("are longer than \"network.maximumLength\" and will be read in part") {
                $0.labels.count > generator.maximumLength
            }
        } else {
            warn("have fewer columns than their text needs and cannot be learned") { isTooShort($0, network) }
        }
    }

    /// Whether a line is too short for its text: no path through its columns spells it, so CTC learns nothing from it,
    /// and a network with a step for every character only its beginning.
    private func isTooShort(_ line: Example, _ network: any LineNetwork) -> Bool {
        let labels = line.labels.scalars
        let repeats = network.alignment == .ctc ? zip(labels, labels.dropFirst()).count { $0 == $1 } : 0
        return network.steps(width: max(line.input.shape[1], network.minimumWidth)) < labels.count + repeats
    }
}
