/// Evaluates whole pages during training, with the network being trained and, where it only detects or only reads lines,
/// another network for the other step. See `Callback.evaluatingPages(_:with:every:limit:)`.
///
/// ```json
/// "callbacks": [{ "name": "pages", "every": 2, "limit": 20 }], "monitor": "pageCER"
/// ```
public struct PageEvaluation: CallbackConfiguration {
    public static let name = "pages"
    /// The number of epochs between two evaluations; the first and last epochs are always evaluated.
    public var every = 1
    /// The maximum number of pages; all of them if absent.
    public var limit: Int?
    /// A kind of data with pages; if absent, that of the task.
    public var kind: Choice?
    /// The directory of the pages; if absent, that of the task.
    public var directory: String?
    /// The split; if absent, the validation split of the task.
    public var split: String?
    /// The other network, a line detector or a line reader: a weights file, a run, or a directory with both. If absent, the
    /// pretrained one.
    public var model: String?

    /// The defaults.
    public init() {}

    public var problem: String? {
        problem("every", every, in: 1...1_000_000) ?? problem("limit", limit, in: 1...1_000_000_000)
    }

    public var measures: [String] { ["pageCER", "pageWER"] }

    public func callback(for context: CallbackContext) throws -> Callback {
        guard let task = context.experiment.task as? any PageReadingTask else {
            throw ConfigurationError(
                context.experiment.file,
                "the callback \(Self.name) is for tasks with pages, not for "
                    + type(of: context.experiment.task).name)
        }
        let source: any PageSource = task.data
        let file = context.experiment.file
        let data = try DetectionDataset(
            kind: kind ?? source.kind, directory: File.expanded(directory ?? source.directory, file: file),
            split: split ?? source.validation ?? source.training)
        /// The other network: a weights file, a run, or one of two files in a directory.
        func other(_ name: String) throws -> String {
            let model = try PretrainedWeights.path(model.map { try File.expanded($0, file: file) } ?? "pretrained")
            // A directory has a detector of either kind.
            let names = name == PageReader.detectorName ? [name, LineDetector.fileName] : [name]
            return names.map { "\(model)/\($0)" }.first(where: File.exists) ?? model
        }
        let reader = try task.pageRecognizer(context.plan, other: other)
        return callback(data, reader)
    }

    private func callback(_ data: DetectionDataset, _ reader: some PageRecognizer) -> Callback {
        .evaluatingPages(data, with: reader, every: every, limit: limit)
    }
}

/// A task whose network is part of a page recognizer.
public protocol PageReadingTask: TrainingTask {
    /// Where the samples come from, whose pages are evaluated by default.
    associatedtype Source: PageSource
    /// Where the samples come from.
    var data: Source { get }

    /// Makes a page recognizer that contains the network being trained.
    ///
    /// - Parameters:
    ///   - plan: the plan with the network.
    ///   - other: returns the path of the other network's weights, given the name of their file.
    /// - Throws: an error of the weights file.
    func pageRecognizer(_ plan: TrainingPlan, other: (_ name: String) throws -> String) throws -> any PageRecognizer
}

/// The configuration of a data set whose kind may have pages.
public protocol PageSource {
    /// The kind of data.
    var kind: Choice { get }
    /// The directory of the data set.
    var directory: String { get }
    /// The training split.
    var training: String { get }
    /// The validation split, if there is one.
    var validation: String? { get }
}

extension LineRecognition.Source: PageSource {}
extension LineDetection.Source: PageSource {}
extension BaselineDetection.Source: PageSource {}
extension ParagraphRecognition.Source: PageSource {}

extension LineRecognition: PageReadingTask {
    public func pageRecognizer(
        _ plan: TrainingPlan, other: (_ name: String) throws -> String
    ) throws -> any PageRecognizer {
        guard let network = plan.network as? any LineNetwork, let characters = plan.characters else {
            preconditionFailure("LineRecognition: the plan has no line recognizer with an alphabet.")
        }
        return PageReader(
            detector: try pageSegmenter(other(PageReader.detectorName)),
            reader: LineReader(network: network, characters: characters, input: input))
    }
}

extension LineDetection: PageReadingTask {
    public func pageRecognizer(
        _ plan: TrainingPlan, other: (_ name: String) throws -> String
    ) throws -> any PageRecognizer {
        PageReader(
            detector: LineDetector(network: plan.network, input: input),
            reader: try LineReader(other(PageReader.readerName)))
    }
}

extension BaselineDetection: PageReadingTask {
    public func pageRecognizer(
        _ plan: TrainingPlan, other: (_ name: String) throws -> String
    ) throws -> any PageRecognizer {
        PageReader(
            detector: BaselineDetector(network: plan.network, input: input),
            reader: try LineReader(other(PageReader.readerName)))
    }
}

extension ParagraphRecognition: PageReadingTask {
    public func pageRecognizer(
        _ plan: TrainingPlan, other: (_ name: String) throws -> String
    ) throws -> any PageRecognizer {
        guard let network = plan.network as? any TextGenerator, let characters = plan.characters else {
            preconditionFailure("ParagraphRecognition: the plan has no text generator with an alphabet.")
        }
        return WholePageReader(network: network, characters: characters, input: input)
    }
}
