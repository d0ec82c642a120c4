/// Training a recognizer of single lines.
public struct LineRecognition: TrainingTask {
    public static let name = LineReader.task

    /// The treatment of lines whose text has characters outside the alphabet.
    public enum UnknownCharacters: String, Codable, Sendable {
        /// They are errors, which name the character and the line.
        case refused
        /// They are skipped.
        case skipped
    }

    /// The data set.
    public struct Source: Configuration {
        /// A kind of data with lines, such as `iam`, `lines`, `emnist-lines`, `alto`, or `page`.
        public var kind: Choice = "iam"
        /// The directory. An environment variable `$NAME` at the start is replaced.
        public var directory = "$DUCTUS_DATA/iam"
        /// The training split.
        public var training = "train"
        /// The validation split; no validation if absent.
        public var validation: String? = "validation"
        /// The maximum number of training lines of this data set, drawn at random; all of them if absent.
        public var limit: Int?
        /// Additional training data: the training splits of other data sets.
        public var extra: [Extra] = []

        /// The defaults.
        public init() {}

        public var problem: String? { problem("limit", limit, in: 1...1_000_000_000) }
    }

    /// An additional data set.
    public struct Extra: Codable, Sendable, Equatable {
        /// A kind of data with lines.
        public var kind: Choice
        /// The directory. An environment variable `$NAME` at the start is replaced.
        public var directory: String

        private struct UnknownKey: Error, CustomStringConvertible {
            let description: String
        }

        /// A data set of the given kind.
        public init(kind: Choice, directory: String) { (self.kind, self.directory) = (kind, directory) }

        public init(from decoder: any Decoder) throws {
            let members = try JSONText(from: decoder).object ?? [:]
            let known = ["directory", "kind"]
            if let key = members.keys.sorted().first(where: { !known.contains($0) }) {
                throw UnknownKey(
                    description: JSONText.unknown("data.extra.\(key)", suggestion(for: key, among: known), known: known)
                )
            }
            guard let kind = members["kind"].flatMap({ Choice($0) }), let directory = members["directory"]?.string
            else {
                throw DecodingError.dataCorrupted(
                    .init(codingPath: decoder.codingPath, debugDescription: "An object with kind and directory."))
            }
            (self.kind, self.directory) = (kind, directory)
        }
    }

    /// The data set.
    public var data = Source()
    /// The characters to recognize.
    public var characters = Alphabet.iam.characters
    /// Whether accents are characters of their own; see `Alphabet`.
    public var decomposes = false
    /// The treatment of lines whose text has other characters.
    public var unknownCharacters = UnknownCharacters.refused
    /// The preprocessing of lines.
    public var input = LineInput()

    /// The defaults.
    public init() {}

    public var problem: String? { problem("data", data) ?? problem("input", input) }

    public func prepare(_ preparation: Preparation) throws -> TrainingPlan {
        let alphabet = try preparation.alphabet(characters, isDecomposed: decomposes)
        // Errors of the configuration are reported before data are read.
        let network = try preparation.network(
            classes: alphabet.count, as: (any ConfigurableNetwork & LineNetwork).self, "line recognizer")
        guard network.height == input.height else {
            throw ConfigurationError(
                preparation.file,
                "key \"input.height\" is \(input.height); \(type(of: network).name) takes \(network.height)")
        }
        for kind in [data.kind] + data.extra.map(\.kind) {
            try preparation.kind(kind, with: "lines", as: (any LineDataKind).self)
        }
        func lines(_ kind: Choice, _ directory: String, _ split: String) throws -> LineDataset {
            let lines = try LineDataset(
                kind: kind, directory: preparation.path(directory), split: split, characters: alphabet, input: input)
            if lines.missingImages > 0 {
                preparation.note("\(lines.missingImages) lines of the split \(split) have no image and are skipped.")
            }
            return lines
        }
        let sources =
            try [lines(data.kind, data.directory, data.training)]
            + data.extra.map { try lines($0.kind, $0.directory, data.training) }
        let validationSource = try data.validation.map { try lines(data.kind, data.directory, $0) }
        func examples(_ lines: LineDataset, _ name: String, _ limit: Int? = nil) throws -> ExampleCache {
            let known =
                unknownCharacters == .refused
                ? Array(0..<lines.count)
                : try (0..<lines.count).filter { alphabet.unknownCharacters(in: try lines.source.text(of: $0)).isEmpty }
            if known.count < lines.count {
                preparation.note(
                    "\(lines.count - known.count) of \(lines.count) lines of \(name) have characters outside "
                        + "the alphabet and are skipped.")
            }
            let chosen = Subset(lines, indices: known)
                .sampled(limit ?? .max, seed: preparation.experiment.training.seed)
            do {
                return try preparation.examples(chosen, named: name)
            } catch AlphabetError.unknown {
                // All of them at once, rather than one with each attempt.
                let texts = try (sources + (validationSource.map { [$0] } ?? [])).flatMap { lines in
                    try (0..<lines.count).map { (lines.name(of: $0), try lines.source.text(of: $0)) }
                }
                throw alphabet.refusal(
                    of: texts, file: preparation.file,
                    remedy:
                        "add them to the key \"characters\", or skip such lines with the key \"unknownCharacters\": "
                        + "\"skipped\"")
            }
        }
        var training = try examples(sources[0], "\(data.kind.name) \(data.training)", data.limit)
        for (source, extra) in zip(sources.dropFirst(), data.extra) {
            training = training.joined(with: try examples(source, "\(extra.kind.name) \(data.training)"))
        }
        let validation = try validationSource.map { try examples($0, "\(data.kind.name) \(data.validation ?? "")") }
        warn(about: training, network, preparation)
        return TrainingPlan(
            network, model: try LineReader.model(network, characters: alphabet, input: input), characters: alphabet,
            loss: .lines(network, blank: alphabet.blank), metrics: [.characterAccuracy(network, alphabet)],
            training: preparation.trainingBatches(
                training, minimumWidth: network.minimumWidth, space: (try? alphabet.encode(" ", sample: "space"))?.first
            ),
            validation: validation.map {
                preparation.validationBatches($0, minimumWidth: network.minimumWidth)
            }, transcription: transcription(of: network, alphabet))
    }

    /// Reports lines that cannot be learned.
    private func warn(about lines: ExampleCache, _ network: any LineNetwork, _ preparation: Preparation) {
        func warn(_ problem: String, where hasProblem: (Example) -> Bool) {
            let names = zip(lines.examples, lines.names).filter { hasProblem($0.0) }.map(\.1)
            guard !names.isEmpty else { return }
            preparation.note(
                "\(names.count) lines \(problem): " + names.prefix(5).joined(separator: ", ")
                    + (names.count > 5 ? ", …" : "."))
        }
        if let generator = network as? any TextGenerator {
            warn("are longer than \"network.maximumLength\" and will be truncated") {
                $0.labels.count > generator.maximumLength
            }
        } else {
            warn("are too narrow for their text and cannot be learned") { isTooNarrow($0, network) }
        }
    }

    /// Whether the network has fewer steps than the text needs: CTC skips such lines, and a network with one character per
    /// step learns only their beginning.
    private func isTooNarrow(_ line: Example, _ network: any LineNetwork) -> Bool {
        let labels = line.labels.scalars
        let repeats = network.alignment == .ctc ? zip(labels, labels.dropFirst()).count { $0 == $1 } : 0
        return network.steps(width: max(line.inputShape[1], network.minimumWidth)) < labels.count + repeats
    }
}
