/// A recognizer of whole pages.
///
/// ``PageReader`` detects lines and recognizes each of them; ``WholePageReader`` recognizes all lines in one step.
///
/// ```swift
/// let reader = try pageRecognizer("runs/paragraphs-20260131-142500")
/// print(reader.read(try Image(contentsOf: "page.png")).text)
/// ```
public protocol PageRecognizer: Predictor<Image, Page>, LanguageUser {
    /// The decoding that is used, which may be best path decoding although a beam search was requested.
    var effectiveDecoding: Decoding { get }

    /// Recognizes the lines of a page in reading order. Lines without text are omitted.
    ///
    /// - Parameters:
    ///   - page: a grayscale or color image, upright.
    ///   - name: the name of the image in the result, such as its path.
    ///   - whenRead: called with every line as soon as it is recognized, in order.
    func read(_ page: Image, name: String, whenRead: (Page.Line) -> Void) -> Page

    /// Recognizes an image of a single line.
    func readLine(_ image: Image, name: String) -> Page
}

extension PageRecognizer {
    /// The decoding is used as it is.
    public var effectiveDecoding: Decoding { decoding }

    /// There are no language models, and others are ignored.
    public var languageModels: [LanguageModel] {
        get { [] }
        set {}
    }

    /// Recognizes pages; see ``read(_:name:)``.
    public func predict(_ pages: [Image]) -> [Page] { pages.map { read($0) } }

    /// Recognizes the lines of a page in reading order. Lines without text are omitted.
    public func read(_ page: Image, name: String = "") -> Page { read(page, name: name) { _ in } }

    /// Recognizes an image of a single line.
    public func readLine(_ image: Image) -> Page { readLine(image, name: "") }
}

/// Makes page recognizers from the weights files of a task.
public struct PageRecognizerMaker: Sendable {
    /// The task of the weights files.
    public let task: String
    /// Makes a page recognizer from a weights file.
    public let make: @Sendable (_ weights: WeightsFile) throws -> any PageRecognizer

    /// - Parameters:
    ///   - task: the task of the weights files.
    ///   - make: makes a page recognizer from a weights file.
    public init(_ task: String, make: @escaping @Sendable (_ weights: WeightsFile) throws -> any PageRecognizer) {
        (self.task, self.make) = (task, make)
    }
}

extension Registries {
    /// The page recognizers, by the task of their weights files.
    public static let pageRecognizers = Registry<PageRecognizerMaker>(
        "page recognizer",
        [
            PageRecognizerMaker(LineReader.task) { file in
                var pages = try PageReader(directory: PretrainedWeights.directory(besides: file.path))
                pages.reader = try LineReader(file)
                return pages
            },
            PageRecognizerMaker(LineDetector.task) { file in
                var pages = try PageReader(directory: PretrainedWeights.directory(besides: file.path))
                pages.detector = try LineDetector(file)
                return pages
            },
            PageRecognizerMaker(BaselineDetector.task) { file in
                var pages = try PageReader(directory: PretrainedWeights.directory(besides: file.path))
                pages.detector = try BaselineDetector(file)
                return pages
            },
            PageRecognizerMaker(WholePageReader.task) { try WholePageReader($0) },
        ]
    ) { $0.task }
}

/// Makes a page recognizer from the weights at a path:
///
/// | path | page recognizer |
/// |---|---|
/// | `pretrained`, `open` | the ``PageReader`` with ``PretrainedWeights`` |
/// | a directory with `baseline-detector.safetensors` and `line-reader.safetensors` | a ``PageReader`` with both |
/// | a weights file or run for `lines`, `detection` or `baselines` | a ``PageReader`` with it and the other network from its directory, or else the pretrained one |
/// | a weights file or run for `paragraphs` | a ``WholePageReader`` |
/// | a weights file or run for another task of `Registries.pageRecognizers` | the one registered for it |
///
/// - Throws: `ArchiveError` or `ConfigurationError` naming the file.
public func pageRecognizer(_ path: String) throws -> any PageRecognizer {
    let path = try PretrainedWeights.path(path)
    let isRun = File.exists("\(path)/\(WeightsFile.bestName)")
    guard isRun || (File.exists(path) && !File.isDirectory(path)) else { return try PageReader(directory: path) }
    let file = try WeightsFile(path)
    guard let recognizer = Registries.pageRecognizers[file.model.task] else {
        throw ArchiveError(file.path, "is for the task \(file.model.task), which has no page recognizer.")
    }
    return try recognizer.make(file)
}

/// Reads what finds lines from a weights file or run for `baselines` or `detection`.
/// - Throws: `ArchiveError` or `ConfigurationError` naming the file.
public func pageSegmenter(_ path: String) throws -> any PageSegmenter {
    let file = try WeightsFile(path)
    return file.model.task == LineDetector.task ? try LineDetector(file) : try BaselineDetector(path)
}
