import DuctusTensors

/// Images of single lines and what they say.
public struct LineDataset: Dataset {
    /// One line: where its image is and what it says.
    public struct Sample: Sendable, Equatable {
        public let name: String
        public let imagePath: String
        public let text: String
    }

    public let samples: [Sample]
    /// Lines of the split whose image is missing.
    public let missingImages: Int
    public let characters: CharacterSet
    public let input: LineInput

    /// - Parameter kind: `iam`, or `lines` for a folder with `lines.tsv`.
    public init(
        kind: String, directory: String, split: String, characters: CharacterSet = .iam, input: LineInput = LineInput()
    ) throws {
        let all: [(sample: Sample, hasImage: Bool)]
        switch kind {
        case "iam":
            all = try IAMDatabase(directory: directory).split(named: split).flatMap(\.lines)
                .map { (Sample(name: $0.id, imagePath: $0.imagePath, text: $0.text), $0.hasImage) }
        case "lines":
            all = try LineFolder(directory: directory).split(named: split)
                .map { (Sample(name: $0.imagePath, imagePath: $0.imagePath, text: $0.text), $0.hasImage) }
        default: throw DatasetError.unknownKind(kind, available: ["iam", "lines"])
        }
        samples = all.filter(\.hasImage).map(\.sample)
        missingImages = all.count - samples.count
        (self.characters, self.input) = (characters, input)
    }

    public var count: Int { samples.count }
    public var expectation: Expectation { Expectation(shape: [input.height, nil, 1], classes: characters.count) }

    public func name(of index: Int) -> String { samples[index].name }

    public func raw(_ index: Int) throws -> (image: Image, text: String) {
        (try Image(contentsOf: samples[index].imagePath), samples[index].text)
    }

    public func transform(_ raw: (image: Image, text: String), name: String) throws -> Example {
        let labels = try characters.encode(raw.text, sample: name)
        return Example(input: input.tensor(raw.image), labels: Tensor(labels))
    }
}
