import DuctusModels

/// Reads pages, from the image to the lines of text.
///
/// ``ParagraphReader`` finds the lines and reads one after the other; ``WholeParagraphReader`` reads all at once.
///
/// ```swift
/// let reader = try pageReader("runs/paragraphs-20260131-142500")
/// print(reader.read(try Image(contentsOf: "page.png")).text)
/// ```
public protocol PageReader: Predictor<Image, PageReading> {
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
    func read(_ page: Image, name: String, whenRead: (LineReading) -> Void) -> PageReading

    /// An image that is one line, as a page.
    func readLine(_ image: Image, name: String) -> PageReading
}

extension PageReader {
    public var effectiveDecoding: Decoding { decoding }

    /// Each page as ``read(_:name:)`` reads it.
    public func predict(_ pages: [Image]) -> [PageReading] { pages.map { read($0) } }

    /// The page's lines in reading order, with text, confidence and box; those on which nothing was read are left out.
    public func read(_ page: Image, name: String = "") -> PageReading { read(page, name: name) { _ in } }

    /// An image that is one line, as a page.
    public func readLine(_ image: Image) -> PageReading { readLine(image, name: "") }
}

/// Reads pages with what a path names:
///
/// | path | what reads |
/// |---|---|
/// | a directory with `line-detector.safetensors` and `line-reader.safetensors` | both |
/// | a weights file or run for paragraphs | its network alone |
/// | a weights file or run for lines, or for detection | its network, and what comes with Ductus for the other half |
///
/// - Throws: `ArchiveError` or `ConfigurationError` naming the file.
public func pageReader(_ path: String) throws -> any PageReader {
    let isRun = File.exists("\(path)/\(Checkpoint.bestName)")
    guard isRun || (File.exists(path) && !File.isDirectory(path)) else { return try ParagraphReader(directory: path) }
    let file = try WeightsFile(path)
    switch file.task {
    case .paragraphs: return try WholeParagraphReader(file)
    case .lines:
        var pages = try ParagraphReader.pretrained()
        pages.reader = try LineReader(file)
        return pages
    case .detection:
        var pages = try ParagraphReader.pretrained()
        pages.detector = try LineDetector(file)
        return pages
    case .characters: throw ArchiveError(file.path, "holds a network for characters, which reads no pages.")
    }
}
