

/// Reads pages, from the image to the lines of text.
///
/// ``PageReader`` finds the lines and reads one after the other; ``WholePageReader`` reads all at once.
///
/// ```swift
/// let reader = try pageRecognizer("runs/paragraphs-20260131-142500")
/// print(reader.read(try Image(contentsOf: "page.png")).text)
/// ```
public protocol PageRecognizer: Predictor<Image, Page> {
    /// How texts are chosen.
    var decoding: Decoding { get set }
    /// How they are chosen in fact, where the networks leave nothing to search.
    var effectiveDecoding: Decoding { get }

    /// The page's lines in reading order, with text, confidence and box; those on which nothing was read are left out.
    ///
    /// - Parameters:
    ///   - page: gray or colour, upright.
    ///   - name: what the reading calls the image, such as its path.
    ///   - whenRead: called with every line as soon as it is read, in order.
    func read(_ page: Image, name: String, whenRead: (Page.Line) -> Void) -> Page

    /// An image that is one line, as a page.
    func readLine(_ image: Image, name: String) -> Page
}

extension PageRecognizer {
    public var effectiveDecoding: Decoding { decoding }

    /// Each page as ``read(_:name:)`` reads it.
    public func predict(_ pages: [Image]) -> [Page] { pages.map { read($0) } }

    /// The page's lines in reading order, with text, confidence and box; those on which nothing was read are left out.
    public func read(_ page: Image, name: String = "") -> Page { read(page, name: name) { _ in } }

    /// An image that is one line, as a page.
    public func readLine(_ image: Image) -> Page { readLine(image, name: "") }
}

/// A way from the weights of a task to something that reads pages.
public struct PageRecognizerMaker: Sendable {
    /// The task in whose weights files the network is.
    public let task: String
    /// Makes what reads pages.
    public let make: @Sendable (_ weights: WeightsFile) throws -> any PageRecognizer

    /// - Parameters:
    ///   - task: the task in whose weights files the network is.
    ///   - make: makes what reads pages.
    public init(_ task: String, make: @escaping @Sendable (_ weights: WeightsFile) throws -> any PageRecognizer) {
        (self.task, self.make) = (task, make)
    }
}

extension Registries {
    /// What reads pages, by the task of its weights.
    public static let pageRecognizers = Registry<PageRecognizerMaker>(
        "page recognizer",
        [
            PageRecognizerMaker(LineReader.task) { file in
                var pages = try PageReader.pretrained()
                pages.reader = try LineReader(file)
                return pages
            },
            PageRecognizerMaker(LineDetector.task) { file in
                var pages = try PageReader.pretrained()
                pages.detector = try LineDetector(file)
                return pages
            },
            PageRecognizerMaker(WholePageReader.task) { try WholePageReader($0) },
        ]
    ) { $0.task }
}

/// What reads pages, made of what a path names:
///
/// | path | what reads |
/// |---|---|
/// | a directory with `line-detector.safetensors` and `line-reader.safetensors` | both |
/// | a weights file or run for paragraphs | its network alone |
/// | a weights file or run for lines, or for detection | its network, and what comes with Ductus for the other half |
/// | a weights file or run for a task of `Registries.pageRecognizers` | what was registered for it |
///
/// - Throws: `ArchiveError` or `ConfigurationError` naming the file.
public func pageRecognizer(_ path: String) throws -> any PageRecognizer {
    let isRun = File.exists("\(path)/\(WeightsFile.bestName)")
    guard isRun || (File.exists(path) && !File.isDirectory(path)) else { return try PageReader(directory: path) }
    let file = try WeightsFile(path)
    guard let recognizer = Registries.pageRecognizers[file.model.task] else {
        throw ArchiveError(file.path, "holds a network for \(file.model.task), which reads no pages.")
    }
    return try recognizer.make(file)
}
