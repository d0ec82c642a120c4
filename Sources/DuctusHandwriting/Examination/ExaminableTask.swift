/// A task whose data can be examined before a training; see ``Examination``.
public protocol ExaminableTask: TrainingTask {
    /// What a sample is.
    var unit: DataSamples.Unit { get }
    /// The data that the task reads, with the paths as they are in the configuration.
    var sources: [ExaminedSource] { get }
    /// The alphabet of the texts, if the task has one, and whether other characters are errors.
    var alphabet: (characters: String, isDecomposed: Bool, isRefused: Bool)? { get }
    /// The preprocessing of lines, if the task has such.
    var lineInput: LineInput? { get }
}

extension ExaminableTask {
    /// No alphabet.
    public var alphabet: (characters: String, isDecomposed: Bool, isRefused: Bool)? { nil }
    /// No lines.
    public var lineInput: LineInput? { nil }
}

/// A split that a task reads.
public struct ExaminedSource: Sendable, Equatable {
    /// The kind of data.
    public var kind: Choice
    /// The directory.
    public var directory: String
    /// The name of the split.
    public var split: String
    /// Whether the split is trained on, rather than validated on.
    public var isTraining: Bool

    /// A split of a directory.
    public init(kind: Choice, directory: String, split: String, isTraining: Bool) {
        (self.kind, self.directory, self.split, self.isTraining) = (kind, directory, split, isTraining)
    }

    /// The training and the validation split of a directory.
    static func both(_ kind: Choice, _ directory: String, _ training: String, _ validation: String?) -> [ExaminedSource]
    {
        [ExaminedSource(kind: kind, directory: directory, split: training, isTraining: true)]
            + (validation.map { [ExaminedSource(kind: kind, directory: directory, split: $0, isTraining: false)] } ?? [])
    }
}

extension LineRecognition: ExaminableTask {
    public var unit: DataSamples.Unit { .lines }
    public var sources: [ExaminedSource] {
        ExaminedSource.both(data.kind, data.directory, data.training, data.validation)
            + data.extra.map {
                ExaminedSource(kind: $0.kind, directory: $0.directory, split: data.training, isTraining: true)
            }
    }
    public var alphabet: (characters: String, isDecomposed: Bool, isRefused: Bool)? {
        (characters, decomposes, unknownCharacters == .refused)
    }
    public var lineInput: LineInput? { input }
}

extension ParagraphRecognition: ExaminableTask {
    public var unit: DataSamples.Unit { .pages }
    public var sources: [ExaminedSource] {
        ExaminedSource.both(data.kind, data.directory, data.training, data.validation)
    }
    public var alphabet: (characters: String, isDecomposed: Bool, isRefused: Bool)? {
        (characters.unicodeScalars.contains("\n") ? characters : characters + "\n", false, true)
    }
}

extension CharacterRecognition: ExaminableTask {
    public var unit: DataSamples.Unit { .characters }
    public var sources: [ExaminedSource] {
        ExaminedSource.both(data.kind, data.directory, data.training, data.validation)
    }
}

extension LineDetection: ExaminableTask {
    public var unit: DataSamples.Unit { .pages }
    public var sources: [ExaminedSource] {
        ExaminedSource.both(data.kind, data.directory, data.training, data.validation)
    }
}

extension BaselineDetection: ExaminableTask {
    public var unit: DataSamples.Unit { .pages }
    public var sources: [ExaminedSource] {
        ExaminedSource.both(data.kind, data.directory, data.training, data.validation)
            + data.extra.flatMap { ExaminedSource.both($0.kind, $0.directory, data.training, data.validation) }
    }
}
