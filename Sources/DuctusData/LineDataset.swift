import DuctusTensors

/// Images of single lines and what they say.
///
/// ```swift
/// let lines = try LineDataset(kind: "lines", directory: "data/lines", split: "train")
/// try lines.raw(0).text                      // "the pen moves"
/// try lines.transformed(0).input.shape       // [28, 371, 1]
/// ```
public struct LineDataset: Dataset {
    /// Where the lines are from.
    public let source: any LineSource
    /// Lines of the split whose image is missing.
    public let missingImages: Int
    /// What texts are encoded with.
    public let characters: CharacterSet
    /// How images become inputs.
    public let input: LineInput
    /// The number of every line's labels, for networks that write a fixed number: shorter texts are followed by the
    /// blank. CTC needs none.
    public let labelLength: Int?

    /// The lines of a source.
    public init(
        _ source: some LineSource, characters: CharacterSet = .iam, input: LineInput = LineInput(),
        labelLength: Int? = nil
    ) {
        self.init(source, missingImages: 0, characters: characters, input: input, labelLength: labelLength)
    }

    private init(
        _ source: any LineSource, missingImages: Int, characters: CharacterSet, input: LineInput, labelLength: Int?
    ) {
        (self.source, self.missingImages, self.characters) = (source, missingImages, characters)
        (self.input, self.labelLength) = (input, labelLength)
    }

    /// The kinds of ``init(kind:directory:split:characters:input:labelLength:synthesis:followsOutlines:)``.
    static let kinds = ["iam", "lines", "emnist-lines", "alto", "page"]

    /// Reads the texts of a split; images are read when they are needed, and lines without one are left out.
    ///
    /// - Parameters:
    ///   - kind: `iam` for an ``IAMDatabase``, `lines` for a ``LineFolder``, `emnist-lines` for ``SynthesizedLines``,
    ///     `alto` or `page` for a ``PageFolder``.
    ///   - directory: where the data are.
    ///   - split: for `iam` the name of a file in `splits/`, for `lines` the first field of `lines.tsv`, for
    ///     `emnist-lines` `train` or `test`, for `alto` and `page` the name of a folder, or `all`.
    ///   - characters: every text must be spelled with these.
    ///   - input: how images become inputs; a reader must use the same.
    ///   - labelLength: the number of every line's labels; as many as its text has characters, unless given.
    ///   - synthesis: how `emnist-lines` are made.
    ///   - followsOutlines: whether lines of `alto` and `page` are cut along their outlines, so that no ink of their
    ///     neighbours is seen, and not as boxes.
    /// - Throws: ``DatasetError``.
    public init(
        kind: String, directory: String, split: String, characters: CharacterSet = .iam,
        input: LineInput = LineInput(), labelLength: Int? = nil, synthesis: LineSynthesis = LineSynthesis(),
        followsOutlines: Bool = false
    ) throws {
        let all: [(line: LineFiles.Line, hasImage: Bool)]
        switch kind {
        case "iam":
            all = try IAMDatabase(directory: directory).split(named: split).flatMap(\.lines)
                .map { (.init(name: $0.id, imagePath: $0.imagePath, text: $0.text), $0.hasImage) }
        case "lines":
            all = try LineFolder(directory: directory).split(named: split)
                .map { (.init(name: $0.imagePath, imagePath: $0.imagePath, text: $0.text), $0.hasImage) }
        case "emnist-lines":
            try self.init(
                SynthesizedLines(emnist: directory, split: split, synthesis: synthesis), characters: characters,
                input: input, labelLength: labelLength)
            return
        default:
            guard let format = PageFolder.Format(rawValue: kind) else {
                throw DatasetError.unknownKind(kind, available: Self.kinds)
            }
            let pages = try PageFolder(directory: directory, format: format, split: split).pages
            let lines = PageLines(pages.filter(\.hasImage), followsOutlines: followsOutlines)
            let missing = PageLines(pages.filter { !$0.hasImage }, followsOutlines: false).count
            self.init(
                lines, missingImages: missing, characters: characters, input: input, labelLength: labelLength)
            return
        }
        let lines = all.filter(\.hasImage).map(\.line)
        self.init(
            LineFiles(lines: lines), missingImages: all.count - lines.count, characters: characters, input: input,
            labelLength: labelLength)
    }

    public var count: Int { source.count }
    public var expectation: Expectation { Expectation(shape: [input.height, nil, 1], classes: characters.count) }

    public func name(of index: Int) -> String { source.name(of: index) }

    public func raw(_ index: Int) throws -> (image: Image, text: String) { try source.line(index) }

    public func transform(_ raw: (image: Image, text: String), name: String) throws -> Example {
        var labels = try characters.encode(raw.text, sample: name)
        if let labelLength {
            guard labels.count <= labelLength else {
                throw ExpectationError(
                    sample: name, problem: "has \(labels.count) characters; there is room for \(labelLength)")
            }
            labels += repeatElement(Int32(characters.blank), count: labelLength - labels.count)
        }
        return Example(input: input.tensor(raw.image), labels: Tensor(labels))
    }
}
