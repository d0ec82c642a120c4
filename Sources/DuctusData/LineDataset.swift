import DuctusTensors

/// Images of single lines and what they say.
///
/// ```swift
/// let lines = try LineDataset(kind: "lines", directory: "data/lines", split: "train")
/// try lines.raw(0).text                      // "the pen moves"
/// try lines.transformed(0).input.shape       // [28, 371, 1]
/// ```
public struct LineDataset: Dataset {
    /// One line: where its image is and what it says.
    private struct Sample {
        let name: String
        let imagePath: String
        let text: String
    }

    private let samples: [Sample]
    /// Lines of the split whose image is missing.
    public let missingImages: Int
    /// What texts are encoded with.
    public let characters: CharacterSet
    /// How images become inputs.
    public let input: LineInput

    /// Reads the texts of a split; images are read when they are needed, and lines without one are left out.
    ///
    /// - Parameters:
    ///   - kind: `iam` for an ``IAMDatabase``, `lines` for a ``LineFolder``.
    ///   - directory: where the data are.
    ///   - split: for `iam` the name of a file in `splits/`, for `lines` the first field of `lines.tsv`.
    ///   - characters: every text must be spelled with these.
    ///   - input: how images become inputs; a reader must use the same.
    /// - Throws: ``DatasetError``.
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
