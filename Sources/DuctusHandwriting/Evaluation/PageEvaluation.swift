/// Reads whole pages during a training run, with the network that is trained and, for the other half of the way from
/// image to text, another one. See `Callback.evaluatingPages(_:with:every:limit:)`.
///
/// ```json
/// "callbacks": [{ "name": "pages", "every": 2, "limit": 20 }], "monitor": "pageCER"
/// ```
public struct PageEvaluation: CallbackConfiguration {
    public static let name = "pages"
    /// After how many epochs pages are read; also after the first and the last.
    public var every = 1
    /// The first so many pages of the split; all, if absent.
    public var limit: Int?
    /// A kind of data that has pages; that of the samples, if absent.
    public var kind: Choice?
    /// Where the pages are; where the samples are, if absent.
    public var directory: String?
    /// The split to read; the one that is evaluated after every epoch, if absent.
    public var split: String?
    /// The other half, the detector of a line reader in training or the reader of a detector: a weights file, a run, or a
    /// directory with both. What comes with Ductus, if absent.
    public var model: String?

    public init() {}

    public var problem: String? {
        problem("every", every, in: 1...1_000_000) ?? problem("limit", limit, in: 1...1_000_000_000)
    }

    public var measures: [String] { ["pageCER", "pageWER"] }

    public func callback(for context: CallbackContext) throws -> Callback {
        guard let task = context.experiment.task as? any PageReadingTask else {
            throw ConfigurationError(
                context.experiment.file,
                "the callback \(Self.name) is for tasks that read pages; "
                    + "\(type(of: context.experiment.task).name) does not")
        }
        let source = task.pageSource
        let file = context.experiment.file
        let data = try DetectionDataset(
            kind: kind ?? source.kind, directory: File.expanded(directory ?? source.directory, file: file),
            split: split ?? source.split)
        /// The other half: a weights file, a run, or one of two files in a directory.
        func other(_ name: String) throws -> String {
            let model = try model.map { try File.expanded($0, file: file) } ?? PageReader.pretrainedDirectory()
            return File.exists("\(model)/\(name)") ? "\(model)/\(name)" : model
        }
        let reader = try task.pageRecognizer(context.plan, other: other)
        return callback(data, reader)
    }

    private func callback(_ data: DetectionDataset, _ reader: some PageRecognizer) -> Callback {
        .evaluatingPages(data, with: reader, every: every, limit: limit)
    }
}

/// A task whose network is a part of what reads pages.
public protocol PageReadingTask: TrainingTask {
    /// Pages like those that samples are from.
    var pageSource: (kind: Choice, directory: String, split: String) { get }

    /// What reads pages with the very network that is trained.
    ///
    /// - Parameters:
    ///   - plan: the network, and what its classes stand for.
    ///   - other: the weights of the other half, by the name of their file.
    func pageRecognizer(_ plan: TrainingPlan, other: (_ name: String) throws -> String) throws -> any PageRecognizer
}

extension LineRecognition: PageReadingTask {
    public var pageSource: (kind: Choice, directory: String, split: String) {
        (data.kind, data.directory, data.validation ?? data.training)
    }

    public func pageRecognizer(
        _ plan: TrainingPlan, other: (_ name: String) throws -> String
    ) throws -> any PageRecognizer {
        guard let network = plan.network as? any LineNetwork, let characters = plan.characters else {
            preconditionFailure("A plan of line recognition has a line recognizer.")
        }
        return PageReader(
            detector: try LineDetector(other(PageReader.detectorName)),
            reader: LineReader(network: network, characters: characters, input: input))
    }
}

extension LineDetection: PageReadingTask {
    public var pageSource: (kind: Choice, directory: String, split: String) {
        (data.kind, data.directory, data.validation ?? data.training)
    }

    public func pageRecognizer(
        _ plan: TrainingPlan, other: (_ name: String) throws -> String
    ) throws -> any PageRecognizer {
        PageReader(
            detector: LineDetector(network: plan.network, input: input),
            reader: try LineReader(other(PageReader.readerName)))
    }
}

extension ParagraphRecognition: PageReadingTask {
    public var pageSource: (kind: Choice, directory: String, split: String) {
        (data.kind, data.directory, data.validation ?? data.training)
    }

    public func pageRecognizer(
        _ plan: TrainingPlan, other: (_ name: String) throws -> String
    ) throws -> any PageRecognizer {
        guard let network = plan.network as? any TextGenerator, let characters = plan.characters else {
            preconditionFailure("A plan of paragraph recognition has a text generator.")
        }
        return WholePageReader(network: network, characters: characters, input: input)
    }
}
