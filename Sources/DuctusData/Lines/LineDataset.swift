/// Images of single lines and their texts.
///
/// ```swift
/// let lines = try LineDataset(kind: "lines", directory: "data/lines", split: "train")
/// try lines.raw(0).text                      // "the pen moves"
/// try lines.transformed(0).input.shape       // [28, 371, 1]
/// ```
public struct LineDataset: Dataset {
    /// The source of the lines.
    public let source: any LineSource
    /// The number of lines of the split without an image.
    public let missingImages: Int
    /// The alphabet of the labels.
    public let characters: Alphabet
    /// The preprocessing of images.
    public let input: LineInput
    /// The fixed number of labels of a line, for networks with a fixed number of outputs: shorter texts are padded with
    /// the blank. Not needed for CTC.
    public let labelLength: Int?

    /// The lines of a source.
    public init(
        _ source: some LineSource, characters: Alphabet = .iam, input: LineInput = LineInput(),
        labelLength: Int? = nil
    ) {
        self.init(source, missingImages: 0, characters: characters, input: input, labelLength: labelLength)
    }

    private init(
        _ source: any LineSource, missingImages: Int, characters: Alphabet, input: LineInput, labelLength: Int?
    ) {
        (self.source, self.missingImages, self.characters) = (source, missingImages, characters)
        (self.input, self.labelLength) = (input, labelLength)
    }

    /// Reads the texts of a split; images are read on demand, and lines without one are left out.
    ///
    /// - Parameters:
    ///   - kind: a kind of data set with lines, such as `iam`, `lines` or `alto`; see `Registries.dataKinds`.
    ///   - directory: the directory of the data.
    ///   - split: the name of a split; see the documentation of the kind.
    ///   - characters: the alphabet of all texts.
    ///   - input: the preprocessing of images; a reader must use the same.
    ///   - labelLength: the fixed number of labels of a line; by default, the length of its text.
    /// - Throws: `ConfigurationError` for a kind without lines, ``DatasetError``.
    public init(
        kind: Choice, directory: String, split: String, characters: Alphabet = .iam, input: LineInput = LineInput(),
        labelLength: Int? = nil
    ) throws {
        let kind = try Registries.dataKinds.kind(kind, with: "lines", as: (any LineDataKind).self)
        let (lines, missingImages) = try kind.lines(in: directory, split: split)
        self.init(
            lines, missingImages: missingImages, characters: characters, input: input, labelLength: labelLength)
    }

    public var count: Int { source.count }
    public var expectation: Expectation {
        Expectation(shape: [input.height, nil, 1], range: 0...1, classes: characters.count)
    }

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
